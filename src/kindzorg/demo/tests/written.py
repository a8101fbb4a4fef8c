"""What was ever written of a child, with the life domains it is about: for the tests that look for words that leak.

Every table that carries a child says here of which domain its words are: a new table fails until somebody says it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from kindzorg.careplan.annex.rules import CALLS
from kindzorg.careplan.models import AgreementTerms, GoalText
from kindzorg.careplan.reports.models import Report
from kindzorg.closure.models import NeedSettlement
from kindzorg.needs.definition import definition
from kindzorg.people.models import Child, Organisation, Professional, Relative, User

Domains = frozenset[str]
WHOLE: Domains = frozenset()
"""About the child as a whole, or about anything: for who sees every domain."""
MEDICAL: Domains = frozenset({"medical"})
# Who takes part, on what ground, and what the family decided about it: no words of care.
NO_CARE = {
    *("people.child", "people.relative", "notices.notice", "audit.auditline"),
    *(
        "careteam.membership",
        "careteam.parentalauthority",
        "careteam.representation",
        "careteam.invitation",
        "careteam.consentrequest",
    ),
    *(
        "careplan.careplan",
        "careplan.goal",
        "careplan.agreement",
        "careplan.review",
        "careplan.meeting",
        "careplan.timespent",
        "needs.needsscan",
        "needs.summarycheck",
    ),
    *("closure.closurepreparation", "journey.carejourney", "journey.lastlook", "keeping.twochildren"),
}
SHORTEST = 16


class Plan:
    """Of which domains the goals and agreements of a child's plan are, in whatever version."""

    def __init__(self, child: Child) -> None:
        self.goals: dict[UUID, Domains] = defaultdict(frozenset)
        self.agreements: dict[UUID, Domains] = defaultdict(frozenset)
        for text in GoalText.objects.filter(child=child):
            self.goals[text.goal_id] |= frozenset(text.domains)
        for terms in AgreementTerms.objects.filter(child=child).select_related("version"):
            about = self.goals[terms.goal_id] if terms.goal_id else self.served(terms)
            self.agreements[terms.agreement_id] |= about

    def served(self, terms: AgreementTerms) -> Domains:
        """The domain of the need for which an agreement without a goal was made."""
        need = terms.need or {}
        needs = [one for one in terms.version.needs if one["topic"] == need.get("topic", "none")]
        return frozenset(one["domain"] for one in needs)


def _answered(row: Any) -> Domains:
    topics = {topic.id: str(topic.domain) for topic in definition().topics}
    given = row.given
    return frozenset({given.get("domain") or topics.get(given.get("topic"), "")} - {""})


def _of_goal_or_agreement(row: Any, plan: Plan) -> Domains:
    if row.goal_id:
        return plan.goals[row.goal_id]
    return plan.agreements[row.agreement_id] if row.agreement_id else WHOLE


def _of_visit(row: Any, plan: Plan) -> Domains:
    if row.request_id:
        return frozenset({row.request.demand.domain})
    return plan.agreements[row.agreement_id] if row.agreement_id else WHOLE


def _of_proposal(row: Any, plan: Plan) -> Domains:
    return frozenset({row.domain}) if row.domain else _of_goal_or_agreement(row, plan)


def _of_report(row: Any) -> Domains:
    return frozenset({row.domain} - {""})


def _of_attachment(row: Any) -> Domains:
    """A photo is of the domain of the report on which it hangs."""
    report = Report.objects.filter(attachment_id=row.id).first()
    return _of_report(report) if report else WHOLE


DOMAINS: Mapping[str, Callable[[Any, Plan], Domains]] = {
    "referral": lambda row, plan: MEDICAL,
    "referral.bindingreferral": lambda row, plan: frozenset({row.domain}),
    "referral.bindingstep": lambda row, plan: frozenset({row.binding.domain}),
    "record": lambda row, plan: MEDICAL,
    "record.note": lambda row, plan: frozenset({row.domain}),
    "record.familynote": lambda row, plan: frozenset({row.domain}),
    "record.restrictednote": lambda row, plan: frozenset({row.domain}),
    "record.attachment": lambda row, plan: _of_attachment(row),
    "careplan.report": lambda row, plan: _of_report(row),
    "careteam.responsibility": lambda row, plan: frozenset({row.domain}),
    "needs.needsanswer": lambda row, plan: _answered(row),
    "needs.portraitpiece": lambda row, plan: frozenset({"social"}),
    "careplan.goaltext": lambda row, plan: plan.goals[row.goal_id],
    "careplan.goalstep": lambda row, plan: plan.goals[row.goal_id],
    "careplan.agreementterms": lambda row, plan: plan.agreements[row.agreement_id],
    "careplan.agreementstep": lambda row, plan: plan.agreements[row.agreement_id],
    "careplan.domainchoice": lambda row, plan: frozenset({row.domain}),
    "careplan.proposal": _of_proposal,
    "careplan.proposalstep": lambda row, plan: _of_proposal(row.proposal, plan),
    "careplan.removal": _of_goal_or_agreement,
    "careplan.evaluation": _of_goal_or_agreement,
    "careplan.safetynet": lambda row, plan: _of_goal_or_agreement(row.evaluation, plan),
    "careplan.stepback": lambda row, plan: _of_goal_or_agreement(row.net.evaluation, plan),
    "careplan.preparation": lambda row, plan: _of_report(row),
    **dict.fromkeys(
        (
            "careplan.meetingpoint",
            "careplan.meetinganswer",
            "careplan.meetingnote",
            "careplan.meetingdecision",
        ),
        lambda row, plan: _of_report(row),
    ),
    "careplan.meetingend": lambda row, plan: WHOLE,
    "careplan.reviewstep": lambda row, plan: WHOLE,
    "careteam.competence": lambda row, plan: MEDICAL,
    "careplan.howtocard": lambda row, plan: MEDICAL,
    "careplan.howtostep": lambda row, plan: MEDICAL,
    "careplan.howtotip": lambda row, plan: MEDICAL,
    "careplan.howtoseen": lambda row, plan: MEDICAL,
    "careplan.procedure": lambda row, plan: MEDICAL,
    "careplan.procedurestep": lambda row, plan: MEDICAL,
    "careplan.procedurewish": lambda row, plan: MEDICAL,
    "careplan.learningstep": lambda row, plan: MEDICAL,
    "careplan.cardlink": lambda row, plan: MEDICAL,
    "careplan.treatmentagreement": lambda row, plan: MEDICAL,
    # On the emergency card, where the family wants that, stands whom to call.
    "careplan.annexpiece": lambda row, plan: MEDICAL if row.topic in CALLS else WHOLE,
    "careplan.demand": lambda row, plan: frozenset({row.domain}),
    "careplan.visit": _of_visit,
    "careplan.visitchange": lambda row, plan: _of_visit(row.visit, plan),
    "careplan.coverrequest": lambda row, plan: frozenset({row.demand.domain}),
    "careplan.coverstep": lambda row, plan: frozenset({row.request.demand.domain}),
    "closure.needsettlement": lambda row, plan: frozenset({row.domain}),
    "closure.receiveranswer": lambda row, plan: frozenset(
        {NeedSettlement.objects.get(id=row.settlement_id).domain}
    ),
    **dict.fromkeys(
        (
            *(
                "needs.moodcheck",
                "needs.straincheck",
                "needs.straintalk",
                "careplan.annexword",
                "careplan.annextalk",
            ),
            *("careplan.planversion", "careplan.signature", "careplan.storedoutcome", "needs.needshandover"),
            *("closure.checklistmark", "closure.transitiontext", "closure.closure", "journey.journeystep"),
            *("careteam.courtrestriction", "careteam.capacity", "careteam.wish", "careteam.mark"),
            *(
                "careteam.consent",
                "careteam.coachstep",
                "careteam.emergencyaccess",
                "careteam.emergencyreview",
            ),
            *("keeping", "audit.trailquestion"),
        ),
        lambda row, plan: WHOLE,
    ),
}


def tables() -> Iterator[Any]:
    """Every table that carries a child, and the child itself."""
    for table in apps.get_models():
        if table is Child or any(field.attname == "child_id" for field in table._meta.concrete_fields):
            yield table


def domains_of(table: str) -> Callable[[Any, Plan], Domains] | None:
    """How to find of which domains a row of this table is; None where it says nothing of care. KeyError: not said."""
    if table in NO_CARE:
        return None
    return DOMAINS.get(table) or DOMAINS[table.split(".", maxsplit=1)[0]]


def _strings(value: Any, domain: str = "") -> Iterator[tuple[str, str]]:
    """The words in a value, with the domain that stands beside them in the same mapping or the one around it."""
    if isinstance(value, str):
        yield value, domain
    elif isinstance(value, Mapping):
        inner = value.get("domain") or domain
        for one in value.values():
            yield from _strings(one, inner)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one, domain)


def said_of(child: Child) -> Mapping[str, set[Domains]]:
    """All words of at least sixteen letters that were written of the child, each with the domains it is about.

    Words that name somebody are left out, and so are codes and keys: they have no space in them.
    """
    plan, found = Plan(child), defaultdict[str, set[Domains]](set)
    for table in tables():
        domains = domains_of(table._meta.label_lower)
        if domains is None:
            continue
        texts = [one.attname for one in table._meta.concrete_fields if _is_text(one)]
        for row in table._default_manager.filter(child_id=child.id):
            about = domains(row, plan)
            for name in texts:
                for words, inner in _strings(getattr(row, name)):
                    if len(words) >= SHORTEST and " " in words:
                        found[words].add(frozenset({inner}) if inner else about)
    names = list(_names())
    return {words: about for words, about in found.items() if not any(words in name for name in names)}


def _is_text(field: Any) -> bool:
    return isinstance(field, models.TextField | models.JSONField | models.CharField) and not field.choices


def _names() -> Iterable[str]:
    for table in (Organisation, Professional, Relative, User):
        yield from table._default_manager.values_list("name", flat=True)
    for child in Child.objects.all():
        yield str(child)
