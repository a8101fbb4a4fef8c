"""Registering people, organisations and accounts."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.core import rotation
from kindzorg.core.encryption import keyed_hash
from kindzorg.core.errors import Conflict, Invalid
from kindzorg.core.ids import new_id
from kindzorg.people.models import Child, Organisation, Professional, Region, Relative, User
from kindzorg.people.renewing import renew_secrets
from kindzorg.people.rules import OrganisationKind, Qualification, Relation, is_bsn

CORRECTABLE = frozenset({"given_name", "family_name", "birth_date", "gender", "bsn", "died_on"})


@dataclass(frozen=True, slots=True)
class NewChild:
    """What is known of a child at registration; all may be lacking."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    gender: str = ""
    bsn: str | None = None
    language: str = "nl"
    region_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewRelative:
    """A relative as registered."""

    name: str
    relation: Relation
    user_id: UUID | None = None
    birth_date: date | None = None
    phone: str = ""
    language: str = "nl"
    source_key: str = ""


@dataclass(frozen=True, slots=True)
class NewProfessional:
    """A professional as registered."""

    name: str
    organisation_id: UUID
    qualification: Qualification
    user_id: UUID | None = None
    discipline: str = ""
    phone: str = ""


@contextmanager
def _number_once() -> Iterator[None]:
    """The database says whether a number is in use: the actor may not see the other child."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        # Not chained: the database names the hash.
        raise Invalid("bsn_in_use", fields=("bsn",)) from None


@transaction.atomic
def register_region(actor: Actor, name: str, now: datetime) -> Region:
    """Add a region."""
    leave = policy.require(actor, "directory.change", None, now.date())
    region = Region.objects.create(name=name, created_at=now)
    about = {"leave": leave, "object_kind": "region", "object_id": region.id}
    write_line(actor, "region.registered", Kind.CREATE, None, now, **about)
    return region


@transaction.atomic
def register_organisation(
    actor: Actor, name: str, kind: OrganisationKind, region_id: UUID | None, now: datetime, **contact: str
) -> Organisation:
    """Add an organisation. `contact`: `phone`, `reply_time`."""
    leave = policy.require(actor, "directory.change", None, now.date())
    row = Organisation.objects.create(name=name, kind=kind, region_id=region_id, created_at=now, **contact)
    about = {"leave": leave, "object_kind": "organisation", "object_id": row.id}
    write_line(actor, "organisation.registered", Kind.CREATE, None, now, **about)
    return row


@transaction.atomic
def register_user(actor: Actor, username: str, name: str, now: datetime, *, language: str = "nl") -> User:
    """Add an account without a password: signing in is decided elsewhere."""
    leave = policy.require(actor, "directory.change", None, now.date())
    user = User(username=username, name=name, language=language, created_at=now)
    user.set_unusable_password()
    user.save(force_insert=True)
    about = {"leave": leave, "object_kind": "user", "object_id": user.id}
    write_line(actor, "account.registered", Kind.CREATE, None, now, **about)
    return user


@transaction.atomic
def register_professional(actor: Actor, new: NewProfessional, now: datetime) -> Professional:
    """Add a professional to an organisation."""
    leave = policy.require(actor, "directory.change", None, now.date())
    row = Professional.objects.create(
        name=new.name,
        organisation_id=new.organisation_id,
        qualification=new.qualification,
        user_id=new.user_id,
        discipline=new.discipline,
        phone=new.phone,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "professional", "object_id": row.id}
    write_line(actor, "professional.registered", Kind.CREATE, None, now, **about)
    return row


@transaction.atomic
def register_child(actor: Actor, new: NewChild, owner_id: UUID, now: datetime) -> Child:
    """Make a child's file. Raises Invalid for a citizen service number that cannot be one, or that is in use."""
    leave = policy.require(actor, "child.register", None, now.date())
    if new.bsn and not is_bsn(new.bsn):
        raise Invalid("bsn_not_valid", fields=("bsn",))
    child = Child(
        id=new_id(),
        given_name=new.given_name,
        family_name=new.family_name,
        birth_date=new.birth_date,
        gender=new.gender,
        bsn=new.bsn or None,
        language=new.language,
        region_id=new.region_id,
        owner_id=owner_id,
        created_at=now,
    )
    with _number_once():
        child.save(force_insert=True)
    subject = Subject(child.id, child.birth_date, child.region_id)
    about = {"leave": leave, "object_kind": "child", "object_id": child.id}
    write_line(actor, "child.registered", Kind.CREATE, subject, now, **about)
    return child


@transaction.atomic
def register_relative(actor: Actor, subject: Subject, new: NewRelative, now: datetime) -> Relative:
    """Add a relative of the child. Gives no authority and no access: those are rows of their own."""
    leave = policy.require(actor, "team.change", subject, now.date())
    owner_id = Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id)
    row = Relative.objects.create(
        child_id=subject.child_id,
        owner_id=owner_id,
        name=new.name,
        relation=new.relation,
        user_id=new.user_id,
        birth_date=new.birth_date,
        phone=new.phone,
        language=new.language,
        source_key=new.source_key,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "relative", "object_id": row.id}
    write_line(actor, "relative.registered", Kind.CREATE, subject, now, **about)
    return row


@transaction.atomic
def give_child_account(actor: Actor, subject: Subject, user_id: UUID, now: datetime) -> None:
    """Tie an account to the child, so that the child signs in as itself."""
    leave = policy.require(actor, "team.change", subject, now.date())
    Child.objects.filter(id=subject.child_id).update(user_id=user_id, changed_at=now)
    about = {"leave": leave, "object_kind": "user", "object_id": user_id}
    write_line(actor, "child.account_given", Kind.UPDATE, subject, now, **about)


@transaction.atomic
def correct_child(actor: Actor, subject: Subject, values: Mapping[str, object], now: datetime) -> None:
    """Set what is known of who the child is: some of `CORRECTABLE`, and nothing else.

    Raises Invalid for a citizen service number that cannot be one, or that is in use.
    """
    leave = policy.require(actor, "child.change", subject, now.date())
    fields = {name: value for name, value in values.items() if name in CORRECTABLE}
    number = str(fields.get("bsn") or "")
    if number and not is_bsn(number):
        raise Invalid("bsn_not_valid", fields=("bsn",))
    if "bsn" in fields:
        fields |= {"bsn": number or None, "bsn_hash": keyed_hash(number) if number else None}
    with _number_once():
        Child.objects.filter(id=subject.child_id).update(**fields, revision=F("revision") + 1, changed_at=now)
    about = {"leave": leave, "object_kind": "child", "object_id": subject.child_id}
    write_line(actor, "child.corrected", Kind.UPDATE, subject, now, **about)


@transaction.atomic
def merge_child(actor: Actor, subject: Subject, absorbed: Subject, now: datetime) -> None:
    """From now on the file of `absorbed` is read with that of `subject`. Nothing moves (docs/adr/0006).

    Raises Conflict("already_merged") when one of the two is part of a merge by now.
    """
    leave = policy.require(actor, "child.merge", subject, now.date())
    policy.require(actor, "child.merge", absorbed, now.date())
    rows = Child.objects.select_for_update().filter(id__in=(subject.child_id, absorbed.child_id))
    merged = {row.id: row.merged_into_id for row in rows.order_by("id")}
    if any(merged.values()) or Child.objects.filter(merged_into_id=absorbed.child_id).exists():
        raise Conflict("already_merged")
    Child.objects.filter(id=absorbed.child_id).update(merged_into_id=subject.child_id)
    about = {"leave": leave, "object_kind": "child", "object_id": absorbed.child_id}
    for one, event in ((subject, "child.merged"), (absorbed, "child.merged_away")):
        write_line(actor, event, Kind.UPDATE, one, now, **about)


@transaction.atomic
def part_child(actor: Actor, subject: Subject, absorbed_id: UUID, now: datetime) -> None:
    """The file that was merged into that of `subject` stands by itself again.

    Raises Conflict("not_merged"), or Invalid("bsn_in_use") when both files still have one number.
    """
    leave = policy.require(actor, "child.merge", subject, now.date())
    row = Child.objects.select_for_update().filter(id=absorbed_id, merged_into_id=subject.child_id).first()
    if row is None:
        raise Conflict("not_merged")
    with _number_once():
        Child.objects.filter(id=absorbed_id).update(merged_into_id=None)
    about = {"leave": leave, "object_kind": "child", "object_id": absorbed_id}
    for one in (subject, Subject(row.id, row.birth_date, row.region_id)):
        write_line(actor, "child.parted", Kind.UPDATE, one, now, **about)


def rotate_keys(actor: Actor, now: datetime, tell: Callable[[str, int, int], None]) -> int:
    """Put all that is encrypted under the newest key; gives back how many rows changed. As the owner of the database.

    The secrets of second steps too. Many short transactions: what is done stays done, and it can be run again. `tell`
    hears table, rows done and rows in all. Raises Unreadable.
    """
    leave = policy.require(actor, "keys.rotate", None, now.date())
    with transaction.atomic():
        write_line(actor, "keys.rotation_begun", Kind.EXECUTE, None, now, leave=leave)
    changed = rotation.rotate_keys(actor.id, now.date(), tell) + renew_secrets(tell)
    with transaction.atomic():
        write_line(actor, "keys.rotated", Kind.EXECUTE, None, now, leave=leave, rows=changed)
    return changed
