"""How long looking along in an emergency lasts, who may ask for it, and when it must have been reviewed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kindzorg.people.rules import OrganisationKind, Qualification

LASTS = timedelta(hours=4)
# The privacy officer answers within a week (te bevestigen: no law names a term).
REVIEW_WITHIN = timedelta(days=7)
# Where somebody can be brought in an emergency, or is called to.
HOUSES = frozenset({OrganisationKind.HOSPITAL, OrganisationKind.HOME_CARE, OrganisationKind.GP_PRACTICE})
CARERS = frozenset(Qualification) - {
    Qualification.SOCIAL_WORKER,
    Qualification.TEACHER,
    Qualification.OFFICIAL,
    Qualification.NONE,
}
# A name and a birth date are typed wrong once or twice; who tries on is guessing.
ATTEMPTS, WITHIN = 5, timedelta(hours=1)
# Letters: enough for the privacy officer to judge by.
REASON_AT_LEAST = 15


class EmergencyStanding(StrEnum):
    """Where an emergency access stands."""

    RUNNING = "running"
    TO_REVIEW = "to_review"
    OVERDUE = "overdue"
    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom somebody looks for: exact, and never a list. The given name tells twins apart."""

    family_name: str
    birth_date: date
    given_name: str = ""

    def is_it(self, child: Mapping[str, str]) -> bool:
        """Whether this child is meant: names as they are written, whatever the capitals and spaces."""
        wanted = {"family_name": self.family_name, "given_name": self.given_name}
        return all(_plain(child[key]) == _plain(word) for key, word in wanted.items() if word)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def ends_at(now: datetime) -> datetime:
    """When it is over. Asking again is a new one; it is never prolonged."""
    return now + LASTS


def review_by(now: datetime) -> date:
    """The last day for the review."""
    return (now + REVIEW_WITHIN).date()


def too_often(attempts: int) -> bool:
    """Whether somebody looked for a child too often within the hour."""
    return attempts >= ATTEMPTS


def standing(ends: datetime, due: date, justified: bool | None, now: datetime) -> EmergencyStanding:
    """Where it stands at this moment; a review goes before all."""
    if justified is not None:
        return EmergencyStanding.JUSTIFIED if justified else EmergencyStanding.NOT_JUSTIFIED
    if now < ends:
        return EmergencyStanding.RUNNING
    return EmergencyStanding.OVERDUE if now.date() > due else EmergencyStanding.TO_REVIEW
