"""The pages on which an organisation sets its style, and who then sees it."""

import json
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from kindzorg.careplan.tests.conftest import World
from kindzorg.core.errors import Invalid
from kindzorg.people.models import HouseStyle
from kindzorg.ui.colours import MODES, TOKENS, theme
from kindzorg.ui.tests.test_colours import PLUM
from kindzorg.web.house.style_forms import tokens_in
from kindzorg.web.tests.test_own_texts import browser, world

pytestmark = pytest.mark.django_db
assert world  # a fixture


def picture(kind: str = "PNG") -> SimpleUploadedFile:
    made = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "made at 52.37, 4.89"
    Image.new("RGBA" if kind == "PNG" else "RGB", (900, 300), "#7a1f4f").save(made, kind, exif=exif)
    return SimpleUploadedFile(f"logo.{kind.lower()}", made.getvalue(), "image/png")


def typed(colours: Any = None, **more: Any) -> dict[str, Any]:
    said = {f"{mode}-{token}": (colours or theme())[mode][token] for mode in MODES for token in TOKENS}
    return {"name": "Veldzicht", "step": "keep", **said, **more}


def keeps(world: World, status: int = 302, **given: Any) -> str:
    answer = browser(world, "nurse").post(reverse("own_style"), given)
    assert answer.status_code == status, unescape(answer.content.decode())
    return answer["Location"] if status == 302 else unescape(answer.content.decode())


def head(world: World, who: str) -> str:
    page = browser(world, who).get(reverse("child_search", args=[world.child_id]))
    assert page.status_code == 200
    return page.content.decode().partition("</header>")[0]


def test_it_is_looked_at_first_then_seen_by_who_reads_the_file_and_undone(world: World) -> None:
    where = keeps(world, **typed(PLUM, logo=picture()))
    style = HouseStyle.objects.get()
    css = reverse("house_css", args=[style.id])
    nurse = browser(world, "nurse")
    look = nurse.get(f"{where}?theme=dark").content.decode()
    assert css in look and 'data-theme="dark"' in look and "kz-house__logo" in look
    assert 'data-theme="' not in nurse.get(f"{where}?theme=pink").content.decode()
    assert css not in head(world, "mother") and css not in nurse.get(reverse("own_style")).content.decode()
    assert nurse.post(where).status_code == 302
    assert css in head(world, "mother") and "Veldzicht" in head(world, "mother")
    assert css in nurse.get(reverse("home")).content.decode()
    assert css not in browser(world, "mother").get(reverse("notices")).content.decode()
    assert nurse.post(reverse("own_style"), {"step": "stop"}).status_code == 302
    assert css not in head(world, "mother")


def test_what_is_served_is_a_stylesheet_and_a_bare_jpeg_kept_for_ever(world: World) -> None:
    keeps(world, **typed(PLUM, logo=picture("JPEG")))
    style = HouseStyle.objects.get()
    css = browser(world, "mother").get(reverse("house_css", args=[style.id]))
    assert css["Content-Type"] == "text/css; charset=utf-8" and "immutable" in css["Cache-Control"]
    assert "--kz-color-brand:#7a1f4f;" in css.content.decode() and ".kz-house__logo" in css.content.decode()
    logo = browser(world, "mother").get(reverse("house_logo", args=[style.id]))
    opened = Image.open(BytesIO(logo.content))
    assert (opened.format, opened.size, dict(opened.getexif())) == ("JPEG", (480, 160), {})
    assert logo["Content-Type"] == "image/jpeg" and "nosniff" in logo["X-Content-Type-Options"]
    keeps(world, **typed())
    bare = HouseStyle.objects.order_by("-created_at", "-id").first()
    assert bare and (bare.colours, bare.logo) == ({}, None)
    assert browser(world, "mother").get(reverse("house_css", args=[bare.id])).content == b""
    assert browser(world, "mother").get(reverse("house_logo", args=[bare.id])).status_code == 404


def test_a_logo_stays_until_it_is_taken_away(world: World) -> None:
    nurse = browser(world, "nurse")
    nurse.post(keeps(world, **typed(logo=picture())))
    nurse.post(keeps(world, **typed(name="Anders")))
    newest = HouseStyle.objects.order_by("-created_at", "-id").first()
    assert newest and newest.logo is not None and newest.name == "Anders"
    keeps(world, **typed(without_logo="on"))
    newest = HouseStyle.objects.order_by("-created_at", "-id").first()
    assert newest and newest.logo is None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "kunnen wij niet bewaren"),
        (b"%PDF-1.4 ... %%EOF", "Dit kan geen logo zijn"),
        (b"", "is leeg"),
    ],
)
def test_what_is_no_picture_is_refused(world: World, raw: bytes, words: str) -> None:
    assert words in keeps(world, 200, **typed(logo=SimpleUploadedFile("logo.svg", raw, "image/svg+xml")))
    assert not HouseStyle.objects.exists()


def test_what_cannot_be_read_is_refused_with_what_and_how_far(world: World) -> None:
    pale = {"light": {**PLUM["light"], "brand": "#e08ab0"}, "dark": PLUM["dark"]}
    page = keeps(world, 200, **typed(pale))
    assert "Te weinig verschil: 2,33 met de pagina, 2,49 met een kaart, " in page
    assert "Nodig is 4,5." in page
    bare = {"light": {**PLUM["light"], "brand-fill": "#ffe0f0"}, "dark": PLUM["dark"]}
    assert "met de tekst van een knop. Nodig is 4,5." in keeps(world, 200, **typed(bare))
    assert 'value="#e08ab0"' in page and not HouseStyle.objects.exists()
    assert "Dit is geen kleur" in keeps(world, 200, **{**typed(), "light-brand": "red"})
    assert "hoogstens 60 tekens" in keeps(world, 200, **typed(name=""))


def test_a_file_of_tokens_goes_before_the_fields(world: World) -> None:
    raw = json.dumps({"kz": {"color": {"brand": {"value": "#7a1f4f"}}}}).encode()
    keeps(world, **typed(tokens=SimpleUploadedFile("tokens.json", raw)))
    colours = HouseStyle.objects.get().colours
    assert colours["light"]["brand"] == "#7a1f4f"
    assert colours["light"]["brand-fill"] == theme()["light"]["brand-fill"]
    page = keeps(world, 200, **typed(tokens=SimpleUploadedFile("tokens.json", b"{" + b" " * 200_000)))
    assert "geen JSON-bestand" in page
    assert "geen JSON-bestand" in keeps(world, 200, **typed(tokens=SimpleUploadedFile("t.json", b"{")))


@pytest.mark.parametrize(
    ("tokens", "found"),
    [
        ({"kz": {"color": {"brand": {"$value": "#ABC"}}}}, {"light": {"brand": "#aabbcc"}}),
        ({"kz.color.brand": {"value": "#7a1f4f"}}, {"light": {"brand": "#7a1f4f"}}),
        (
            {"plum": {"value": "#7a1f4f"}, "kz": {"color": {"brand-fill": {"value": "{plum}"}}}},
            {"light": {"brand-fill": "#7a1f4f"}},
        ),
        (
            {
                "utrecht": {
                    "link": {"color": {"value": "#7a1f4f"}},
                    "button": {"primary-action": {"background-color": {"value": "#7a1f4f"}}},
                },
                "dark": {"kz": {"color": {"brand": {"value": "#f0a8c8"}}}},
            },
            {"light": {"brand": "#7a1f4f", "brand-fill": "#7a1f4f"}, "dark": {"brand": "#f0a8c8"}},
        ),
        ({"other": {"value": "#7a1f4f"}}, "tokens_none"),
        ([1], "tokens_none"),
        ({"kz": {"color": {"brand": {"value": "red"}}}}, "tokens_colour"),
        ({"kz": {"color": {"brand": {"value": "{kz.color.brand}"}}}}, "tokens_colour"),
    ],
)
def test_tokens_are_read_as_they_are_written_elsewhere(tokens: Any, found: Any) -> None:
    raw = json.dumps(tokens).encode()
    if isinstance(found, str):
        with pytest.raises(Invalid, match=found):
            tokens_in(raw)
    else:
        assert tokens_in(raw) == found


def test_it_is_not_there_for_others(world: World) -> None:
    assert browser(world, "mother").get(reverse("own_style")).status_code == 404
    assert browser(world, "mother").post(reverse("own_style"), typed()).status_code == 404
    where = keeps(world, **typed(PLUM))
    assert browser(world, "mother").get(where).status_code == 404
