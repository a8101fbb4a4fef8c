"""FHIR data types read into values of the file.

Senders make mistakes, so nothing here fails on a wrong shape: what cannot be read is empty. The exception is
what turns a statement into its opposite (a status, a certainty): present but unreadable is refused.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Truth
from kindzorg.record.values import (
    NO_QUANTITY,
    Code,
    Concept,
    Identifier,
    PartialDate,
    Quantity,
    Schedule,
    Span,
    Value,
)

Json = dict[str, Any]

DATE = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?)?)?"
)
WITHDRAWN = "entered-in-error"
FURTHER = ("ext-Problem.FurtherSpecificationProblemName", "ext-AnatomicalLocation.Laterality")


class Unreadable(Invalid):
    """A resource whose meaning is not clear. The code is the reason for the report."""


def text(value: Any) -> str:
    """A string or number as text, trimmed; anything else is empty."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _decimal(value)
    return ""


def objects(holder: Any, name: str) -> tuple[Json, ...]:
    """The objects under a name. One object where a list belongs is read as a list of one."""
    found = holder.get(name) if isinstance(holder, dict) else None
    if isinstance(found, dict):
        return (found,)
    return tuple(each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


def first(holder: Any, name: str) -> Json:
    found = objects(holder, name)
    return found[0] if found else {}


def texts(holder: Any, name: str) -> tuple[str, ...]:
    found = holder.get(name) if isinstance(holder, dict) else None
    several = found if isinstance(found, list) else [found]
    return tuple(word for word in map(text, several) if word)


def word(holder: Json, name: str) -> str:
    """A single text; "" where it is absent."""
    return text(holder.get(name))


def status(resource: Json, name: str = "status") -> str:
    """A word that decides how to read the rest. Raises Unreadable("unreadable_status")."""
    value = resource.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or not value.strip():
        raise Unreadable("unreadable_status", field=name)
    return value.strip()


def status_code(resource: Json, name: str) -> str:
    """The like of `status` for a concept (clinicalStatus): its first code, else its text."""
    value = resource.get(name)
    if value is None:
        return ""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    read = concept(value)
    found = next((code.code for code in read.codes if code.code), read.text)
    if not found:
        raise Unreadable("unreadable_status", field=name)
    return found


def flag(holder: Json, name: str) -> bool:
    """A yes or no that decides how to read the rest. Raises Unreadable("unreadable_status")."""
    value = holder.get(name)
    if value is not None and not isinstance(value, bool):
        raise Unreadable("unreadable_status", field=name)
    return bool(value)


def truth(value: Any) -> Truth:
    if not isinstance(value, bool):
        return Truth.UNKNOWN
    return Truth.YES if value else Truth.NO


def day(value: Any) -> PartialDate:
    """A FHIR date or dateTime that exists in the calendar; "" otherwise."""
    match = DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        return ""
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return ""
    return match[0]


def earliest_named(resource: Json, *names: str) -> PartialDate:
    """The first of the named dates that is there; else when the sender last touched the resource."""
    for name in names:
        if found := day(resource.get(name)):
            return found
    return day(first(resource, "meta").get("lastUpdated"))


def span(value: Any) -> Span:
    return Span(day(value.get("start")), day(value.get("end"))) if isinstance(value, dict) else Span()


def moment(holder: Json, name: str) -> Span:
    """A choice of moment or period, such as effective[x] or timing[x]."""
    for suffix in ("DateTime", "Instant"):
        if found := day(holder.get(f"{name}{suffix}")):
            return Span(found, "")
    period = span(holder.get(f"{name}Period"))
    if period != Span():
        return period
    return span(first(holder.get(f"{name}Timing"), "repeat").get("boundsPeriod"))


def codings(value: Any) -> Iterator[Code]:
    for coding in objects(value, "coding"):
        code = Code(word(coding, "system"), word(coding, "code"), word(coding, "display"))
        if code.code or code.display:
            yield code


def coding(value: Any) -> Concept:
    """A single Coding, such as Encounter.class."""
    return concept({"coding": value})


def concept(value: Any) -> Concept:
    """A CodeableConcept; a bare text where one belongs is taken as its text.

    nl-core says part of the meaning in an extension (pregnancy: twins; arm: left): it is added to the text.
    """
    if not isinstance(value, dict):
        return Concept(text(value))
    codes = tuple(codings(value))
    shown = text(value.get("text")) or next((code.display or code.code for code in codes), "")
    for tail in FURTHER:
        if further := concept(extension(value, tail)).text:
            shown = f"{shown} ({further})" if shown else further
    return Concept(shown, codes)


def concepts(holder: Any, name: str) -> tuple[Concept, ...]:
    found = holder.get(name) if isinstance(holder, dict) else None
    several = found if isinstance(found, list) else [found]
    return tuple(read for read in map(concept, several) if read.text)


def extensions(holder: Any, tail: str) -> Iterator[Any]:
    """The values of the extensions whose address ends in `tail`."""
    for each in (*objects(holder, "extension"), *objects(holder, "modifierExtension")):
        if word(each, "url").rsplit("/", 1)[-1] == tail:
            yield next((value for name, value in each.items() if name.startswith("value")), None)


def extension(holder: Any, tail: str) -> Any:
    return next(extensions(holder, tail), None)


def identifiers(resource: Json) -> tuple[Identifier, ...]:
    """Identifiers with system and value, old ones left out, in a fixed order whatever the sender's."""
    found = {
        Identifier(word(each, "system"), word(each, "value"))
        for each in objects(resource, "identifier")
        if word(each, "use") not in ("old", "temp")
    }
    return tuple(sorted((i for i in found if i.system and i.value), key=lambda i: (i.system, i.value)))


def notes(resource: Json, name: str = "note") -> str:
    """Remarks as one text, the nl-core extension for a comment included."""
    lines = [text(each.get("text")) for each in objects(resource, name)]
    lines += [text(comment) for comment in extensions(resource, "ext-Comment")]
    return "\n".join(line for line in lines if line)


def _decimal(number: float) -> str:
    """The shortest decimal that is this number, never with an exponent: 4650, 38.5, 0.0000001."""
    written = format(Decimal(repr(number)), "f")
    return written.removesuffix(".0")


def quantity(value: Any) -> Quantity:
    if not isinstance(value, dict) or not (amount := text(value.get("value"))):
        return NO_QUANTITY
    unit = word(value, "unit") or word(value, "code")
    return Quantity(amount, unit, word(value, "system"), word(value, "code"), status(value, "comparator"))


def value_of(holder: Json, name: str = "value") -> Value:
    """A choice of type, such as Observation.value[x] or Goal.target.detail[x]."""
    for key, found in holder.items():
        kind = key.removeprefix(name)
        if kind != key and kind[:1].isupper():
            return _value(kind, found)
    return Value()


def _value(kind: str, found: Any) -> Value:
    if kind in ("Quantity", "Age", "Duration"):
        amount = quantity(found)
        return Value(_amount_text(amount), quantity=amount)
    if kind == "CodeableConcept":
        chosen = concept(found)
        return Value(chosen.text, concept=chosen)
    if kind == "Boolean":
        return Value(truth=truth(found))
    if kind == "Period":
        period = span(found)
        return Value(" / ".join(part for part in (period.start, period.end) if part))
    if kind in ("Range", "Ratio"):
        ends = ("low", "high") if kind == "Range" else ("numerator", "denominator")
        shown = [_amount_text(quantity(first(found, end))) for end in ends]
        return Value((" - " if kind == "Range" else " / ").join(part for part in shown if part))
    return Value(text(found))


def _amount_text(amount: Quantity) -> str:
    return f"{amount.comparator}{amount.value} {amount.unit}".strip()


def schedule(holder: Json, name: str) -> Schedule:
    """A choice of timing, such as CarePlan.activity.detail.scheduled[x] or DeviceUseStatement.timing[x]."""
    timing = first(holder, f"{name}Timing")
    repeat = first(timing, "repeat")
    words = text(holder.get(f"{name}String")) or concept(timing.get("code")).text
    bounds = span(holder.get(f"{name}Period"))
    return Schedule(
        text=words,
        frequency=word(repeat, "frequency"),
        period=word(repeat, "period"),
        unit=word(repeat, "periodUnit"),
        times=texts(repeat, "timeOfDay"),
        bounds=bounds if bounds != Span() else span(repeat.get("boundsPeriod")),
    )
