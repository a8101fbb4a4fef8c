"""What a draft asks before it is offered: what it lacks, what becomes of open agreements, what it left out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kindzorg.access import policy
from kindzorg.careplan import actions, queries
from kindzorg.careplan.carrying.queries import Settling
from kindzorg.careplan.carrying.rules import Settlement, ToSettle
from kindzorg.careplan.forms import WORDS, Spoken
from kindzorg.careplan.rules import AgreementContent, AgreementState, Carried, Lack, LeftOut, PlanItem
from kindzorg.careplan.views import page, read, typed
from kindzorg.careplan.wording import lack_words, part_name, say, who_words
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import Conflict, DomainError, Invalid, Missing
from kindzorg.ui.wording import quoted, word

SETTLING_WORDS = {
    "changed_is_asked_anew": gettext_lazy(
        "This changed, so it cannot just stay. Ask it anew, or put it back as it was."
    ),
    "reason_required": WORDS["reason_required"],
    "replacement_required": gettext_lazy("Choose which agreement of the draft comes in its place."),
}
# At which field each is said; the others at the choice itself.
FIELDS = {"reason_required": "reason", "replacement_required": "instead"}


class SettleForm(Spoken):
    """Of each open agreement what becomes of it: one choice each, with why it lapses or what comes in its place."""

    mark_optional = False

    def __init__(self, *args: Any, found: Settling, child: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found, self.child = found, child
        open_ones = {one.id for one in found.rows}
        drafted = sorted(found.drafted.items(), key=lambda pair: (pair[0] in open_ones, pair[0]))
        self.others = [(str(key), self._named(one)) for key, one in drafted]
        for one in found.rows:
            self._add(one)

    def _named(self, one: AgreementContent) -> str:
        return f"{one.what} ({who_words(one.who, self.audience, self.child)})"

    def _add(self, one: ToSettle) -> None:
        choices = [(how, say(f"carried_{how}", self.audience)) for how in Carried]
        if one.changed:
            choices = [pair for pair in choices if pair[0] is not Carried.STAYS]
        if one.state is AgreementState.DECLINED:  # Who made it asks again, on its own page.
            choices = [pair for pair in choices if pair[0] is not Carried.ANEW]
        if one.suggested is None:
            choices.insert(0, ("", _("Choose")))  # type: ignore[arg-type]
        said = one.drafted or one.said
        hidden = format_html('<span class="kz-visually-hidden">: {}</span>', said.what)
        self.fields[f"carried_{one.id}"] = forms.ChoiceField(
            choices=choices,
            label=said.what,
            help_text=self._lines(one, said),
            initial=one.suggested or "",
            error_messages={"required": _("Choose what becomes of this agreement.")},
        )
        self.fields[f"reason_{one.id}"] = forms.CharField(
            label=format_html("{}{}", say("carried_reason", self.audience), hidden),
            initial=one.reason,
            max_length=500,
            required=False,
        )
        self.fields[f"instead_{one.id}"] = forms.ChoiceField(
            label=format_html("{}{}", say("carried_instead", self.audience), hidden),
            choices=[("", _("Choose")), *(pair for pair in self.others if pair[0] != str(one.id))],
            initial=str(one.replaced_by or ""),
            required=False,
        )

    def _lines(self, one: ToSettle, said: AgreementContent) -> str:
        """Who does it, when and where, how it stands; and what somebody must know before choosing."""
        parts = (who_words(said.who, self.audience, self.child), said.when, said.where)
        lines = [" · ".join(filter(None, (*parts, say(f"state_{one.state}", self.audience))))]
        if one.changed:
            names = ", ".join(part_name(part).lower() for part in sorted(one.changed))
            lines.append(say("carried_changed", self.audience).format(parts=names))
        if one.look:
            lines.append(say(f"carried_{one.look}", self.audience))
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))

    @property
    def rows(self) -> Iterable[dict[str, Any]]:
        """The fields of each agreement, with the mark of what it was when this page was made."""
        for one in self.found.rows:
            named = {name: self[f"{name}_{one.id}"] for name in ("carried", "reason", "instead")}
            yield {"id": one.id, "mark": one.mark, **named}

    def settlements(self) -> list[Settlement]:
        """What was chosen."""
        given = self.cleaned_data
        return [
            Settlement(
                agreement_id=one.id,
                carried=Carried(given[f"carried_{one.id}"]),
                reason=given[f"reason_{one.id}"],
                replaced_by=UUID(key) if (key := given[f"instead_{one.id}"]) else None,
                mark=self.data.get(f"mark_{one.id}", ""),
            )
            for one in self.found.rows
        ]

    def refuse(self, error: DomainError) -> None:
        """Say at its agreement what was refused; what was typed stays."""
        if isinstance(error, Conflict):
            late: Any = error.data["ids"]
            for one in self.found.rows:
                if one.id in late:
                    self.add_error(f"carried_{one.id}", self._meanwhile(one))
            return
        key = error.data["agreement_id"]
        self.add_error(f"{FIELDS.get(error.code, 'carried')}_{key}", word(error, SETTLING_WORDS))

    def _meanwhile(self, one: ToSettle) -> str:
        now = say(f"carried_{one.carried}", self.audience) if one.carried else _("no choice yet")
        return _("Somebody changed this meanwhile. The draft says now: %(now)s. Look, and save again.") % {
            "now": f"{now} {one.reason}".strip()
        }


def plan_settle(request: Any, child_id: UUID) -> HttpResponse:
    """What becomes of each open agreement: a choice each, with what is usual chosen already; before the offer."""
    opened = read(request, child_id, "plan.settle_read", "plan.draft")
    given = (request.actor, opened.subject)
    found = queries.settling_for(*given, request.today)
    if found is None:
        return redirect("plan_draft", child_id)
    form = SettleForm(typed(request), found=found, audience=opened.audience, child=opened.child.given_name)
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_agreements(*given, form.settlements(), request.now)
            offers = policy.may(request.actor, "plan.offer", opened.subject, request.today)
            return redirect("plan_offer" if offers else "plan_draft", child_id)
        except (Conflict, Invalid) as error:
            form.refuse(error)
    return page(request, opened, "settle", form=form, number=found.number)


@require_POST
def plan_put_back(request: Any, child_id: UUID, item_id: UUID) -> HttpResponse:
    """Put a goal or agreement back in the draft that was left out of it."""
    opened = read(request, child_id, "plan.draft_read", "plan.draft")
    try:
        actions.put_back(request.actor, opened.subject, item_id, request.now)
    except Missing as error:
        if error.code != "not_left_out":
            raise
    return redirect("plan_draft", child_id)


def left_out_rows(found: Sequence[LeftOut], drafted: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """What was left out of the draft, each with why, or with what comes in its place."""
    return [
        {
            "id": one.id,
            "title": quoted(one.title) if one.item == "goal" else one.title,
            "reason": one.reason,
            "replaced": bool(one.replaced_by),
            "instead": drafted.get(one.replaced_by, "") if one.replaced_by else "",
        }
        for one in found
    ]


# What mends a lack elsewhere than on the page of the thing that lacks it; and the pages about no one thing.
OWN_PAGES = {
    "need_without_goal": "plan_no_goal",
    "goal_without_agreement": "plan_agreement_new",
    "agreements_unsettled": "plan_settle",
}
WHOLE_DRAFT = ("plan_agreement_new", "plan_settle")


def lack_rows(lacks: Sequence[Lack], opened: OpenedChild) -> list[dict[str, str]]:
    """What is missing in the draft, each with the page where it is mended."""
    pages = {
        PlanItem.GOAL: "plan_goal_edit",
        PlanItem.AGREEMENT: "plan_agreement_edit",
        PlanItem.NO_GOAL: "plan_no_goal",
    }
    rows = []
    for lack in lacks:
        name = OWN_PAGES.get(lack.code) or (pages[lack.item] if lack.item else "")
        keys = [opened.child.id, *([lack.id] if name not in WHOLE_DRAFT else [])]
        url = reverse(name, args=keys) if name else ""
        url += f"?goal={lack.id}" if name == "plan_agreement_new" else ""
        rows.append({"words": lack_words(lack), "about": lack.about, "url": url, "code": lack.code})
    return rows
