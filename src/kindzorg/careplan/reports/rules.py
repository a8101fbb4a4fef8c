"""What a report is: of which discipline, for whom, and when it may have happened. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from kindzorg.access.roles import FAMILY, Role
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.record.files.rules import AttachmentView, Prepared

LONGEST = 5000
# A page of them.
PAGE = 20
# How long ago something may have happened that is written down now; the clock of a telephone may be a little ahead.
OLDEST, AHEAD = timedelta(days=366), timedelta(minutes=10)


class Reach(StrEnum):
    """Who reads it: the team and the family, or the family alone."""

    TEAM = "team"
    FAMILY = "family"


class Discipline(StrEnum):
    """From which side of the care it is written: by the role in which somebody wrote it."""

    FAMILY = "family"
    NURSING = "nursing"
    MEDICAL = "medical"
    THERAPY = "therapy"
    GUIDANCE = "guidance"
    HELP = "help"
    SCHOOL = "school"
    YOUTH_CARE = "youth_care"


DISCIPLINES: Mapping[Discipline, frozenset[Role]] = {
    Discipline.FAMILY: FAMILY,
    Discipline.NURSING: frozenset({Role.PAEDIATRIC_NURSE, Role.LEVEL5_NURSE}),
    Discipline.MEDICAL: frozenset({Role.PAEDIATRICIAN, Role.GP}),
    Discipline.THERAPY: frozenset({Role.THERAPIST}),
    Discipline.GUIDANCE: frozenset({Role.CARE_COACH, Role.COORDINATOR, Role.CASE_MANAGER}),
    Discipline.HELP: frozenset({Role.PAID_HELPER}),
    Discipline.SCHOOL: frozenset({Role.SCHOOL}),
    Discipline.YOUTH_CARE: frozenset({Role.YOUTH_CARE}),
}
# The law under which who writes keeps a file; all others write in that of the treatment.
GROUNDS: Mapping[Role, Ground] = {Role.SCHOOL: Ground.SCHOOL, Role.YOUTH_CARE: Ground.JEUGDWET}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """What somebody writes. `corrects` is the entry of which it takes the place: about what it is and for whom stays,
    and so does its photo. Without a domain it is about the day as a whole. `written_in`: empty for Dutch."""

    words: str
    happened_at: datetime
    domain: LifeDomain | None = None
    reach: Reach = Reach.TEAM
    goal_id: UUID | None = None
    agreement_id: UUID | None = None
    attachment: tuple[Prepared, str] | None = None
    corrects: UUID | None = None
    written_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which reports are asked for; nothing given is all of them. Days are inclusive."""

    discipline: Discipline | None = None
    about_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One entry as it reads now. `about` are the words of its goal or agreement, where the reader may see that."""

    id: UUID
    domain: LifeDomain | None
    ground: Ground
    words: str
    by: str
    by_id: UUID
    by_role: Role
    organisation: str
    happened_at: datetime
    written_at: datetime
    reach: Reach
    goal_id: UUID | None = None
    agreement_id: UUID | None = None
    about: str = ""
    attachment: AttachmentView | None = None
    corrected: bool = False

    @property
    def discipline(self) -> Discipline:
        """From which side of the care it was written."""
        return discipline_of(self.by_role)


def discipline_of(role: Role) -> Discipline:
    """The discipline of a role. Raises StopIteration never: who may write stands in one of them."""
    return next((one for one, roles in DISCIPLINES.items() if role in roles), Discipline.GUIDANCE)


def ground_of(role: Role | None) -> Ground:
    """Under which law something stands that is written in this role (`access/parties.csv`; te bevestigen)."""
    return GROUNDS.get(role, Ground.WGBO) if role else Ground.WGBO


def check_report(new: NewReport, now: datetime) -> None:
    """Refuse a report that says nothing or too much, of another time, or of two things at once. Raises Invalid."""
    if not new.words.strip():
        raise Invalid("report_says_nothing", fields=("words",))
    if len(new.words) > LONGEST:
        raise Invalid("report_too_long", fields=("words",), longest=LONGEST)
    if not now - OLDEST <= new.happened_at <= now + AHEAD:
        raise Invalid("report_other_time", fields=("happened_at",))
    if new.goal_id and new.agreement_id:
        raise Invalid("report_about_two", fields=("about",))
