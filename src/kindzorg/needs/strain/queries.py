"""Reading load and carrying power over time: one's own, or the family's for the few who guide it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kindzorg.access import policy, sight
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import in_force
from kindzorg.core.errors import Missing
from kindzorg.needs.definition import Amount, Respondent
from kindzorg.needs.models import AnswerKind, NeedsAnswer, StrainCheck, StrainTalk
from kindzorg.needs.strain.rules import Course, StrainSign, Talk, Told, is_about
from kindzorg.people.models import Relative

NURSES = (Role.LEVEL5_NURSE, Role.PAEDIATRIC_NURSE)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can tell of itself: a relative, or the child (without a relative's id)."""

    relative_id: UUID | None
    name: str


def person_for(actor: Actor, subject: Subject, on: date) -> Person:
    """Who the actor is in this family. Raises Missing for who is none of it."""
    policy.require(actor, "strain.write", subject, on)
    if policy.role_for(actor, subject, on) == Role.YOUNG_PERSON:
        return Person(None, actor.name)
    row = Relative.objects.filter(child_id=subject.child_id, user_id=actor.id).order_by("created_at").first()
    if row is not None:
        return Person(row.id, row.name)
    raise Missing("no_such_family_member", child_id=subject.child_id)


def own_course(actor: Actor, subject: Subject, on: date, person: Person | None = None) -> Course:
    """One's own course, with what is shared with nobody. Three statements, with who one is four or five."""
    policy.require(actor, "strain.write", subject, on)
    who = person or person_for(actor, subject, on)
    checks = StrainCheck.objects.filter(child_id=subject.child_id)
    mine = [one for one in checks if one.relative_id == who.relative_id]
    return _courses(subject, [who], mine, scans=True)[0]


def courses_for(actor: Actor, subject: Subject, on: date) -> Sequence[Course]:
    """The courses of the family, of what was shared, for who guides it and sees every domain. Four statements.

    With the rounds of the scan for who reads the whole scan. Raises Refused.
    """
    policy.require_every_domain(actor, "strain.read", subject, on)
    relatives = Relative.objects.filter(child_id=subject.child_id).order_by("created_at", "id")
    people = [Person(one.id, one.name) for one in relatives]
    checks = list(StrainCheck.objects.filter(child_id=subject.child_id, shared=True))
    itself = [Person(None, one.person) for one in checks if one.relative_id is None][-1:]
    scans = policy.sees_all(actor, "needs.read", subject, on)
    return [one for one in _courses(subject, [*itself, *people], checks, scans=scans) if one.told]


def _courses(
    subject: Subject, people: Iterable[Person], checks: Sequence[StrainCheck], *, scans: bool
) -> list[Course]:
    answers = list(_carrying(subject)) if scans else []
    talks = list(StrainTalk.objects.filter(child_id=subject.child_id).order_by("created_at", "id"))
    return [_course(one, checks, answers, talks) for one in people]


def _carrying(subject: Subject) -> QuerySet[NeedsAnswer]:
    rows = NeedsAnswer.objects.filter(child_id=subject.child_id, kind=AnswerKind.CARRYING)
    return rows.filter(respondent=Respondent.PARENT).order_by("created_at", "id")


def _course(
    person: Person, checks: Iterable[StrainCheck], answers: Iterable[NeedsAnswer], talks: Iterable[StrainTalk]
) -> Course:
    """Of the scan what the person said of itself: what others said of somebody stands in the scan."""
    own = [_of_check(row) for row in checks if row.relative_id == person.relative_id]
    mine = [row for row in answers if row.person_id == person.relative_id]
    rounds = [_of_scan(row) for row in mine if is_about(person.name, row.given["member"]) and _whole(row)]
    return Course(
        person.relative_id,
        person.name,
        tuple(sorted((*own, *rounds), key=lambda one: one.at)),
        tuple(
            Talk(row.created_at, row.agreed, row.by) for row in talks if row.relative_id == person.relative_id
        ),
    )


def _whole(row: NeedsAnswer) -> bool:
    return bool(row.given["load"] and row.given["power"])


def _of_scan(row: NeedsAnswer) -> Told:
    return Told(row.created_at, Amount(row.given["load"]), Amount(row.given["power"]), row.given["words"])


def _of_check(row: StrainCheck) -> Told:
    signs = tuple(StrainSign(one) for one in row.signs.split("|") if one)
    return Told(row.created_at, Amount(row.load), Amount(row.power), row.words, row.shared, row.id, signs)


def _lets_in(role: Role | Iterable[Role], on: date) -> Q:
    """The condition on Grant that somebody in these roles sees all of one child now, and not in an emergency."""
    roles = [role] if isinstance(role, Role) else list(role)
    open_end = Q(sight_until__isnull=True) | Q(sight_until__gt=on)
    return in_force(on) & open_end & Q(scope=Scope.CHILD, role__in=roles, domains=sight.ALL, emergency=False)


def who_gets_signs(actor: Actor, subject: Subject, on: date) -> Sequence[tuple[UUID, str, Role]]:
    """The accounts to which a sign goes: the care coach's, or the nurses' where there is none. One statement.

    Never an account of the family itself.
    """
    policy.require(actor, "child.open", subject, on)
    near = Relative.objects.filter(child_id=subject.child_id, user_id=OuterRef("user_id"))
    rows = Grant.objects.filter(_lets_in((Role.CARE_COACH, *NURSES), on), scope_id=subject.child_id)
    found = [
        (user_id, name, Role(role))
        for user_id, name, role in rows.exclude(Exists(near))
        .order_by("created_at", "id")
        .values_list("user_id", "user__name", "role")
    ]
    coaches = [one for one in found if one[2] == Role.CARE_COACH]
    return coaches or found


def signs_waiting(actor: Actor, children: Iterable[Subject], on: date) -> QuerySet[StrainCheck]:
    """Of each person the newest check with a sign, if nobody spoke about it yet, for who must: nurses where there is no
    care coach. Not yet asked of the database.
    """
    able = [one for one in children if policy.sees_all(actor, "strain.settle", one, on)]
    coached = {one.child_id for one in able if policy.role_for(actor, one, on) == Role.CARE_COACH}
    near = Relative.objects.filter(child_id=OuterRef("scope_id"), user_id=OuterRef("user_id"))
    coach = Grant.objects.filter(_lets_in(Role.CARE_COACH, on), scope_id=OuterRef("child_id")).exclude(
        Exists(near)
    )
    rows = StrainCheck.objects.filter(child_id__in=[one.child_id for one in able], shared=True).exclude(
        signs=""
    )
    spoken = StrainTalk.objects.filter(
        Q(relative_id=OuterRef("relative_id"))
        | Q(relative_id__isnull=True, check_told__by_id=OuterRef("by_id")),
        child_id=OuterRef("child_id"),
        created_at__gte=OuterRef("created_at"),
    )
    at = OuterRef("created_at")
    newer = rows.filter(
        Q(relative_id=OuterRef("relative_id")) | Q(relative_id__isnull=True, by_id=OuterRef("by_id")),
        Q(created_at__gt=at) | Q(created_at=at, id__gt=OuterRef("id")),
        child_id=OuterRef("child_id"),
    )
    mine = Q(child_id__in=coached) | ~Exists(coach)
    return rows.filter(mine).exclude(Exists(spoken)).exclude(Exists(newer))


def sign_for(actor: Actor, subject: Subject, check_id: UUID, on: date) -> tuple[Course, Told]:
    """The course of a person with its newest sign that waits. Raises Missing for one that does not, or is no sign."""
    policy.require_every_domain(actor, "strain.settle", subject, on)
    for course in courses_for(actor, subject, on):
        if course.waiting is not None and course.waiting.check == check_id:
            return course, course.waiting
    raise Missing("no_such_sign", child_id=subject.child_id)
