"""Who acts, which children appear, and who is in the team."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import TruncDate

from kindzorg.access import policy, sight
from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.policy import Grant as AccessGrant
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam import subjects
from kindzorg.careteam.marks.rules import hidden_side, kept_apart
from kindzorg.careteam.models import (
    CourtRestriction,
    Grant,
    Mark,
    Membership,
    ParentalAuthority,
)
from kindzorg.careteam.rules import HidesFrom, RestrictionKind
from kindzorg.careteam.subjects import (
    child_row,
    house_of,
    offered_at,
    open_part,
    organisations_of,
    subject_of,
    with_offer,
    with_subject,
)
from kindzorg.core import clock
from kindzorg.core.errors import Missing
from kindzorg.core.own_words import House, about_child
from kindzorg.core.statements import worded_once
from kindzorg.core.vocabulary import Audience, LifeDomain
from kindzorg.people.models import Child, Professional, User

in_force = subjects.in_force


@dataclass(frozen=True, slots=True)
class OpenedChild:
    """A child's file that was opened: the child, what the policy knows of it, and the actor's role there.

    `had_emergency` says whether anybody ever looked along in an emergency; so that who asks for it need not ask of all.
    `coach_offered_at` is since when an offer of a care coach waits for the family's word.
    """

    child: Child
    subject: Subject
    role: Role | None
    had_emergency: bool = False
    coach_offered_at: datetime | None = None

    @property
    def audience(self) -> Audience:
        """For whom texts are meant: by the role in which the actor meets this child."""
        if self.role in (Role.CHILD, Role.YOUNG_PERSON):
            return Audience.CHILD if self.role == Role.CHILD else Audience.PARENT
        return Audience.PARENT if policy.is_family(self.role) else Audience.PROFESSIONAL


@worded_once
def _grants(user_id: UUID) -> QuerySet[Any, Any]:
    work = Professional.objects.filter(user_id=user_id).order_by("created_at", "id")
    return (
        Grant.objects.filter(user_id=user_id)
        .annotate(
            work_id=Subquery(work.values("organisation_id")[:1], output_field=UUIDField()),
            work_name=Subquery(work.values("organisation__name")[:1]),
            work_stamp=Subquery(work.values("organisation__own_stamp")[:1], output_field=UUIDField()),
            work_as=Subquery(work.values("qualification")[:1]),
        )
        .order_by("created_at", "id")
        .values(
            "role",
            "scope",
            "scope_id",
            "starts",
            "until",
            "domains",
            "sight_until",
            "ends_at",
            "emergency",
            "work_id",
            "work_name",
            "work_stamp",
            "work_as",
        )
    )


def _access_grant(row: Mapping[str, Any]) -> AccessGrant:
    open_to = sight.read(row["domains"])
    return AccessGrant(
        Role(row["role"]),
        Scope(row["scope"]),
        row["scope_id"],
        row["starts"],
        sight.earlier(row["until"], row["sight_until"]),
        frozenset(open_to),
        row["emergency"],
        {domain: end for domain, end in open_to.items() if end},
        row["ends_at"],
    )


def actor_for(
    user: User,
    *,
    assurance: Assurance = Assurance.HIGH,
    at: datetime | None = None,
) -> Actor:
    """The Actor of an account, in one statement: its grants, each with where the person works.

    A door says how sure it is that this is the person; who calls this from within (a command, a loader) vouches
    for that. Emergency access that was over at moment `at` (None: now) is left out.
    """
    moment = at or clock.now()
    grants = [row for row in _grants(user.id) if row["ends_at"] is None or moment < row["ends_at"]]
    works = grants[0] if grants else {}
    return Actor(
        id=user.id,
        name=user.name,
        grants=tuple(_access_grant(row) for row in grants),
        organisation_id=works.get("work_id"),
        organisation=works.get("work_name") or "",
        house=House(works["work_id"], works["work_stamp"]) if works.get("work_id") else None,
        qualification=works.get("work_as") or "",
        language=user.language,
        assurance=assurance,
    )


def visible_children(actor: Actor, on: date) -> Q:
    """The one SQL condition on Child for which children may appear at all to this actor on this day.

    A file that was merged into another is read by who may open the other, and by nobody else.
    """
    if actor.system:
        return Q()
    kept = Q(id__in=_kept_from(actor, on))
    own = _own(actor, on) & Q(merged_into__isnull=True)
    return (own | Q(merged_into_id__in=Child.objects.filter(own & ~kept).values("id"))) & ~kept


def _own(actor: Actor, on: date) -> Q:
    ids: dict[Scope, list[UUID]] = {scope: [] for scope in Scope}
    for grant in actor.grants:
        reaches = grant.holds(on) and grant.covers(on)
        if reaches and grant.scope_id and policy.opens_children(grant.role):
            ids[grant.scope].append(grant.scope_id)
    seen = Q(id__in=ids[Scope.CHILD])
    if ids[Scope.ORGANISATION]:
        members = Membership.objects.filter(open_part(on), organisation_id__in=ids[Scope.ORGANISATION])
        seen |= Q(id__in=members.values("child_id"))
    if ids[Scope.NETWORK]:
        seen |= Q(region_id__in=ids[Scope.NETWORK])
    return seen


def _kept_from(actor: Actor, on: date) -> QuerySet[CourtRestriction, Any]:
    kept = CourtRestriction.objects.filter(in_force(on), relative__user_id=actor.id, kind=RestrictionKind.SEE)
    return kept.values("child_id")


def children_for(actor: Actor, on: date) -> QuerySet[Child]:
    """The children who may appear to this actor in a list: without files that were merged into another."""
    listed = Q(merged_into__isnull=True)
    if not actor.system:
        listed &= _own(actor, on) & ~Q(id__in=_kept_from(actor, on))
    return Child.objects.filter(listed)


def opened_children(
    actor: Actor, on: date, limit: int | None = None, among: Iterable[UUID] | None = None
) -> Sequence[OpenedChild]:
    """Who may appear (the first `limit` by name, `among` these), in one statement. The caller writes the reads."""
    seen = with_subject(with_offer(children_for(actor, on), on), actor.id, organisations_of(actor), on)
    seen = seen if among is None else seen.filter(id__in=among)
    rows = seen.order_by("given_name", "id")[:limit]
    opened = [
        OpenedChild(
            row,
            subject := subject_of(actor, row, on),
            policy.role_for(actor, subject, on),
            coach_offered_at=offered_at(row),
        )
        for row in rows
    ]
    return [one for one in opened if policy.may(actor, "child.open", one.subject, on)]


def child_for(actor: Actor, child_id: UUID, on: date) -> OpenedChild:
    """The child for an action, checked but without a line of reading. Raises Missing: unknown and forbidden alike."""
    for row in child_row(child_id, actor.id, organisations_of(actor), on):
        subject = subject_of(actor, row, on)
        if row.merged_into_id:
            return _merged(actor, row, subject, on)
        policy.require(actor, "child.open", subject, on)
        about_child(child_id, house_of(row))
        role, ever = policy.role_for(actor, subject, on), row.had_emergency  # type: ignore[attr-defined]
        return OpenedChild(row, subject, role, ever, offered_at(row))
    raise Missing("child_not_found", child_id=child_id)


def _merged(actor: Actor, row: Child, of_old: Subject, on: date) -> OpenedChild:
    """A file that was merged into another: who may open the other reads it in the same role, and writes nothing.

    Whom a court kept from the old file stays out of it.
    """
    whole = child_for(actor, row.merged_into_id, on)  # type: ignore[arg-type]
    subject = replace(
        whole.subject,
        child_id=row.id,
        merged_into=whole.child.id,
        may_see=of_old.may_see,
        closed_after_death=of_old.closed_after_death,
        is_relative=whole.subject.is_relative or of_old.is_relative,
    )
    policy.require(actor, "child.open", subject, on)
    about_child(row.id, house_of(whole.child))
    return OpenedChild(row, subject, whole.role)


def open_child(
    actor: Actor,
    child_id: UUID,
    permission: str | tuple[str, ...],
    event: str,
    now: datetime,
    *,
    about_id: UUID | None = None,
) -> OpenedChild:
    """The one way to a child's file: checks `permission` (of several the first that there is) and writes the read to
    the trail.

    `event` names the page, for example `plan.read`, `about_id` what it is about where that is not the whole child.
    Raises Missing or Refused, both shown as not found.
    """
    opened = child_for(actor, child_id, now.date())
    *others, last = (permission,) if isinstance(permission, str) else permission
    held = next((one for one in others if policy.may(actor, one, opened.subject, now.date())), last)
    leave = policy.require(actor, held, opened.subject, now.date())
    about = {"leave": leave, "object_kind": "child", "object_id": about_id or child_id}
    write_line(actor, event, Kind.READ, opened.subject, now, **about)
    if opened.subject.merged_into:  # The family looks at the trail of the file that goes on.
        whole = replace(opened.subject, child_id=opened.subject.merged_into, merged_into=None)
        write_line(actor, "files.earlier_read", Kind.READ, whole, now, **about)
    return opened


def privacy_officers(actor: Actor, on: date, organisation_id: UUID | None = None) -> Mapping[UUID, UUID]:
    """The accounts of who guards privacy, each with its organisation: of one organisation, or of all.

    To them goes a question of a family, or a seal of the trail.
    """
    rows = Grant.objects.filter(in_force(on), role=Role.PRIVACY_OFFICER, scope=Scope.ORGANISATION)
    if organisation_id:
        rows = rows.filter(scope_id=organisation_id)
    found = rows.order_by("created_at", "id").values_list("user_id", "scope_id")
    return {user_id: scope_id for user_id, scope_id in found if scope_id}


def owner_of(actor: Actor, subject: Subject, on: date) -> tuple[UUID, str]:
    """The organisation that keeps the child's file: its id and its name."""
    policy.require(actor, "child.open", subject, on)
    return Child.objects.values_list("owner_id", "owner__name").get(id=subject.child_id)


def team_for(actor: Actor, subject: Subject, on: date) -> Sequence[Membership]:
    """Who takes part in the child's care now, those who lead first."""
    policy.require(actor, "team.read", subject, on)
    return list(
        Membership.objects.filter(in_force(on), child_id=subject.child_id)
        .select_related("professional__organisation", "relative", "organisation")
        .order_by("-leads", "starts", "id")
    )


def joined_or_left(
    actor: Actor, subject: Subject, since: datetime | Subquery, on: date
) -> tuple[QuerySet[Membership], QuerySet[Membership]]:
    """Others who came into the child's care after this moment (or what finds it), and who left it up to this day; not
    yet asked for."""
    policy.require(actor, "team.read", subject, on)
    own = Q(professional__user_id=actor.id) | Q(relative__user_id=actor.id)
    others = Membership.objects.filter(child_id=subject.child_id).exclude(own)
    came = others.filter(created_at__gt=since, starts__lte=on)
    # An end has a day and no moment: who left on the day of that visit is told rather twice than never.
    moment = Value(since, output_field=DateTimeField()) if isinstance(since, datetime) else since
    left = others.filter(until__gte=TruncDate(moment), until__lte=on, created_at__lte=moment)
    return came, left


def authority_holders(actor: Actor, subject: Subject, on: date) -> Sequence[ParentalAuthority]:
    """The authorities in force over the child, with the relatives who hold them."""
    policy.require(actor, "child.open", subject, on)
    return list(
        ParentalAuthority.objects.filter(in_force(on), child_id=subject.child_id)
        .select_related("relative")
        .order_by("starts", "id")
    )


def no_court_keeps(on: date) -> Q:
    """The condition on ParentalAuthority that no court keeps its holder from deciding or looking (BW 1:253a)."""
    kept = CourtRestriction.objects.filter(in_force(on), relative_id=OuterRef("relative_id"))
    return Q(~Exists(kept))


def reads_restricted(actor: Actor, subject: Subject, on: date) -> bool:
    """Whether the actor reads what is kept from the whole family (meldcode). Costs no statement.

    Never somebody of the family, also not one who works here too, and never by emergency access.
    """
    leave = policy.explain(actor, "note.read_restricted", subject, on, LifeDomain.SAFETY)
    emergency = leave.grant is not None and leave.grant.emergency
    return leave.allowed and not emergency and not subject.is_relative


def hidden_objects(actor: Actor, subject: Subject, on: date) -> frozenset[UUID]:
    """The ids of entries that are kept from this reader, also of what the trail says of them. One statement at most.

    What is restricted, and the marks themselves, stand in the trail under one id per child: their own ids, and how
    many there are, are nowhere to be found.
    """
    found = _kept_apart(actor, subject, side_of(actor, subject, on), on)
    return frozenset({*found, *marked_objects(actor, subject, on)})


def hidden_lines(actor: Actor, subject: Subject, on: date, column: str = "object_id") -> Q:
    """The same as a condition on lines of the trail, or on rows with the id in another column. It asks nothing by
    itself."""
    apart = _kept_apart(actor, subject, side_of(actor, subject, on), on)
    return Q(**{f"{column}__in": apart}) | Q(**{f"{column}__in": marked_objects(actor, subject, on)})


def side_of(actor: Actor, subject: Subject, on: date) -> HidesFrom | None:
    """From whose side entries are kept for this reader. Who is of the family reads as family, also who works here."""
    side = hidden_side(policy.role_for(actor, subject, on))
    return HidesFrom.PARENTS if side is None and subject.is_relative else side


def _kept_apart(actor: Actor, subject: Subject, side: HidesFrom | None, on: date) -> frozenset[UUID]:
    return kept_apart(
        subject.child_id,
        side,
        reads_restricted=reads_restricted(actor, subject, on),
        reads_strain=policy.sees_all(actor, "strain.read", subject, on),
        reads_annex=policy.sees_all(actor, "annex.read", subject, on),
    )


def marked_objects(actor: Actor, subject: Subject, on: date) -> QuerySet[Mark, UUID]:
    """The ids of entries that are marked as not for this reader; none for professionals. It asks nothing by itself."""
    side, marks = side_of(actor, subject, on), Mark.objects.filter(in_force(on), child_id=subject.child_id)
    found = marks.filter(hides_from=side) if side else marks.none()
    return found.values_list("object_id", flat=True)


def kept_from_seeing(actor: Actor, subject: Subject, on: date) -> frozenset[UUID]:
    """The accounts that may not be told of this child: a court keeps them from seeing, or nothing is open to them.

    `actor` was let in by who calls.
    """
    kept = CourtRestriction.objects.filter(in_force(on), child_id=subject.child_id, kind=RestrictionKind.SEE)
    by_court = kept.filter(relative__user__isnull=False).values_list("relative__user_id", flat=True)
    rights = Grant.objects.filter(scope=Scope.CHILD, scope_id=subject.child_id)
    shut = rights.exclude(user_id__in=rights.filter(open_part(on)).values("user_id"))
    return frozenset(by_court.union(shut.values_list("user_id", flat=True)))


def arranging(actor: Actor, subject: Subject, on: date) -> frozenset[UUID]:
    """The accounts of who coordinates, else of who leads the nursing. `actor` was let in by who calls."""
    rows = Grant.objects.filter(
        in_force(on), scope=Scope.CHILD, scope_id=subject.child_id, role=Role.COORDINATOR
    )
    leads = Membership.objects.filter(in_force(on), child_id=subject.child_id, leads=True)
    found = rows.values_list("user_id", flat=True) or leads.values_list("professional__user_id", flat=True)
    return frozenset(found) - {None}
