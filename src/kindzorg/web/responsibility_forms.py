"""Who answers for a life domain, and a line of who does what, as values."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language

from kindzorg.careteam.responsibilities.rules import (
    LONGEST,
    NewResponsibility,
    ResponsibilityKind,
    ResponsibilityView,
)
from kindzorg.core.errors import DomainError
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.ui.fields import Option


def say(key: str, audience: str, **given: object) -> str:
    """A text of this page for this reader."""
    return text(f"web.responsibilities.{key}", audience, (get_language() or "nl")[:2]).format(**given)


def errors_for(error: DomainError, audience: str) -> Mapping[str, str]:
    """The sentence for one error, as `add_to_form` takes it."""
    return {error.code: say(error.code, audience, theirs=error.data.get("theirs") or "-", longest=LONGEST)}


class AnswersForm(forms.Form):
    """Who answers for a domain: somebody of the team, for what, and how that person is reached."""

    member = forms.ChoiceField(widget=forms.RadioSelect)
    what = forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
    how = forms.CharField(max_length=LONGEST, required=False)
    instead_of = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        audience: str,
        domain: LifeDomain,
        people: Iterable[Mapping[str, Any]],
        table: Mapping[str, Any],
    ) -> None:
        answers, person = table["answers"], table["person"]
        start = {"member": str(person["id"]) if person else "", "what": say(f"for_{domain}", audience)}
        if answers:
            start |= {"what": answers.what, "how": answers.how, "instead_of": answers.id}
        super().__init__(data, initial=start)
        self.domain = domain
        _label(self, audience, {"member": "member", "what": "for_what", "how": "reach"})
        self.fields["how"].help_text = say("reach_help", audience)
        choices = [(str(one["id"]), Option(one["name"], hint=one["role"])) for one in people]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]

    def responsibility(self) -> NewResponsibility:
        """What was typed."""
        given = self.cleaned_data
        kind, member = ResponsibilityKind.DOMAIN, UUID(given["member"])
        return NewResponsibility(
            self.domain, kind, given["what"], given["how"], member_id=member, instead_of=given["instead_of"]
        )


class LineForm(forms.Form):
    """Who does what, and how."""

    who = forms.CharField(max_length=LONGEST)
    what = forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
    how = forms.CharField(max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self, data: Any, audience: str, domain: LifeDomain, row: ResponsibilityView | None = None
    ) -> None:
        super().__init__(data, initial={"who": row.name, "what": row.what, "how": row.how} if row else {})
        self.domain, self.row = domain, row
        _label(self, audience, {"who": "who", "what": "what", "how": "how"})

    def responsibility(self) -> NewResponsibility:
        """What was typed."""
        given, kind = self.cleaned_data, ResponsibilityKind.LINE
        instead_of = self.row.id if self.row else None
        return NewResponsibility(
            self.domain, kind, given["what"], given["how"], who=given["who"], instead_of=instead_of
        )


def _label(form: forms.Form, audience: str, labels: Mapping[str, str]) -> None:
    missing = {
        "member": "responsibility_nobody",
        "who": "responsibility_nobody",
        "what": "responsibility_what",
    }
    for name, key in labels.items():
        form.fields[name].label = say(key, audience)
        if name in missing:
            form.fields[name].error_messages["required"] = say(missing[name], audience)
