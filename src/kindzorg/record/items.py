"""What a child's file is made of. Pure data.

An item carries its source: `source_key` tells the same item again when it is sent twice. Words of the sender
(`status`, codes) are kept as sent. Nothing here decides; `rules.py` does.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from kindzorg.core.vocabulary import Truth
from kindzorg.record.values import (
    NO_CONCEPT,
    NO_LINK,
    NO_NAME,
    NO_SCHEDULE,
    NO_SPAN,
    NO_VALUE,
    Activity,
    Address,
    Component,
    Concept,
    ContactPoint,
    Identifier,
    Language,
    Link,
    Member,
    PartialDate,
    PersonName,
    Reaction,
    Schedule,
    Span,
    Target,
    Value,
)


class ItemKind(StrEnum):
    """The kinds of item a file holds, named as in the glossary."""

    CHILD = "child"
    RELATIVE = "relative"
    PROFESSIONAL = "professional"
    ORGANISATION = "organisation"
    CARE_TEAM = "care_team"
    CONDITION = "condition"
    ALLERGY = "allergy"
    DEVICE = "device"
    GOAL = "goal"
    ENCOUNTER = "encounter"
    DIRECTIVE = "directive"
    INTERVENTION = "intervention"
    MEASUREMENT = "measurement"
    RANGE = "range"
    MEDICATION = "medication"


class Matter(StrEnum):
    """What a condition is about: the legal situation of a child travels as a FHIR Condition too."""

    HEALTH = "health"
    LEGAL_STATUS = "legal_status"
    REPRESENTATION = "representation"


class Decision(StrEnum):
    """What a directive decides about a treatment. CONDITIONAL: yes or no only as its `specification` says."""

    PERMITTED = "permitted"
    REFUSED = "refused"
    CONDITIONAL = "conditional"
    NOT_SAID = "not_said"


@dataclass(frozen=True, kw_only=True)
class Item:
    """What all items share. `withdrawn`: the sender says it was entered in error."""

    kind: ClassVar[ItemKind]
    source_key: str
    source: str = ""
    recorded_on: PartialDate = ""
    status: str = ""
    withdrawn: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Identity(Item):
    """Who the child is. A child may have no name or BSN yet; a BSN that fails the test is not kept."""

    kind: ClassVar[ItemKind] = ItemKind.CHILD
    name: PersonName = NO_NAME
    birth_date: PartialDate = ""
    bsn: str = ""
    gender: str = ""
    addresses: tuple[Address, ...] = ()
    contacts: tuple[ContactPoint, ...] = ()
    languages: tuple[Language, ...] = ()
    interpreter_needed: Truth = Truth.UNKNOWN
    multiple_birth: Truth = Truth.UNKNOWN
    deceased: Truth = Truth.UNKNOWN
    deceased_on: PartialDate = ""


@dataclass(frozen=True, kw_only=True)
class RelatedPersonItem(Item):
    kind: ClassVar[ItemKind] = ItemKind.RELATIVE
    name: PersonName = NO_NAME
    relationships: tuple[Concept, ...] = ()
    birth_date: PartialDate = ""
    gender: str = ""
    contacts: tuple[ContactPoint, ...] = ()
    addresses: tuple[Address, ...] = ()
    languages: tuple[Language, ...] = ()
    active: Truth = Truth.UNKNOWN
    period: Span = NO_SPAN


@dataclass(frozen=True, kw_only=True)
class ProfessionalItem(Item):
    """A professional, in one role where the sender names one."""

    kind: ClassVar[ItemKind] = ItemKind.PROFESSIONAL
    name: PersonName = NO_NAME
    identifiers: tuple[Identifier, ...] = ()
    roles: tuple[Concept, ...] = ()
    specialties: tuple[Concept, ...] = ()
    qualifications: tuple[Concept, ...] = ()
    person: Link = NO_LINK
    organisation: Link = NO_LINK
    contacts: tuple[ContactPoint, ...] = ()
    active: Truth = Truth.UNKNOWN
    period: Span = NO_SPAN


@dataclass(frozen=True, kw_only=True)
class OrganisationItem(Item):
    kind: ClassVar[ItemKind] = ItemKind.ORGANISATION
    name: str = ""
    identifiers: tuple[Identifier, ...] = ()
    types: tuple[Concept, ...] = ()
    contacts: tuple[ContactPoint, ...] = ()
    addresses: tuple[Address, ...] = ()
    part_of: Link = NO_LINK
    active: Truth = Truth.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class TeamItem(Item):
    kind: ClassVar[ItemKind] = ItemKind.CARE_TEAM
    name: str = ""
    members: tuple[Member, ...] = ()
    reasons: tuple[Link, ...] = ()
    organisations: tuple[Link, ...] = ()
    period: Span = NO_SPAN


@dataclass(frozen=True, kw_only=True)
class ConditionItem(Item):
    """A problem or diagnosis, or (see `matter`) the legal situation. `certainty` may say refuted: read it."""

    kind: ClassVar[ItemKind] = ItemKind.CONDITION
    what: Concept = NO_CONCEPT
    matter: Matter = Matter.HEALTH
    categories: tuple[Concept, ...] = ()
    certainty: str = ""
    severity: Concept = NO_CONCEPT
    body_sites: tuple[Concept, ...] = ()
    period: Span = NO_SPAN
    reported_by: Link = NO_LINK


@dataclass(frozen=True, kw_only=True)
class AllergyItem(Item):
    """An allergy or intolerance. `certainty` may say refuted: read it."""

    kind: ClassVar[ItemKind] = ItemKind.ALLERGY
    what: Concept = NO_CONCEPT
    categories: tuple[str, ...] = ()
    mechanism: str = ""
    criticality: str = ""
    certainty: str = ""
    since: PartialDate = ""
    last_occurrence: PartialDate = ""
    reactions: tuple[Reaction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeviceItem(Item):
    """An aid or device, with its use where the sender gives it."""

    kind: ClassVar[ItemKind] = ItemKind.DEVICE
    what: Concept = NO_CONCEPT
    product_codes: tuple[str, ...] = ()
    device: Link = NO_LINK
    used: Span = NO_SPAN
    schedule: Schedule = NO_SCHEDULE
    body_site: Concept = NO_CONCEPT
    reasons: tuple[Link, ...] = ()
    professional: Link = NO_LINK
    location: Link = NO_LINK


@dataclass(frozen=True, kw_only=True)
class GoalItem(Item):
    kind: ClassVar[ItemKind] = ItemKind.GOAL
    what: Concept = NO_CONCEPT
    categories: tuple[Concept, ...] = ()
    achievement: Concept = NO_CONCEPT
    priority: Concept = NO_CONCEPT
    start: PartialDate = ""
    targets: tuple[Target, ...] = ()
    addresses: tuple[Link, ...] = ()
    expressed_by: Link = NO_LINK


@dataclass(frozen=True, kw_only=True)
class EncounterItem(Item):
    kind: ClassVar[ItemKind] = ItemKind.ENCOUNTER
    setting: Concept = NO_CONCEPT
    types: tuple[Concept, ...] = ()
    period: Span = NO_SPAN
    reasons: tuple[Concept, ...] = ()
    participants: tuple[Member, ...] = ()
    locations: tuple[Link, ...] = ()
    organisation: Link = NO_LINK
    admitted_from: Concept = NO_CONCEPT
    discharged_to: Concept = NO_CONCEPT


@dataclass(frozen=True, kw_only=True)
class DirectiveItem(Item):
    """A directive on treatment (behandelaanwijzing), or `advance`: an advance directive (wilsverklaring)."""

    kind: ClassVar[ItemKind] = ItemKind.DIRECTIVE
    advance: bool = False
    what: tuple[Concept, ...] = ()
    decision: Decision = Decision.NOT_SAID
    specification: str = ""
    decided_on: PartialDate = ""
    period: Span = NO_SPAN
    agreed_by: tuple[Member, ...] = ()
    disorders: tuple[Link, ...] = ()
    based_on: Link = NO_LINK
    reason_ended: str = ""


@dataclass(frozen=True, kw_only=True)
class InterventionItem(Item):
    """What nurses do (verpleegkundige interventie), or others (hulp van anderen)."""

    kind: ClassVar[ItemKind] = ItemKind.INTERVENTION
    title: str = ""
    description: str = ""
    intent: str = ""
    categories: tuple[Concept, ...] = ()
    activities: tuple[Activity, ...] = ()
    period: Span = NO_SPAN
    addresses: tuple[Link, ...] = ()
    goals: tuple[Link, ...] = ()
    author: Link = NO_LINK


@dataclass(frozen=True, kw_only=True)
class MeasurementItem(Item):
    """A measurement or finding. `profile` is the last part of the nl-core profile's name, or ""."""

    kind: ClassVar[ItemKind] = ItemKind.MEASUREMENT
    what: Concept = NO_CONCEPT
    profile: str = ""
    categories: tuple[Concept, ...] = ()
    measured: Span = NO_SPAN
    value: Value = NO_VALUE
    absent_reason: Concept = NO_CONCEPT
    interpretation: tuple[Concept, ...] = ()
    body_site: Concept = NO_CONCEPT
    method: Concept = NO_CONCEPT
    components: tuple[Component, ...] = ()
    members: tuple[Link, ...] = ()
    performers: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RangeItem(Item):
    """Between which amounts a measurement is usual for this child, as its own professional set it. "" is no bound.

    It is never changed: a new one takes its place from its day on.
    """

    kind: ClassVar[ItemKind] = ItemKind.RANGE
    what: Concept = NO_CONCEPT
    profile: str = ""
    low: str = ""
    high: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class MedicationItem(Item):
    """A medicine that a sender or the family says the child gets: read as it was said, never calculated with.

    `dosage` are the sender's words, a line each; `at_home`: the family says that it gives this.
    """

    kind: ClassVar[ItemKind] = ItemKind.MEDICATION
    what: Concept = NO_CONCEPT
    dosage: tuple[str, ...] = ()
    used: Span = NO_SPAN
    at_home: bool = False
    reasons: tuple[Link, ...] = ()
    professional: Link = NO_LINK
    reason_ended: str = ""
