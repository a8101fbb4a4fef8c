"""What is typed in the plan, as values."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kindzorg.careplan.rules import (
    AgreementContent,
    GoalContent,
    GoalKind,
    Occasion,
    PlanNeed,
    PlanView,
    ServedNeed,
    Who,
    WhoKind,
    same_need,
)
from kindzorg.careplan.wording import say, usual_steps
from kindzorg.core.destroyed import cleared
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.needs.rules import Whose
from kindzorg.referral.catalogue import Form as CareForm
from kindzorg.ui.fields import DateInput, Option, OptionsRow
from kindzorg.ui.wording import quoted

WORDS = {
    "goal_words_required": _("Write the goal, in your own words."),
    "goal_domain_required": _("Choose at least one life domain."),
    "agreement_what_required": _("Write what was agreed."),
    "agreement_ends_before_start": _("The end lies before the start. Change one of the two."),
    "protocol_link_not_safe": _("A link to a protocol begins with https://"),
    "situation_required": _("Write when it is for: what does one see then?"),
    "who_not_known": _("This person is not in the team any more. Choose somebody else."),
    "goal_not_in_draft": _("This goal is no longer in the draft. Choose another goal or need."),
    "why_required": _("Write why there is deliberately no goal."),
    "reason_required": _("Write the reason, so that the others understand."),
    "step_one_to_five": _("Choose one of the five steps."),
    "works_required": _("Choose whether it works."),
    "net_watch_required": _("Stepping down: write what is watched."),
    "net_call_required": _("Stepping down: write who is called when it does not go well."),
    "net_until_required": _(
        "Stepping down: choose until when the quick way back is open, at most a year ahead."
    ),
    "review_in_past": _("Choose a day that is still to come."),
    "plan_incomplete": _("The plan is not complete yet. See below what is missing."),
    "nothing_changed": _("Nothing was changed since the plan in force. There is nothing to offer."),
    "version_not_offered": _("This version is not offered any more. Look at the newest version."),
    "signs_there": _("Who has an account and is with you signs in there. Choose another way."),
    "said_before_offered": _(
        "Choose a day from the one on which the plan was offered, %(day)s, up to today."
    ),
    "signed_already": _("%(name)s signed already, and only %(name)s can change that."),
    "not_asked_to_agree": _("You are not one of those who decide on this plan."),
    "other_role_approves": _("The paediatrician of the team decides on this plan."),
    "no_objection_possible": _("You can only object to a practical change that is in force."),
    "version_under_way": _("Another version is under way. First wait for it, or withdraw it."),
    "no_such_agreement_step": _("This was answered meanwhile. Look at how the agreement stands now."),
    "not_your_agreement": _("This agreement is asked of somebody else."),
    "no_profile": _("The needs scan is not closed yet. Close it first."),
    "proposal_answered_already": _("This proposal was answered meanwhile. See below what became of it."),
    "no_such_goal_step": _("The goal cannot go there from where it stands now."),
}
BLANK = ("", _("No choice yet"))
YES, NO = "yes", "no"


class Spoken(forms.Form):
    """A form whose labels are content, for one reader."""

    def __init__(self, *args: Any, audience: str = "professional", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audience = audience

    def choose(self, field: str, choices: Iterable[Any], label: str = "") -> None:
        """Give a field its choices, and its label."""
        self.fields[field].choices = list(choices)  # type: ignore[attr-defined]
        if label:
            self.fields[field].label = label


class GoalForm(Spoken):
    """A goal in the draft."""

    words = forms.CharField(
        label=_("What do you want to reach or keep?"),
        help_text=_("In the words of the family."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        error_messages={"required": WORDS["goal_words_required"]},
    )
    domains = forms.MultipleChoiceField(
        label=_("To which life domains does it belong?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": WORDS["goal_domain_required"]},
    )
    whose = forms.ChoiceField(label=_("Whose goal is it?"), widget=OptionsRow, initial=str(Whose.CHILD))
    kind = forms.ChoiceField(
        label=_("To reach or to keep?"), widget=forms.RadioSelect, initial=str(GoalKind.REACH)
    )
    review_on = forms.DateField(
        label=_("When do you look at it together again?"), widget=DateInput, required=False
    )
    needs = forms.MultipleChoiceField(
        label=_("Which needs does it answer to?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    step_1 = forms.CharField(label=_("Step 1"), max_length=200, required=False)
    step_2 = forms.CharField(label=_("Step 2"), max_length=200, required=False)
    step_3 = forms.CharField(label=_("Step 3"), max_length=200, required=False)
    step_4 = forms.CharField(label=_("Step 4"), max_length=200, required=False)
    step_5 = forms.CharField(label=_("Step 5"), max_length=200, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, needs: Sequence[PlanNeed] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = needs
        names = [
            (one, text(f"ui.domains.{one}", self.audience, (get_language() or "nl")[:2]))
            for one in LifeDomain
        ]
        self.choose("domains", names)
        self.choose("whose", [(one, say(f"whose_{one}", "professional")) for one in Whose])
        kinds = [
            (one, Option(say(f"kind_{one}", "professional"), hint=say(f"kind_{one}_hint", "professional")))
            for one in GoalKind
        ]
        self.choose("kind", kinds)
        self.choose("needs", [(str(need.need_id), quoted(need.words)) for need in needs])
        if not needs:
            del self.fields["needs"]
        for number, usual in enumerate(usual_steps(GoalKind.REACH, self.audience), start=1):
            self.fields[f"step_{number}"].help_text = _("Usual: %(words)s") % {"words": usual}

    @property
    def steps(self) -> list[Any]:
        """The five fields for own words."""
        return [self[f"step_{number}"] for number in range(1, 6)]

    def content(self) -> GoalContent:
        """What was typed."""
        given = self.cleaned_data
        chosen = set(given.get("needs", ()))
        return GoalContent(
            words=given["words"],
            domains=tuple(map(LifeDomain, given["domains"])),
            whose=Whose(given["whose"]),
            kind=GoalKind(given["kind"]),
            steps=tuple(given[f"step_{number}"] for number in range(1, 6)),
            review_on=given["review_on"],
            needs=tuple(
                ServedNeed(need.need_id, need.words, need.topic)
                for need in self.known
                if str(need.need_id) in chosen
            ),
        )


def goal_initial(content: GoalContent, revision: int, needs: Sequence[PlanNeed]) -> dict[str, Any]:
    """A goal as the form begins with it."""
    served = [need for need in needs if any(same_need(one, need) for one in content.needs)]
    return cleared(
        {
            "words": content.words,
            "domains": [str(one) for one in content.domains],
            "whose": str(content.whose),
            "kind": str(content.kind),
            "review_on": content.review_on,
            "needs": [str(need.need_id) for need in served],
            **{f"step_{number}": words for number, words in enumerate(content.steps, start=1)},
            "revision": revision,
        }
    )


class AgreementForm(Spoken):
    """An agreement in the draft: who does what, where, when and why, and who pays."""

    mark_optional = False  # a draft may lack anything; the list of what is missing says the rest
    what = forms.CharField(
        label=_("What is agreed?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        error_messages={"required": WORDS["agreement_what_required"]},
    )
    who = forms.ChoiceField(label=_("Who does it?"), required=False)
    who_name = forms.CharField(
        label=_("Name, when it is somebody else"),
        help_text=_("For example a grandparent or a volunteer."),
        max_length=200,
        required=False,
    )
    where = forms.CharField(label=_("Where?"), max_length=200, required=False)
    when = forms.CharField(
        label=_("When?"),
        help_text=_("For example: each night, 23.00 to 7.00."),
        max_length=200,
        required=False,
    )
    why = forms.ChoiceField(label=_("Why? For which goal or need?"), required=False)
    law = forms.ChoiceField(label=_("Under which law?"), required=False)
    payer = forms.CharField(label=_("Who pays?"), max_length=200, required=False)
    form = forms.ChoiceField(label=_("In which form?"), required=False)
    protocol = forms.CharField(label=_("Protocol"), max_length=200, required=False)
    protocol_link = forms.URLField(
        label=_("Link to the protocol"), assume_scheme="https", max_length=500, required=False
    )
    starts = forms.DateField(label=_("From"), widget=DateInput, required=False)
    until = forms.DateField(label=_("Until"), widget=DateInput, required=False)
    occasion = forms.ChoiceField(label=_("Only when something happens?"), required=False)
    situation = forms.CharField(
        label=_("What does one see then?"),
        help_text=_("It comes on the emergency card, as you write it here."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, people: Any = (), plan: PlanView | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goals = [(f"goal {one.id}", one.content.words) for one in plan.goals] if plan else []
        needs = [(f"need {one.need_id}", one.words) for one in plan.needs] if plan else []
        self.needs = {f"need {one.need_id}": one for one in plan.needs} if plan else {}
        self.choose("who", [BLANK, *people, ("other", _("Somebody else, named below"))])
        self.choose("why", [BLANK, (_("Goals"), goals), (_("Needs, without a goal"), needs)])
        laws = [(str(one), say(f"law_{one}", "professional")) for one in Law]
        self.choose("law", [("", say("law_none", "professional")), *laws])
        self.choose("form", [BLANK, *((one, say(f"form_{one}", "professional")) for one in CareForm)])
        occasions = [(str(one), say(f"occasion_{one}", "professional")) for one in Occasion]
        self.choose("occasion", [("", say("occasion_none", "professional")), *occasions])

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("who") == "other" and not values.get("who_name"):
            self.add_error("who_name", _("Fill in the name of who does it."))
        if values.get("occasion") and not values.get("situation") and "situation" not in self.errors:
            self.add_error("situation", WORDS["situation_required"])
        return values

    def content(self) -> AgreementContent:
        """What was typed."""
        given = self.cleaned_data
        kind, _space, key = given["why"].partition(" ")
        need = self.needs.get(given["why"])
        kept = ("what", "where", "when", "payer", "protocol", "protocol_link", "starts", "until")
        return AgreementContent(
            **{name: given[name] for name in kept},
            who=typed_who(given["who"], given["who_name"]),
            goal_id=UUID(key) if kind == "goal" else None,
            need=ServedNeed(need.need_id, need.words, need.topic) if need else None,
            law=Law(given["law"]) if given["law"] else None,
            form=CareForm(given["form"]) if given["form"] else None,
            occasion=Occasion(given["occasion"]) if given["occasion"] else None,
            situation=given["situation"] if given["occasion"] else "",
        )


WHO_ID = {
    WhoKind.PROFESSIONAL: "professional_id",
    WhoKind.ORGANISATION: "organisation_id",
    WhoKind.RELATIVE: "relative_id",
}


def typed_who(chosen: str, name: str) -> Who:
    """Who was chosen: a kind and an id, the child, or a name."""
    kind, _space, key = chosen.partition(" ")
    if not kind or kind == WhoKind.OTHER:
        return Who(name=name if kind else "")
    if kind == WhoKind.CHILD:
        return Who(kind=WhoKind.CHILD)
    chosen_id: dict[str, Any] = {WHO_ID[WhoKind(kind)]: UUID(key)}
    return Who(kind=WhoKind(kind), **chosen_id)


def chosen_who(who: Who) -> str:
    """Who does it, as the list of choices names it."""
    if who.kind in WHO_ID:
        return f"{who.kind} {getattr(who, WHO_ID[who.kind])}"
    return str(who.kind) if who.kind is WhoKind.CHILD or who.name else ""


def agreement_initial(content: AgreementContent, revision: int, needs: Sequence[PlanNeed]) -> dict[str, Any]:
    """An agreement as the form begins with it."""
    need = next((one for one in needs if content.need and same_need(content.need, one)), None)
    why = f"goal {content.goal_id}" if content.goal_id else f"need {need.need_id}" if need else ""
    kept = ("what", "where", "when", "payer", "protocol", "protocol_link", "starts", "until")
    return cleared(
        {
            **{name: getattr(content, name) for name in kept},
            "who": chosen_who(content.who),
            "who_name": content.who.name if content.who.kind is WhoKind.OTHER else "",
            "why": why,
            "law": str(content.law or ""),
            "form": str(content.form or ""),
            "occasion": str(content.occasion or ""),
            "situation": content.situation,
            "revision": revision,
        }
    )


class ReasonForm(forms.Form):
    """Why something is left out, withdrawn or changed."""

    reason = forms.CharField(
        label=_("Why?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": WORDS["reason_required"]},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, label: str = "", required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required
        if label:
            self.fields["reason"].label = label
