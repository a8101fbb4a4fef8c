"""The small values that items of the file are built from. Pure data, hashable, written as plain JSON.

Words of the sender (codes) are kept as sent; the human text stands beside them.
"""

from dataclasses import dataclass

from kindzorg.core.vocabulary import Truth

PartialDate = str
"""A date as precise as the sender knew it: "2026", "2026-07", or with day, time and zone. "" is unknown."""


@dataclass(frozen=True)
class Code:
    system: str = ""
    code: str = ""
    display: str = ""


@dataclass(frozen=True)
class Concept:
    """Human text with the codes it was sent with."""

    text: str = ""
    codes: tuple[Code, ...] = ()


NO_CONCEPT = Concept()


@dataclass(frozen=True)
class Identifier:
    system: str = ""
    value: str = ""


@dataclass(frozen=True)
class Link:
    """Another item: its name as far as known, and the `source_key` under which the file may hold it."""

    text: str = ""
    key: str = ""


NO_LINK = Link()


@dataclass(frozen=True)
class Span:
    start: PartialDate = ""
    end: PartialDate = ""


NO_SPAN = Span()


@dataclass(frozen=True)
class Quantity:
    """A measured amount. `value` is the decimal as text; `comparator` is "<", ">" and so on, or ""."""

    value: str = ""
    unit: str = ""
    system: str = ""
    code: str = ""
    comparator: str = ""


NO_QUANTITY = Quantity()


@dataclass(frozen=True)
class Value:
    """What was found: an amount, a choice, yes or no, or words. `text` reads on its own, yes or no apart."""

    text: str = ""
    quantity: Quantity = NO_QUANTITY
    concept: Concept = NO_CONCEPT
    truth: Truth = Truth.UNKNOWN


NO_VALUE = Value()


@dataclass(frozen=True)
class PersonName:
    text: str = ""
    given: str = ""
    family: str = ""
    call_name: str = ""


NO_NAME = PersonName()


@dataclass(frozen=True)
class Address:
    lines: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True)
class ContactPoint:
    """A way to reach somebody; `system` is phone, email and so on, as sent."""

    system: str = ""
    value: str = ""
    use: str = ""


@dataclass(frozen=True)
class Language:
    language: Concept = NO_CONCEPT
    preferred: Truth = Truth.UNKNOWN
    comment: str = ""


@dataclass(frozen=True)
class Member:
    who: Link = NO_LINK
    roles: tuple[Concept, ...] = ()
    on_behalf_of: Link = NO_LINK
    period: Span = NO_SPAN


@dataclass(frozen=True)
class Reaction:
    substance: Concept = NO_CONCEPT
    manifestations: tuple[Concept, ...] = ()
    description: str = ""
    severity: str = ""
    on: PartialDate = ""


@dataclass(frozen=True)
class Target:
    measure: Concept = NO_CONCEPT
    detail: Value = NO_VALUE
    due: PartialDate = ""


@dataclass(frozen=True)
class Schedule:
    """When something is done: words, or `frequency` times per `period` `unit` (h, d, wk), or clock times."""

    text: str = ""
    frequency: str = ""
    period: str = ""
    unit: str = ""
    times: tuple[str, ...] = ()
    bounds: Span = NO_SPAN


NO_SCHEDULE = Schedule()


@dataclass(frozen=True)
class Activity:
    """One act of care. `forbidden`: the sender says it must not be done."""

    what: Concept = NO_CONCEPT
    status: str = ""
    description: str = ""
    schedule: Schedule = NO_SCHEDULE
    performers: tuple[Link, ...] = ()
    device: Link = NO_LINK
    location: Link = NO_LINK
    forbidden: bool = False


@dataclass(frozen=True)
class Component:
    """Part of a measurement; `method` where it differs per part (feeding by tube, by bottle)."""

    what: Concept = NO_CONCEPT
    value: Value = NO_VALUE
    absent_reason: Concept = NO_CONCEPT
    method: Concept = NO_CONCEPT
