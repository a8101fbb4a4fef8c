"""The items of a child's file in the reader's words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kindzorg.core.languages import as_one
from kindzorg.core.texts import MissingText, text
from kindzorg.core.vocabulary import Truth
from kindzorg.record.items import (
    AllergyItem,
    Decision,
    DirectiveItem,
    EncounterItem,
    InterventionItem,
    Item,
    ItemKind,
    MeasurementItem,
    MedicationItem,
    ProfessionalItem,
    RangeItem,
)
from kindzorg.record.rules import day_of, title
from kindzorg.record.values import (
    Activity,
    Concept,
    ContactPoint,
    PartialDate,
    Quantity,
    Schedule,
    Span,
    Value,
)
from kindzorg.ui.translation import speaking

SNOMED = "http://snomed.info/sct"
PAST = frozenset(
    {"resolved", "inactive", "remission", "completed", "stopped", "finished", "entered-in-error"}
)
# Of a medicine: whoever stops it, or never began, says so with these too.
NOT_GIVEN = frozenset({"cancelled", "not-taken"})
NOT_NOW = {"on-hold": "on_hold", "draft": "not_begun", "intended": "not_begun"}
"""Of a medicine that is neither over nor given: how the tag is called."""
UNSURE = frozenset({"unconfirmed", "provisional", "differential"})


def say(key: str, audience: str) -> str:
    """A text of this room for a reader."""
    return text(f"record.{key}", audience, speaking())


def code_words(code: str, audience: str = "professional") -> str:
    """A sender's code word as people read it, or as it was sent."""
    try:
        return say(f"codes.{code}", audience)
    except MissingText:
        return code


def day_words(when: PartialDate) -> str:
    """A date as precise as the sender knew it."""
    if day := day_of(when):
        return date_format(day, "j E Y")
    if len(when) == 7 and when[5:].isdigit():
        return date_format(date(int(when[:4]), int(when[5:]), 1), "F Y")
    return when


def shown(value: Any) -> str:
    """Any value of an item in words; "" for nothing."""
    match value:
        case bool():
            return _("yes") if value else _("no")
        case Span():
            return _span(value)
        case Value():
            if value.quantity.value:
                return amount_words(value.quantity)
            return value.text or (code_words(value.truth) if value.truth != Truth.UNKNOWN else "")
        case Schedule():
            return schedule_words(value)
        case tuple():
            return "\n".join(filter(None, map(shown, value)))
        case str():
            return day_words(value) if day_of(value) else code_words(value)
    if is_dataclass(value):
        if whole := getattr(value, "text", ""):
            return str(whole)
        return " · ".join(
            filter(None, (shown(getattr(value, one.name)) for one in fields(value) if one.name != "key"))
        )
    return str(value or "")


def amount_words(amount: Quantity) -> str:
    """A measured amount, with the decimal mark and the unit as people write them."""
    number = amount.value.replace(".", ",") if speaking() != "en" else amount.value
    known = code_words(f"unit.{amount.code}")
    unit = known if known != f"unit.{amount.code}" else amount.unit or amount.code
    return as_one(" ".join(filter(None, (amount.comparator + number, unit))), speaking())


def _span(span: Span) -> str:
    start, end = day_words(span.start), day_words(span.end)
    if start and end and start != end:
        return _("from %(start)s to %(end)s") % {"start": start, "end": end}
    if start:
        return start if end else _("since %(start)s") % {"start": start}
    return _("until %(end)s") % {"end": end} if end else ""


def schedule_words(one: Schedule) -> str:
    """When something is done."""
    if one.text:
        return one.text
    units = {"h": _("hours"), "d": _("days"), "wk": _("weeks"), "mo": _("months")}
    if one.frequency and one.period and one.unit in units:
        data = {"times": one.frequency, "period": one.period, "unit": units[one.unit]}
        return _("%(times)s times per %(period)s %(unit)s") % data
    return ", ".join(one.times)


def _phone(contacts: Iterable[ContactPoint]) -> str:
    return next((one.value for one in contacts if one.system == "phone"), "")


def _texts(concepts: Iterable[Any]) -> str:
    return ", ".join(one.text for one in concepts if one.text)


def _part(what: Concept, value: Value, method: Concept) -> str:
    said = ", ".join(filter(None, (shown(value), method.text)))
    return f"{what.text}: {said}" if said else ""


def _activity(one: Activity, audience: str) -> str:
    parts = [one.description, shown(one.schedule), _texts(one.performers)]
    mark = f"{say('file.status.forbidden', audience)}: " if one.forbidden else ""
    return mark + " · ".join(filter(None, parts))


def _allergy(item: AllergyItem, audience: str) -> list[str]:
    signs = [_texts(one.manifestations) or one.description for one in item.reactions]
    since = _("since %(start)s") % {"start": day_words(item.since)} if item.since else ""
    return [", ".join(filter(None, signs)), since]


def _directive(item: DirectiveItem, audience: str) -> list[str]:
    names = _texts(one.who for one in item.agreed_by)
    who = _("agreed with %(names)s") % {"names": names} if names else ""
    return [item.specification, who, day_words(item.decided_on)]


def _medication(item: MedicationItem, audience: str) -> list[str]:
    who = _("prescribed or told by %(name)s") % {"name": item.professional.text}
    ended = _("stopped: %(why)s") % {"why": item.reason_ended}
    return [
        *item.dosage,
        _span(item.used),
        who if item.professional.text else "",
        _texts(item.reasons),
        ended if item.reason_ended else "",
    ]


def range_words(low: str, high: str, unit: str) -> str:
    """Two bounds, or one, as people write them."""
    ends = [one.replace(".", ",") if speaking() != "en" else one for one in (low, high)]
    if all(ends):
        return _("%(low)s to %(high)s %(unit)s") % {"low": ends[0], "high": ends[1], "unit": unit}
    words = _("from %(low)s %(unit)s") if low else _("up to %(high)s %(unit)s")
    return words % {"low": ends[0], "high": ends[1], "unit": unit}


def _encounter(item: EncounterItem, audience: str) -> list[str]:
    return [_span(item.period), item.organisation.text, _texts(item.locations), _texts(item.reasons)]


def _intervention(item: InterventionItem, audience: str) -> list[str]:
    return [_activity(one, audience) for one in item.activities] or [item.description]


def _professional(item: ProfessionalItem, audience: str) -> list[str]:
    return [_texts((*item.roles, *item.specialties)), item.organisation.text, _phone(item.contacts)]


LINES: Mapping[ItemKind, Callable[[Any, str], list[str]]] = {
    ItemKind.CONDITION: lambda item, _: [item.severity.text, _texts(item.body_sites), _span(item.period)],
    ItemKind.ALLERGY: _allergy,
    ItemKind.DEVICE: lambda item, _: [item.body_site.text, shown(item.schedule), _span(item.used)],
    ItemKind.DIRECTIVE: _directive,
    ItemKind.MEASUREMENT: lambda item, _: [_part(one.what, one.value, one.method) for one in item.components],
    ItemKind.RANGE: lambda item, _: [range_words(item.low, item.high, item.unit)],
    ItemKind.MEDICATION: _medication,
    ItemKind.INTERVENTION: _intervention,
    ItemKind.GOAL: lambda item, _: [f"{one.measure.text}: {shown(one.detail)}" for one in item.targets],
    ItemKind.ENCOUNTER: _encounter,
    ItemKind.PROFESSIONAL: _professional,
    ItemKind.ORGANISATION: lambda item, _: [_texts(item.types), _phone(item.contacts)],
    ItemKind.RELATIVE: lambda item, _: [_texts(item.relationships), _phone(item.contacts)],
}


def lines_of(item: Item, audience: str) -> list[str]:
    """What is worth knowing of an item beyond its name, a line each."""
    found = LINES[item.kind](item, audience) if item.kind in LINES else []
    return [line for line in (*found, item.note) if line.strip(" :")]


def name_of(item: Item, audience: str) -> str:
    """What an item is called for a reader: a measurement by its kind in our words, else in the sender's."""
    if isinstance(item, MeasurementItem | RangeItem) and item.profile:
        ours = code_words(item.profile, audience)
        return ours if ours != item.profile else title(item)
    if isinstance(item, DirectiveItem):
        keys = [f"sct.{code.code}" for one in item.what for code in one.codes if code.system == SNOMED]
        return _known(keys, audience) or title(item)
    if isinstance(item, EncounterItem):
        return _known([f"act.{code.code}" for code in item.setting.codes], audience) or title(item)
    return title(item)


def _known(keys: Iterable[str], audience: str) -> str:
    return ", ".join(words for key in keys if (words := code_words(key, audience)) != key)


def tag_of(item: Item, audience: str, on: date) -> tuple[str, str]:
    """The one word that must not be missed at an item on this day, and its tone; empty where none is needed."""
    certainty = getattr(item, "certainty", "")
    if certainty == "refuted":
        return say("file.status.refuted", audience), "neutral"
    if isinstance(item, DirectiveItem):
        tone = {Decision.REFUSED: "alarm", Decision.PERMITTED: "success"}.get(item.decision, "warning")
        return say(f"file.decision.{item.decision}", audience), tone
    if isinstance(item, MedicationItem):
        return _of_medicine(item, audience, on)
    if is_past(item):
        return say("file.status.resolved", audience), "neutral"
    if getattr(item, "criticality", "") == "high":
        return say("file.status.severe", audience), "alarm"
    return (say("file.status.unsure", audience), "warning") if certainty in UNSURE else ("", "")


def _of_medicine(item: MedicationItem, audience: str, on: date) -> tuple[str, str]:
    if is_past(item):
        return say(
            f"file.status.{'not_given' if item.status in NOT_GIVEN else 'stopped'}", audience
        ), "neutral"
    # What is not plainly given now says so, also where the family gives it: nobody should read it as given.
    end = item.used.end[:10]
    if item.status in NOT_NOW:
        found = NOT_NOW[item.status]
    elif item.status not in ("", "active"):
        found = "unsure"
    elif end and end < on.isoformat()[: len(end)]:
        found = "end_passed"  # Not taken off the card: a sender may have forgotten to write a new end.
    else:
        return (say("file.status.at_home", audience), "info") if item.at_home else ("", "")
    return say(f"file.status.{found}", audience), "warning"


def is_past(item: Item) -> bool:
    """Whether the sender says that it is over."""
    if isinstance(item, MedicationItem) and item.status in NOT_GIVEN:
        return True
    return item.status in PAST and not isinstance(item, EncounterItem | MeasurementItem)
