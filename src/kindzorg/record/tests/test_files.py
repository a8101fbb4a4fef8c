"""Photos and documents: what is taken in, what is kept of it, and by whom it may be added."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from PIL import Image, ImageCms

from kindzorg.access.policy import system_actor
from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.queries import actor_for
from kindzorg.careteam.tests.world import NOW, TODAY, World
from kindzorg.core.encryption import new_key
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.rotation import rotate_keys
from kindzorg.people.rules import OrganisationKind, Qualification
from kindzorg.record.files import rules
from kindzorg.record.files.actions import add_attachment
from kindzorg.record.files.forms import AttachmentForm
from kindzorg.record.files.models import Attachment
from kindzorg.record.files.pages import errors_for
from kindzorg.record.files.queries import attachments_for, content_of
from kindzorg.record.files.rules import AttachmentKind, NewAttachment, prepared

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
GPS, MAKE, ORIENTATION, RIGHT_SIDE_UP = 0x8825, 0x010F, 0x0112, 6


def drawing(
    form: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object
) -> bytes:
    made = BytesIO()
    colour = {"RGB": (200, 30, 30), "RGBA": (200, 30, 30, 0), "CMYK": (0, 200, 200, 40), "P": 0, "L": 90}[
        mode
    ]
    Image.new(mode, size, colour).save(made, form, **options)
    return made.getvalue()


def of_a_telephone() -> bytes:
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "Telefoon van Samira", RIGHT_SIDE_UP
    exif.get_ifd(GPS)[2] = (52.0, 5.0, 7.0)
    return drawing(exif=exif)


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(BytesIO(content))


def refusal(content: bytes, most: int = 1) -> str:
    with pytest.raises(Invalid) as refused:
        prepared(content, most)
    assert refused.value.fields == ("file",)
    return refused.value.code


def huge() -> bytes:
    """A PNG of a few bytes that says it is 60 000 by 60 000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def test_where_and_with_what_a_photo_was_taken_goes_and_it_stands_upright() -> None:
    content = of_a_telephone()
    assert b"Samira" in content
    kept = prepared(content, 1)
    assert kept.kind is AttachmentKind.PHOTO and (kept.width, kept.height) == (40, 60)
    for one in (kept.raw, kept.small):
        assert b"Samira" not in (one or b"") and b"Exif" not in (one or b"")
        picture = opened(one)
        assert picture.size == (40, 60) and not picture.getexif() and "icc_profile" not in picture.info


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_is_made_smaller_and_becomes_a_jpeg(form: str) -> None:
    kept = prepared(drawing(form, (3000, 1000)), 10)
    assert (kept.width, kept.height) == (2048, 683)
    assert opened(kept.raw).format == "JPEG"
    assert max(opened(kept.small).size) == rules.SMALL_SIDE


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("WEBP", "RGBA"), ("PNG", "L"), ("JPEG", "CMYK")]
)
def test_pictures_of_other_kinds_are_kept_and_what_is_see_through_is_white(form: str, mode: str) -> None:
    picture = opened(prepared(drawing(form, mode=mode), 1).raw)
    assert picture.mode == "RGB"
    if mode == "RGBA":
        assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_a_picture_with_few_colours_and_a_see_through_one() -> None:
    assert opened(prepared(drawing("PNG", mode="P", transparency=0), 1).raw).getpixel((5, 5)) == (
        255,
        255,
        255,
    )


def test_colours_of_a_profile_are_made_common_and_a_broken_profile_does_no_harm() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red, _green, blue = opened(prepared(drawing(icc_profile=profile), 1).raw).getpixel((5, 5))  # type: ignore[misc]
    assert abs(red - 200) < 6 and abs(blue - 30) < 6
    assert prepared(drawing(icc_profile=b"nonsense"), 1).width == 60
    assert prepared(drawing("PNG", mode="L", icc_profile=profile), 1).width == 60


def test_what_is_no_photo_or_document_is_refused_whatever_its_name() -> None:
    assert refusal(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>") == "file_not_known"
    assert refusal(b"<html>%PDF-1.7 %%EOF") == "file_not_known"
    assert refusal(drawing("GIF", mode="P")) == "file_not_known"
    assert refusal(b"") == "file_empty"
    assert refusal(b"\x00\x00\x00\x18ftypheic" + b"x" * 40) == "file_heic"
    assert refusal(b"%PDF-1.7 without an end") == "file_broken"
    assert refusal(drawing(size=(600, 400))[:900]) == "file_broken"
    assert refusal(huge()) == "picture_too_large"
    assert refusal(drawing("PNG", (6000, 5000), "L")) == "picture_too_large"


def test_a_size_is_said_as_it_is() -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_size(2 * rules.MEGABYTE + 1, 2)
    assert refused.value.data == {"size": 2.1, "most": 2}
    rules.check_size(2 * rules.MEGABYTE, 2)


def test_a_document_is_kept_as_it_came() -> None:
    kept = prepared(PDF, 1)
    assert (kept.kind, kept.raw, kept.small) == (AttachmentKind.DOCUMENT, PDF, None)


# --- kept in a file -----------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None) -> World:
    return World()


def add(world: World, content: bytes = b"", alt: str = "Een rood vlak") -> Attachment:
    new = NewAttachment(prepared(content or of_a_telephone(), 1), alt, new_id())
    return add_attachment(world.nurse, world.subject, new, NOW)


def test_it_is_kept_encrypted_and_the_trail_speaks_of_what_it_hangs_on(world: World) -> None:
    row = add(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT alt, raw, small FROM record_attachment")
        stored = str(cursor.fetchall())
    assert "rood" not in stored and "JFIF" not in stored
    line = AuditLine.objects.get(event="attachment.added")
    assert line.object_id not in (row.id, None) and "rood" not in str(line.detail)
    about = (world.nurse, world.subject)
    view, content = content_of(*about, row.id, TODAY)
    assert content == row.raw and view.alt == "Een rood vlak" and view.name.endswith(".jpg")
    assert content_of(*about, row.id, TODAY, small=True)[1] == row.small
    assert attachments_for(*about, [row.id], TODAY) == {row.id: view}
    assert view.photo and attachments_for(*about, [], TODAY) == {}


def test_a_document_has_no_small_one_and_another_child_has_none_of_them(world: World) -> None:
    row = add(world, PDF, "Brief van school")
    other = world.child()
    about = (world.nurse, world.subject)
    assert not content_of(*about, row.id, TODAY)[0].photo
    for subject, small in ((world.subject, True), (other, False)):
        with pytest.raises(Missing):
            content_of(world.nurse, subject, row.id, TODAY, small=small)
    assert attachments_for(world.nurse, other, [row.id], TODAY) == {}


def test_nothing_changes_or_deletes_it(world: World) -> None:
    row = add(world)
    for change in (lambda: Attachment.objects.update(size=1), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("alt", ["", "  ", "x" * 301])
def test_what_is_on_it_is_always_said(world: World, alt: str) -> None:
    with pytest.raises(Invalid):
        add(world, alt=alt)
    assert not Attachment.objects.exists()


def test_who_reads_alone_adds_none(world: World) -> None:
    house = world.house(OrganisationKind.MUNICIPALITY)
    account, _ = world.worker("Gemeente", Role.MUNICIPALITY, house, Qualification.OFFICIAL)
    new = NewAttachment(prepared(PDF, 1), "Brief", new_id())
    with pytest.raises(Refused):
        add_attachment(actor_for(account), world.subject, new, NOW)


def test_it_goes_along_when_keys_are_renewed(world: World, settings: object) -> None:
    row = add(world)
    before = (bytes(row.raw or b""), bytes(row.small or b""), row.alt)
    settings.KINDZORG_ENCRYPTION_KEYS = (new_key(), *settings.KINDZORG_ENCRYPTION_KEYS)  # type: ignore[attr-defined]
    rotate_keys(system_actor("keys").id, TODAY, lambda *_told: None)
    settings.KINDZORG_ENCRYPTION_KEYS = settings.KINDZORG_ENCRYPTION_KEYS[:1]  # type: ignore[attr-defined]
    again = Attachment.objects.get(id=row.id)
    assert (bytes(again.raw or b""), bytes(again.small or b""), again.alt) == before


# --- in a form ----------------------------------------------------------------------------------------------


def form(content: bytes | None, alt: str = "", audience: str = "professional") -> AttachmentForm:
    files = (
        {} if content is None else {"file": SimpleUploadedFile("../../etc/passwd.exe", content, "text/html")}
    )
    return AttachmentForm({"alt": alt}, files, audience)


def test_a_form_takes_a_photo_with_its_words_or_none_at_all() -> None:
    assert form(None).is_valid() and form(None, "woorden alleen").is_valid()
    without = form(None)
    assert without.is_valid() and without.attachment() is None
    whole = form(drawing(), "Een vlak")
    assert whole.is_valid()
    found = whole.attachment()
    assert found and found[0].kind is AttachmentKind.PHOTO and found[1] == "Een vlak"


@pytest.mark.parametrize("audience", ["child", "parent", "professional"])
def test_what_is_wrong_is_said_at_its_field(audience: str, settings: object) -> None:
    settings.KINDZORG_FILE_MEGABYTES = 1  # type: ignore[attr-defined]
    large = form(b"x" * (rules.MEGABYTE + 1), "Iets", audience)
    assert "1.1 MB" in str(large.errors["file"]) and "1 MB" in str(large.fields["file"].help_text)
    assert list(form(drawing(), "", audience).errors) == ["alt"]
    assert list(form(drawing(), "x" * 999, audience).errors) == ["alt"]
    assert list(form(b"geen foto", "Iets", audience).errors) == ["file"]
    assert list(form(b"", "Iets", audience).errors) == ["file"]


def test_another_error_is_not_of_files() -> None:
    assert errors_for(Invalid("note_says_nothing"), "parent") == {}
