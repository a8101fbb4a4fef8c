"""Which photos and documents are taken in, and what is kept of them. Pure.

What a file is, is read from its content: a name or a type that came with it is never believed. Of a photo only the
picture itself is kept: where it was taken and by which telephone is nobody's business (AVG 5(1)c).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageCms, ImageOps

from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Ground

MEGABYTE = 1024 * 1024
LONGEST_ALT = 300
# In pixels: the longest side of what is kept, and of the small one in a list.
LONGEST_SIDE, SMALL_SIDE = 2048, 480
QUALITY = 82
# How many pixels are opened at all: what is small as a file can be a room full of memory. A JPEG is opened at the size
# that is needed, so that a large camera is welcome.
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 24_000_000, "WEBP": 24_000_000}
# The brands by which a HEIC picture (of an iPhone) says what it is; the libraries here cannot open it.
HEIC = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
ACCEPT = "image/jpeg,image/png,image/webp,application/pdf"


class AttachmentKind(StrEnum):
    """What it is: a photo (or drawing), or a document (PDF)."""

    PHOTO = "photo"
    DOCUMENT = "document"


CONTENT_TYPES: Mapping[AttachmentKind, str] = {
    AttachmentKind.PHOTO: "image/jpeg",
    AttachmentKind.DOCUMENT: "application/pdf",
}
ENDINGS: Mapping[AttachmentKind, str] = {AttachmentKind.PHOTO: "jpg", AttachmentKind.DOCUMENT: "pdf"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is kept of a file that was taken in; made by `prepared` alone."""

    kind: AttachmentKind
    raw: bytes
    small: bytes | None = None
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file to be kept, what is on it, and `under` which id the trail speaks of it: of what it hangs on."""

    file: Prepared
    alt: str
    under: UUID
    ground: Ground = Ground.WGBO


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """What a page knows of a photo or document, without its content. `gone`: it was destroyed on request."""

    id: UUID
    kind: AttachmentKind
    alt: str
    size: int
    width: int
    height: int
    at: datetime
    by: str
    gone: bool = False

    @property
    def photo(self) -> bool:
        """Whether it can be shown on a page; a document is taken along."""
        return self.kind is AttachmentKind.PHOTO and not self.gone

    @property
    def name(self) -> str:
        """What it is called when it is taken along: never a name that somebody typed."""
        return f"{self.kind}-{self.at:%Y-%m-%d}-{self.id.hex[-6:]}.{ENDINGS[self.kind]}"


def megabytes(size: int) -> float:
    """A size in bytes as people say it, rounded up to a tenth, so that what is too large never looks allowed."""
    return -(-size * 10 // MEGABYTE) / 10


def check_size(size: int, most: int) -> None:
    """Raises Invalid for a file of more than `most` megabytes, or an empty one."""
    if size > most * MEGABYTE:
        raise Invalid("file_too_large", fields=("file",), size=megabytes(size), most=most)
    if size == 0:
        raise Invalid("file_empty", fields=("file",))


def check_alt(alt: str) -> None:
    """Raises Invalid for a photo or document of which nobody says what is on it: who cannot see it must know too."""
    if not alt.strip():
        raise Invalid("alt_required", fields=("alt",))
    if len(alt) > LONGEST_ALT:
        raise Invalid("alt_too_long", fields=("alt",), longest=LONGEST_ALT)


def prepared(content: bytes, most: int) -> Prepared:
    """What is kept of this file, of at most so many megabytes. Raises Invalid for what cannot be taken in."""
    check_size(len(content), most)
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise Invalid("file_broken", fields=("file",))
        return Prepared(AttachmentKind.DOCUMENT, content)
    if content[4:8] == b"ftyp" and content[8:12] in HEIC:
        raise Invalid("file_heic", fields=("file",))
    return _photo(content)


def _photo(content: bytes) -> Prepared:
    try:
        with Image.open(BytesIO(content), formats=list(MOST_PIXELS)) as opened:
            if opened.width * opened.height > MOST_PIXELS[str(opened.format)]:
                raise Invalid("picture_too_large", fields=("file",))
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            whole = _upright(opened)
    except Invalid:
        raise
    except Image.UnidentifiedImageError:
        raise Invalid("file_not_known", fields=("file",)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid("picture_too_large", fields=("file",)) from None
    except Exception:
        raise Invalid("file_broken", fields=("file",)) from None
    small = whole.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return Prepared(AttachmentKind.PHOTO, _jpeg(whole), _jpeg(small), whole.width, whole.height)


def _upright(opened: Image.Image) -> Image.Image:
    """The picture as it is meant to be seen, in common colours on white, and nothing beside it."""
    opened.load()
    upright = ImageOps.exif_transpose(opened)
    layered = "A" in upright.getbands() or "transparency" in upright.info
    upright = _common_colours(upright, opened.info.get("icc_profile")).convert("RGBA" if layered else "RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size, "white")
    bare.paste(upright, mask=upright.getchannel("A") if layered else None)
    return bare


def _common_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB: without its profile a picture of a wide-gamut telephone would be paler than the skin it shows."""
    if not profile or picture.mode not in ("RGB", "RGBA"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        found = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return picture
    return found or picture


def _jpeg(picture: Image.Image) -> bytes:
    made = BytesIO()
    picture.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()
