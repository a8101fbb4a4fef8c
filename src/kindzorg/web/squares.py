"""A link as a square code (QR), drawn in the page itself."""

import qrcode
from django.utils.safestring import mark_safe
from qrcode.image.svg import SvgPathImage


def square_code(link: str) -> str:
    """As a drawing in the page. Its only content is the link, in squares."""
    code = qrcode.QRCode(box_size=10, border=4)
    code.add_data(link)
    return mark_safe(code.make_image(image_factory=SvgPathImage).to_string(encoding="unicode"))  # noqa: S308
