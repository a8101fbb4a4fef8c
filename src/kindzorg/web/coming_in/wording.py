"""What somebody will see and may do, in words."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SEES = {
    "plan": _("the whole plan"),
    "part": _("your own part of the plan"),
    "needs": _("what the family needs"),
    "record": _("the file: illness, medicines, measurements"),
    "team": _("who is around the child"),
    "sign": _("agree to the plan"),
    "trail": _("who looked in the file"),
}
KEPT = {
    "file": _(
        "This organisation keeps the file and stays responsible for it. Another colleague takes over first."
    ),
    "authority": _("This parent has authority. Only the parent can leave. A judge can change the authority."),
    "represents": _(
        "This person represents the young adult. That ends on the page of authority, with its source."
    ),
    "child": _("The child's own access stays the child's."),
}


def sees_words(name: str) -> str:
    """One thing that somebody sees, or may do."""
    return gettext(str(SEES[name]))


def kept_words(why: str) -> str:
    """Why a part cannot be ended here; empty where it can."""
    return gettext(str(KEPT[why])) if why else ""
