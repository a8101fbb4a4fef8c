"""What is typed in a proposal, as values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kindzorg.careplan.forms import WORDS as PLAN_WORDS
from kindzorg.careplan.forms import Spoken
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind
from kindzorg.careplan.wording import Say
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.record.translated.forms import add_language, written_in

WORDS = PLAN_WORDS | {
    "proposal_what_required": _("Write what you would like to change."),
    "proposal_domain_required": _("Choose a life domain: then it comes to the right people."),
    "reason_required": _("Write the reason. Who made the proposal reads it."),
    "goal_not_in_draft": _(
        "This goal was left out of the draft. Decline the proposal, or put the goal back."
    ),
    "agreement_not_in_draft": _(
        "This agreement was left out of the draft. Decline the proposal, or put the agreement back."
    ),
    "no_plan": _("There is no plan to change yet."),
}
WORDING = ("words", "where", "when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a proposal can be about, from where somebody came: the kinds to choose from, the words of the thing, what
    it says now, and the domains to choose from where none is given."""

    kinds: tuple[ProposalKind, ...]
    title: str = ""
    goal_id: UUID | None = None
    agreement_id: UUID | None = None
    domain: LifeDomain | None = None
    domains: Sequence[LifeDomain] = ()
    now: dict[str, str] = field(default_factory=dict)


class ProposalForm(Spoken):
    """What should change and why; and for who wants that, how it would read then."""

    kind = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    what = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": WORDS["proposal_what_required"]},
    )
    why = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False)
    domain = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False)
    where = forms.CharField(max_length=200, required=False)
    when = forms.CharField(max_length=200, required=False)
    keep = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, target: Target, audience: str, may_keep: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, audience=audience, initial=target.now, **kwargs)
        self.target = target
        said = Say(audience, "proposals")
        names = ("what", "why", "keep", *WORDING)
        labels = {name: said[f"ask_{name}"] for name in names}
        for name, label in labels.items():
            self.fields[name].label = label
        self.choose("kind", [(str(one), said[f"ask_kind_{one}"]) for one in target.kinds], said["ask_kind"])
        language = (get_language() or "nl")[:2]
        domains = [(str(one), text(f"ui.domains.{one}", audience, language)) for one in target.domains]
        self.choose("domain", domains, said["ask_domain"])
        self.fields["keep"].help_text = said["keep_lead"]
        add_language(self, audience)
        for name in (*self._not_asked(), *(() if may_keep else ("keep",))):
            del self.fields[name]

    def _not_asked(self) -> list[str]:
        """What needs no asking: the kind where there is one, the domain where it is known, a wording of everything."""
        kinds = set(self.target.kinds)
        about = {ProposalKind.AGREEMENT, ProposalKind.NEW_AGREEMENT}
        return [
            *(["kind"] if len(kinds) == 1 else []),
            *([] if self.target.domains else ["domain"]),
            *(WORDING if kinds == {ProposalKind.PLAN} else [] if kinds & about else WORDING[1:]),
        ]

    @property
    def wording(self) -> list[Any]:
        """The fields for the own wording."""
        return [self[name] for name in WORDING if name in self.fields]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if "kind" in self.fields and not values.get("kind"):
            self.add_error("kind", _("Choose what your proposal is about."))
        return values

    def proposal(self) -> NewProposal:
        """What was typed; of the wording only what differs from how it reads now."""
        given, target = self.cleaned_data, self.target
        kind = ProposalKind(given.get("kind") or target.kinds[0])
        of_new = kind in (ProposalKind.NEW_GOAL, ProposalKind.NEW_AGREEMENT)
        chosen = given.get("domain")
        domain = LifeDomain(chosen) if chosen else target.domain
        now = {} if of_new else target.now
        words = {name: given.get(name, "").strip() for name in WORDING}
        return NewProposal(
            kind=kind,
            what=given["what"],
            why=given["why"],
            goal_id=None if kind is ProposalKind.NEW_GOAL else target.goal_id,
            agreement_id=target.agreement_id,
            domain=domain if of_new and target.goal_id is None else None,
            keep=given.get("keep", False),
            written_in=written_in(self),
            **{name: "" if said == now.get(name, "").strip() else said for name, said in words.items()},
        )
