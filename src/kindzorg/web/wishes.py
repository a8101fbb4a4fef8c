"""What a child put in writing for a day on which it cannot say it: its own page, which its parents do not know of."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.access.ages import birthday
from kindzorg.careteam.authority.actions import withdraw_wish, write_wish
from kindzorg.careteam.authority.queries import wishes_for
from kindzorg.careteam.authority.rules import WISH_FROM
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.careteam.rules import WishKind, wishes_key
from kindzorg.core.errors import Invalid
from kindzorg.core.texts import text
from kindzorg.journey.views import child_frame

WORDS = ("title", "lead", "none", "write", "again", "back", "since", "holds", "source", "who_reads")


class WishForm(forms.Form):
    """A wish in the child's own words."""

    kind = forms.ChoiceField(widget=forms.RadioSelect)
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), max_length=5000)

    def __init__(self, data: Any, opened: OpenedChild, kinds: list[WishKind]) -> None:
        super().__init__(data)
        kind, words = self.fields["kind"], self.fields["words"]
        kind.label, words.label = say("kind", opened), say("words", opened)
        kind.choices = [(str(one), say(one, opened)) for one in kinds]  # type: ignore[attr-defined]
        words.error_messages["required"] = say("wish_says_nothing", opened)


def child_wishes(request: Any, child_id: UUID) -> HttpResponse:
    """What the child wrote down, for the child and those who treat it; the child writes, and takes back."""
    about_id = wishes_key(child_id)
    opened = open_child(request.actor, child_id, "wish.read", "wish.read", request.now, about_id=about_id)
    kinds = _kinds(request, opened)
    form = WishForm(request.POST if request.POST.get("step") == "write" else None, opened, kinds)
    if request.method == "POST" and _done(request, opened, form):
        return redirect("child_wishes", child_id)
    found = wishes_for(request.actor, opened.subject, request.today)
    context = {
        **child_frame(request, opened, "sharing"),
        "t": {key: say(key, opened) for key in WORDS},
        "wishes": [{"row": one, "kind": say(one.kind, opened)} for one in found],
        "form": form if kinds else None,
        "holds": not opened.subject.can_decide and any(one.kind in FOLLOWED for one in found),
    }
    return render(request, "web/wishes.html", context)


FOLLOWED = (WishKind.REFUSES_TREATMENT,)


def _kinds(request: Any, opened: OpenedChild) -> list[WishKind]:
    """What this reader may write down at this age; nothing for who only reads."""
    born = opened.child.birth_date
    if born is None or not policy.may(request.actor, "wish.write", opened.subject, request.today):
        return []
    return [one for one in WishKind if birthday(born, WISH_FROM[one]) <= request.today]


def _done(request: Any, opened: OpenedChild, form: WishForm) -> bool:
    about = (request.actor, opened.subject)
    if request.POST.get("step") == "back" and request.POST.get("kind") in set(WishKind):
        withdraw_wish(*about, WishKind(request.POST["kind"]), request.now)
        return True
    if not form.is_valid():
        return False
    try:
        write_wish(*about, WishKind(form.cleaned_data["kind"]), form.cleaned_data["words"], request.now)
    except Invalid as error:
        form.add_error(error.fields[0] if error.fields else None, say(error.code, opened))
        return False
    return True


def say(key: str, opened: OpenedChild) -> str:
    """A text of this page for this reader."""
    return text(f"web.wishes.{key}", opened.audience, (get_language() or "nl")[:2])
