"""The marks, the dates, the fields and the gallery, as a reader or a screen reader meets them."""

from datetime import date, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from kindzorg.core.vocabulary import LifeDomain
from kindzorg.ui import dates, marks, pictures, views
from kindzorg.ui.fields import DateInput, MomentInput, Option, OptionsRow, faces_field
from kindzorg.ui.renderer import Renderer

TODAY = date(2026, 11, 26)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def show(template: str, **values: object) -> str:
    return Template("{% load kz %}" + template).render(Context(values))


class Visit(forms.Form):
    default_renderer = Renderer()
    name = forms.CharField(help_text="At home", error_messages={"required": "Fill in the name"})
    on = forms.DateField(widget=DateInput, required=False)
    why = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("a", Option("First", "A hint", "heart")), ("b", "Second")],
        error_messages={"required": "Choose why"},
    )
    who = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("x", "X")], required=False)
    known = forms.ChoiceField(widget=OptionsRow, choices=[("yes", "Yes")], required=False)
    feeling = faces_field("How was it?")
    moment = forms.SplitDateTimeField(widget=MomentInput, error_messages={"required": "Fill in when"})
    agree = forms.BooleanField(error_messages={"required": "Say that you agree"})


# --- dates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "words", "exact"),
    [
        (datetime(2026, 11, 27, 14, 0, tzinfo=AMSTERDAM), "morgen om 14.00 uur", "vrijdag 27 november"),
        (datetime(2026, 11, 26, 9, 5, tzinfo=AMSTERDAM), "vandaag om 09.05 uur", "donderdag 26 november"),
        (date(2026, 11, 25), "gisteren", "woensdag 25 november"),
        (date(2026, 12, 4), "vrijdag 4 december", ""),
        (date(2027, 1, 14), "donderdag 14 januari 2027", ""),
        (date(2031, 3, 1), "1 maart 2031", ""),
    ],
)
def test_a_date_is_said_in_words(moment: date, words: str, exact: str) -> None:
    with translation.override("nl"):
        said = dates.date_words(moment, TODAY)
    assert (said.words, said.exact) == (words, exact)


def test_a_moment_late_in_utc_is_said_in_local_time() -> None:
    late = datetime(2026, 11, 26, 23, 30, tzinfo=ZoneInfo("UTC"))
    with translation.override("en"):
        assert dates.date_words(late, TODAY).words == "tomorrow at 00:30"


def test_the_exact_date_stands_beside_the_words() -> None:
    with translation.override("nl"):
        html = show("{% date_words day %}", day=date(2026, 11, 27), today=TODAY)
    assert '<time datetime="2026-11-27">morgen' in html
    assert "(vrijdag 27 november)" in html


def test_now_of_the_page_decides_what_today_is() -> None:
    now = datetime(2026, 11, 27, 8, 0, tzinfo=AMSTERDAM)
    with translation.override("nl"):
        assert "vandaag" in show("{% date_words day %}", day=date(2026, 11, 27), now=now)
        assert show("{% date_words day %}", day=None) == ""


# --- marks ---------------------------------------------------------------------------------------------------


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in show('{% icon "heart" %}')
    assert ">Hart<" in show('{% icon "heart" label="Hart" %}')


@pytest.mark.parametrize("domain", list(LifeDomain))
def test_every_domain_has_an_icon_and_a_name_per_reader(domain: str) -> None:
    assert f"kz-domain--{domain}" in show("{% domain_icon domain %}", domain=domain)
    with translation.override("nl"):
        names = {
            show("{% domain_name domain who %}", domain=domain, who=who) for who in ("parent", "professional")
        }
    assert len(names) == 2


def test_steps_are_counted_and_have_a_text() -> None:
    with translation.override("nl"):
        bar = show("{% steps 3 domain='medical' %}")
        words = show("{% steps 3 words=True note='oma' %}")
    assert bar.count("kz-steps__step--done") == 3
    assert bar.count("<rect") == 5
    assert 'aria-label="Stap 3 van 5"' in bar
    assert "Stap 3 van 5 · oma" in words
    assert "aria-label" not in words


def test_every_status_has_dutch_words() -> None:
    with translation.override("nl"):
        shown = {code: str(words) for code, (words, _tone, _icon) in marks.STATUSES.items()}
    assert shown["busy"] == "Bezig"
    assert len(set(shown.values())) == len(shown)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Marit van der Laan", "ML"), ("Dr. A. van Dijk", "D"), ("Yusuf", "Y"), ("", "?"), ("de", "D")],
)
def test_initials(name: str, expected: str) -> None:
    assert marks.initials(name) == expected


def test_a_child_keeps_its_animal() -> None:
    assert marks.child_picture("0197-a") == marks.child_picture("0197-a")
    assert pictures.drawing("animals/owl") in marks.child_picture(1, animal="owl")
    assert len({pictures.animal_for(number) for number in range(200)}) == len(pictures.ANIMALS) >= 8


def test_text_from_people_is_escaped() -> None:
    nasty = "<script>x</script>"
    shown = show("{% tag text %}{% avatar text %}{% heading text 2 %}{% child_picture 1 text %}", text=nasty)
    assert "<script" not in shown


def test_a_block_keeps_its_content_and_escapes_its_title() -> None:
    html = show('{% card title=title %}<p id="in">x</p>{% endcard %}', title="A & B")
    assert '<p id="in">x</p>' in html
    assert "A &amp; B" in html


def test_words_list() -> None:
    with translation.override("nl"):
        assert show("{{ names|words_list }}", names=["Anna", "Bram", "Chris"]) == "Anna, Bram en Chris"


# --- fields --------------------------------------------------------------------------------------------------


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    html = Visit({})["name"].as_field_group()
    assert '<label class="kz-form-label" for="id_name">' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert html.index("id_name_error") < html.index("<input")
    assert 'class="kz-textbox"' in html
    assert "Fill in the name" in html


def test_choices_are_a_group_with_a_legend_and_hints() -> None:
    html = Visit()["why"].as_field_group()
    assert html.strip().startswith("<fieldset")
    assert "<legend" in html
    assert 'aria-describedby="id_why_0_hint"' in html
    assert html.count("kz-option__input") == 2


def test_a_date_travels_as_iso_and_a_moment_has_named_parts() -> None:
    html = str(Visit(initial={"on": TODAY})["on"])
    assert 'type="date"' in html
    assert 'value="2026-11-26"' in html
    moment = str(Visit()["moment"])
    assert moment.count("aria-label") == 2
    assert moment.count("kz-textbox") == 2


def test_faces_can_be_skipped() -> None:
    html = Visit()["feeling"].as_field_group()
    assert html.count("kz-face__picture") == 5
    assert "required" not in html.replace("not required", "")


def test_the_summary_links_to_the_first_control_of_each_field() -> None:
    form = Visit({})
    summary = render_to_string("ui/error_summary.html", {"form": form})
    page = str(form)
    for target in ("id_name", "id_why_0", "id_moment_0", "id_agree"):
        assert f'href="#{target}"' in summary
        assert f'id="{target}"' in page
    assert render_to_string("ui/error_summary.html", {"form": Visit()}).strip() == ""


def test_a_missing_answer_is_named() -> None:
    class Bare(forms.Form):
        default_renderer = Renderer()
        town = forms.CharField(label="Woonplaats <b>")
        kind = forms.ChoiceField(label="Soort", widget=forms.RadioSelect, choices=[("a", "A")])

    with translation.override("nl"):
        form = Bare({})
        shown = [str(form), render_to_string("ui/error_summary.html", {"form": form})]
    for html in shown:
        assert "Vul in: Woonplaats &lt;b&gt;" in html
        assert "Kies een antwoord: Soort" in html
        assert "Dit veld" not in html


def test_an_error_of_the_whole_form_can_be_reached() -> None:
    form = Visit({}, prefix="p")
    form.add_error(None, "Not like this")
    assert 'href="#p-errors"' in render_to_string("ui/error_summary.html", {"form": form})
    assert 'id="p-errors"' in str(form)


def test_a_question_is_the_heading_of_its_page() -> None:
    template = '{% include "ui/forms/field.html" with question=True %}'
    assert "<legend" in show(template, field=Visit()["why"]) and "<h1>" in show(
        template, field=Visit()["why"]
    )
    assert '<h1 class="kz-form-label"><label' in show(template, field=Visit()["name"])


# --- pages ---------------------------------------------------------------------------------------------------


class Outline(HTMLParser):
    """What a page has that must be unique, ordered or absent."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.links: list[str] = []
        self.forbidden: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if identity := values.get("id"):
            self.ids.append(identity)
        if tag in {"h1", "h2", "h3", "h4", "h5"}:
            self.levels.append(int(tag[1]))
        if (target := values.get("href") or "").startswith("#") and len(target) > 1:
            self.links.append(target[1:])
        self.forbidden += [name for name in values if name == "style" or name.startswith("on")]
        self.forbidden += [
            value for value in values.values() if value and value.startswith(("http:", "https:", "data:"))
        ]
        if tag == "style" or (tag == "script" and not values.get("src")):
            self.forbidden.append(tag)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_gallery_is_whole(language: str) -> None:
    with translation.override(language):
        html = views.gallery(RequestFactory().get("/ui/?theme=dark")).content.decode()
    page = Outline(html)
    assert 'data-theme="dark"' in html
    assert page.forbidden == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.links) <= set(page.ids)
    assert page.levels[0] == 1
    assert all(deeper - level <= 1 for level, deeper in zip(page.levels, page.levels[1:], strict=False))


def test_the_title_says_that_there_is_an_error() -> None:
    with translation.override("nl"):
        assert "<title>Fout: " in render_to_string("ui/base.html", {"form": Visit({})})
        assert "<title>Fout: " not in render_to_string("ui/base.html", {"form": Visit()})
