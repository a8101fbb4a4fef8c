"""Pages as tests read them."""

import re


def unexplained(html: str) -> str:
    """A page's HTML with its hard words as plain text and without the boxes that explain them."""
    words = re.sub(r'<button type="button" class="kz-word"[^>]*>(.*?)</button>', r"\1", html)
    return re.sub(r'<div class="kz-word-box".*?</div></div>', "", words, flags=re.DOTALL)
