"""What is read of a version, whole, before anything in it is kept from somebody: for `queries`, which does that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, UUIDField, Value, When
from django.db.models.functions import Cast, Coalesce, JSONObject

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.agreements.queries import unsettled
from kindzorg.careplan.evaluations.queries import (
    last_agreement_evaluation,
    last_evaluation,
    last_goal_state,
    last_plan_evaluation,
)
from kindzorg.careplan.goals.rules import served_need
from kindzorg.careplan.models import (
    AgreementStep,
    AgreementTerms,
    DomainChoice,
    GoalText,
    PlanVersion,
    Removal,
    VersionContent,
)
from kindzorg.careplan.proposals.rules import Shown
from kindzorg.careplan.versions.queries import never_offered
from kindzorg.careplan.versions.rules import (
    SIGNATURE,
    UNDER_WAY,
    VERSION,
    VersionStatus,
    plan_need,
    signature_view,
    unoffered,
)
from kindzorg.careteam.queries import side_of
from kindzorg.careteam.rules import HidesFrom
from kindzorg.core.plain import key
from kindzorg.core.statements import Later, Listed, Nested, worded_once
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.marked import handovers_kept

DRAFT = (VersionStatus.DRAFT,)
CHANGED = {"revision", "changed_by", "changed_at"}


@dataclass(frozen=True, slots=True)
class Rows:
    """A version as it was read, whole: nothing of it is kept from anybody yet.

    `unread` are the domains of goals that were not read, while agreements that serve them were.
    """

    version: Mapping[str, Any]
    beside: Mapping[str, Any] | None
    texts: Sequence[Mapping[str, Any]]
    terms: Sequence[Mapping[str, Any]]
    choices: Sequence[Mapping[str, Any]]
    unread: Mapping[UUID, Sequence[str]] = field(default_factory=dict)


def rows_of(
    actor: Actor,
    subject: Subject,
    on: date,
    wanted: Sequence[Sequence[VersionStatus]],
    number: int | None = None,
    *,
    whole: bool = True,
    drafted: bool = False,
) -> Rows | None:
    """The first version in a wanted status (by its number, if that is given), if the actor may see it.

    Three statements; what consciously has no goal is left out where `whole` is False. With `drafted` the row tells what
    was left out, and which open agreements are not settled.
    """
    version, beside = chosen_of(actor, subject, on, wanted, number, drafted=drafted)
    if version is None:
        return None
    key = version["id"]
    choices = version["choices"] if whole else ()
    return Rows(version, beside, _texts(key), _terms(key), choices)


def what_ifs_of(
    actor: Actor, subject: Subject, on: date, wanted: Sequence[Sequence[VersionStatus]]
) -> Rows | None:
    """The same, of which only the agreements for when something happens. Two statements."""
    version, _beside = chosen_of(actor, subject, on, wanted, None)
    if version is None:
        return None
    terms = _what_ifs(version["id"])
    serves = {row["goal_id"]: row["serves"] or () for row in terms}
    return Rows(version, None, (), terms, (), serves)


def chosen_of(
    actor: Actor,
    subject: Subject,
    on: date,
    wanted: Sequence[Sequence[VersionStatus]],
    number: int | None,
    *,
    drafted: bool = False,
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """The same without what stands in it, and the version under way beside it; one statement."""
    side = side_of(actor, subject, on)
    found = _with_signatures(_signed_versions(subject.child_id, number, side, on, drafted))
    asked = [row for row in found if number in (None, row["number"])]
    chosen = next((row for statuses in wanted for row in asked if row["status"] in statuses), None)
    writes = policy.may(actor, "plan.draft", subject, on)
    seen = [row for row in found if writes or not unoffered(row["status"], row["offered_at"])]
    if chosen is None or chosen not in seen:
        return None, None
    shown = (row for row in seen if row["status"] in UNDER_WAY)
    return chosen, next((row for row in shown if row is not chosen), None)


def every_rows_of(actor: Actor, subject: Subject, on: date) -> Later[list[Rows]]:
    """Every version of every plan of the child that the actor may see, the newest plan and version first; not asked
    for yet. Four statements, however many there are."""
    versions = PlanVersion.objects.filter(child_id=subject.child_id)
    if not policy.may(actor, "plan.draft", subject, on):
        versions = versions.exclude(never_offered())
    ordered = _ordered(versions, subject.child_id, side_of(actor, subject, on), on)
    of_child = {"child_id": subject.child_id}
    parts = (
        _with_state(GoalText.objects.filter(**of_child)),
        _with_last(AgreementTerms.objects.filter(**of_child)),
        _plain_choices(DomainChoice.objects.filter(**of_child)),
    )
    named = (rows.annotate(of_version=F("version_id")) for rows in parts)
    return Later((ordered, *named), _every_version)


def _every_version(versions: Iterable[Mapping[str, Any]], *parts: Iterable[Mapping[str, Any]]) -> list[Rows]:
    texts, terms, choices = map(_by_version, parts)
    found = ((version["id"], version) for version in _with_signatures(versions))
    return [
        Rows(version, None, texts.get(key, []), terms.get(key, []), choices.get(key, []))
        for key, version in found
    ]


def _by_version(rows: Iterable[Mapping[str, Any]]) -> Mapping[UUID, list[Mapping[str, Any]]]:
    found: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["of_version"], []).append(row)
    return found


def _with_signatures(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        version = found.setdefault(row["id"], {**row, "signed": ()})
        if row["signatures__party"]:
            version["signed"] = (*version["signed"], signature_view(row, "signatures__"))
    return list(found.values())


@worded_once
def _signed_versions(
    child_id: UUID, number: int | None, side: HidesFrom | None, on: date, drafted: bool
) -> QuerySet[Any, Any]:
    """The version in force and the one under way (or all, when one is asked by number), a row for each signature;
    the newest plan first; with the hand-overs in which answers are kept from this side."""
    more = {"unsettled": unsettled(), "left_out": _left_out()} if drafted else {}
    rows = PlanVersion.objects.filter(child_id=child_id)
    if number is None:
        rows = rows.filter(status__in=[VersionStatus.IN_FORCE, *UNDER_WAY])
    else:
        rows = rows.filter(number=number) | rows.filter(status__in=UNDER_WAY)
    return _ordered(rows, child_id, side, on).annotate(choices=_listed_choices(), **more)


def _ordered(
    rows: QuerySet[PlanVersion], child_id: Any, side: HidesFrom | None, on: Any
) -> QuerySet[Any, Any]:
    signed = [f"signatures__{name}" for name in SIGNATURE]
    ordered = rows.order_by("-plan_id", "-number", "signatures__created_at", "signatures__id")
    named: dict[str, Any] = {"based": F("based_on__number"), "evaluation": last_plan_evaluation()}
    named |= {"kept": handovers_kept(child_id, side, on)} if side else {}
    return ordered.values("by", "needs", *VERSION, *signed, **named)


def _content(table: type[GoalText] | type[AgreementTerms] | type[DomainChoice]) -> list[str]:
    """The columns of a table of content, but those that say of a row only whose and of which version it is."""
    of_version = {field.name for field in VersionContent._meta.fields} - CHANGED
    return [field.attname for field in table._meta.concrete_fields if field.name not in of_version]


@worded_once
def _texts(version_id: UUID) -> QuerySet[Any, Any]:
    return _with_state(GoalText.objects.filter(version_id=version_id))


def _with_state(texts: QuerySet[GoalText]) -> QuerySet[Any, Any]:
    added = {"state": last_goal_state(), "evaluation": last_evaluation()}
    return texts.order_by("goal_id").annotate(**added).values(*_content(GoalText), *added)


@worded_once
def _terms(version_id: UUID) -> QuerySet[Any, Any]:
    return _with_last(AgreementTerms.objects.filter(version_id=version_id))


@worded_once
def _what_ifs(version_id: UUID) -> QuerySet[Any, Any]:
    goal = GoalText.objects.filter(version_id=OuterRef("version_id"), goal_id=OuterRef("goal_id"))
    serves = {"serves": Nested(Subquery(goal.values("domains")[:1]))}
    rows = AgreementTerms.objects.filter(version_id=version_id).exclude(occasion="")
    return _with_last(rows.annotate(**serves), *serves)


def _with_last(terms: QuerySet[AgreementTerms], *named: str) -> QuerySet[Any, Any]:
    steps = AgreementStep.objects.filter(agreement_id=OuterRef("agreement_id")).order_by("-created_at", "-id")
    last = steps.values(
        json=JSONObject(state="state", reason="reason", by="by", by_id="by_id", at=F("created_at"))
    )[:1]
    rows = terms.order_by("agreement_id")
    added = {
        "professional_user": F("professional__user_id"),
        "relative_user": F("relative__user_id"),
        "child_user": F("child__user_id"),
        "made_at": F("agreement__created_at"),
        "made_by_id": F("agreement__owner_id"),
        "made_by": F("agreement__owner__name"),
        "evaluation": last_agreement_evaluation(),
        "last": Subquery(last),
    }
    return rows.annotate(**added).values(*_content(AgreementTerms), *added, *named)


def _listed_choices() -> Listed:
    """The needs that consciously have no goal, to come along with the row of a version."""
    item: dict[str, Any] = {name: F(name) for name in _content(DomainChoice)}
    rows = DomainChoice.objects.filter(version_id=OuterRef("id")).order_by("id")
    return Listed(rows.values(item=JSONObject(**{**item, "need": Nested(F("need"))})))


def _left_out() -> Listed:
    """What was left out of a version, as the plan says it elsewhere, to come along with the row of the version."""
    rows = with_sight(Removal.objects.filter(version_id=OuterRef("id"))).order_by("id")
    item: dict[str, Any] = {name: F(name) for name in ("goal_id", "agreement_id", "reason", "child_user")}
    item |= {"terms": Nested(F("terms")), "text": Nested(F("text")), "instead": F("replaced_by_id")}
    return Listed(rows.values(item=JSONObject(**item)))


def _plain_choices(choices: QuerySet[DomainChoice]) -> QuerySet[Any, Any]:
    return choices.order_by("id").values(*_content(DomainChoice))


# As the plan says it now: what stands in a draft alone comes last.
NEWEST = (Case(When(version__status=VersionStatus.DRAFT, then=1), default=0), "-version_id")
SIGHT = ("terms", "text", "child_user")


def with_sight(
    rows: QuerySet[Any], goal: str | None = "goal_id", agreement: str | None = "agreement_id"
) -> QuerySet[Any, Any]:
    """Rows about a goal or an agreement (in these columns; None: in none), with what decides who sees them: how the
    plan says those now."""
    nothing = Cast(Value(None), UUIDField())
    rows = rows.annotate(
        of_agreement=F(agreement) if agreement else nothing,
        of_goal=F(goal) if goal else nothing,
        child_user=F("child__user_id"),
    )
    terms = AgreementTerms.objects.filter(agreement_id=OuterRef("of_agreement")).order_by(*NEWEST)
    said = JSONObject(
        what="what",
        where="where",
        when="when",
        ground="ground",
        who_kind="who_kind",
        need=Nested(F("need")),
        needs=Nested(F("version__needs")),
        professional=F("professional__user_id"),
        relative=F("relative__user_id"),
        house=F("organisation_id"),
        owner=F("agreement__owner_id"),
        status=F("version__status"),
    )
    texts = GoalText.objects.filter(goal_id=OuterRef("serves")).order_by(*NEWEST)
    named = JSONObject(words="words", domains=Nested(F("domains")), status=F("version__status"))
    return rows.annotate(
        serves=Coalesce(F("of_goal"), Subquery(terms.values("goal_id")[:1])),
        terms=Subquery(terms.values(json=said)[:1]),
        text=Subquery(texts.values(json=named)[:1]),
    )


def shown_of(actor: Actor, row: Mapping[str, Any]) -> Shown:
    """What of a row decides who sees it."""
    terms, text = row["terms"] or {}, row["text"] or {}
    domains = set(text.get("domains") or ())
    if not text and terms.get("need"):
        served = served_need(terms["need"]).key
        domains = {str(one.domain) for one in map(plan_need, terms["needs"]) if one.key == served}
    domains |= {row["domain"]} - {""}
    people = [key(terms.get("professional")), key(terms.get("relative"))]
    people += [row["child_user"]] if terms.get("who_kind") == "child" else []
    houses = (key(terms.get("house")), key(terms.get("owner")))
    return Shown(
        domains=frozenset(map(LifeDomain, domains)),
        ground=terms.get("ground", ""),
        own_part=actor.id in people
        or (actor.organisation_id is not None and actor.organisation_id in houses),
        mine=row["by_id"] == actor.id,
        kept=bool(row.get("kept")),
    )
