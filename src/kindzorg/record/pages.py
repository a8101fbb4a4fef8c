"""The child's file in the reader's words."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kindzorg.core.texts import MissingText, text
from kindzorg.core.vocabulary import Truth
from kindzorg.record.items import (
    AllergyItem,
    ConditionItem,
    Decision,
    DeviceItem,
    DirectiveItem,
    EncounterItem,
    GoalItem,
    Identity,
    InterventionItem,
    Item,
    ItemKind,
    Matter,
    MeasurementItem,
    OrganisationItem,
    ProfessionalItem,
    RelatedPersonItem,
)
from kindzorg.record.queries import AskedDifference, ChildFile, Filed, HandoverReport
from kindzorg.record.rules import day_of, folded, title
from kindzorg.record.values import Activity, Concept, ContactPoint, PartialDate, Schedule, Span, Value

SNOMED = "http://snomed.info/sct"
PAST = frozenset({"resolved", "inactive", "remission", "completed", "stopped", "finished", "entered-in-error"})
UNSURE = frozenset({"unconfirmed", "provisional", "differential"})
SECTIONS = (
    ItemKind.ALLERGY,
    ItemKind.CONDITION,
    ItemKind.DEVICE,
    ItemKind.DIRECTIVE,
    ItemKind.MEASUREMENT,
    ItemKind.INTERVENTION,
    ItemKind.GOAL,
    ItemKind.ENCOUNTER,
)
ENTERED = (ItemKind.ALLERGY, ItemKind.CONDITION, ItemKind.DEVICE, ItemKind.DIRECTIVE)
ALWAYS = (*ENTERED, ItemKind.MEASUREMENT)
NAMED = (ItemKind.RELATIVE, ItemKind.PROFESSIONAL, ItemKind.ORGANISATION)


def say(key: str, audience: str) -> str:
    """A text of this room for a reader."""
    return text(f"record.{key}", audience, (get_language() or "nl")[:2])


def code_words(code: str, audience: str = "professional") -> str:
    """A sender's code word as people read it, or as it was sent."""
    try:
        return say(f"codes.{code}", audience)
    except MissingText:
        return code


def day_words(when: PartialDate) -> str:
    """A date as precise as the sender knew it."""
    if day := day_of(when):
        return date_format(day, "j F Y")
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
        return " · ".join(filter(None, (shown(getattr(value, one.name)) for one in fields(value) if one.name != "key")))
    return str(value or "")


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


def lines_of(item: Item, audience: str) -> list[str]:
    """What is worth knowing of an item beyond its name, a line each."""
    match item:
        case ConditionItem():
            found = [item.severity.text, _texts(item.body_sites), _span(item.period)]
        case AllergyItem():
            signs = [_texts(one.manifestations) or one.description for one in item.reactions]
            found = [", ".join(filter(None, signs)), _("since %(start)s") % {"start": day_words(item.since)} if item.since else ""]
        case DeviceItem():
            found = [item.body_site.text, shown(item.schedule), _span(item.used)]
        case DirectiveItem():
            who = _texts(one.who for one in item.agreed_by)
            found = [item.specification, _("agreed with %(names)s") % {"names": who} if who else "", day_words(item.decided_on)]
        case MeasurementItem():
            found = [_part(one.what, one.value, one.method) for one in item.components]
        case InterventionItem():
            found = [_activity(one, audience) for one in item.activities] or [item.description]
        case GoalItem():
            found = [f"{one.measure.text}: {shown(one.detail)}" for one in item.targets if one.measure.text]
        case EncounterItem():
            found = [_span(item.period), item.organisation.text, _texts(item.locations), _texts(item.reasons)]
        case ProfessionalItem():
            found = [_texts((*item.roles, *item.specialties)), item.organisation.text, _phone(item.contacts)]
        case OrganisationItem():
            found = [_texts(item.types), _phone(item.contacts)]
        case RelatedPersonItem():
            found = [_texts(item.relationships), _phone(item.contacts)]
        case _:
            found = []
    return [line for line in (*found, item.note) if line]


def _part(what: Concept, value: Value, method: Concept) -> str:
    said = ", ".join(filter(None, (shown(value), method.text)))
    return f"{what.text}: {said}" if said else ""


def _activity(one: Activity, audience: str) -> str:
    parts = [one.description, shown(one.schedule), _texts(one.performers)]
    mark = f"{say('file.status.forbidden', audience)}: " if one.forbidden else ""
    return mark + " · ".join(filter(None, parts))


def name_of(item: Item, audience: str) -> str:
    """What an item is called for a reader: a measurement by its kind in our words, else in the sender's."""
    if isinstance(item, MeasurementItem) and item.profile:
        ours = code_words(item.profile, audience)
        return ours if ours != item.profile else title(item)
    if isinstance(item, DirectiveItem):
        keys = [f"sct.{code.code}" for one in item.what for code in one.codes if code.system == SNOMED]
        known = [(words, key) for key in keys if (words := code_words(key, audience)) != key]
        return ", ".join(words for words, _key in known) or title(item)
    return title(item)


def tag_of(item: Item, audience: str) -> tuple[str, str]:
    """The one word that must not be missed at an item, and its tone; empty where none is needed."""
    certainty = getattr(item, "certainty", "")
    if certainty == "refuted":
        return say("file.status.refuted", audience), "neutral"
    if isinstance(item, DirectiveItem):
        tone = {Decision.REFUSED: "alarm", Decision.PERMITTED: "success"}.get(item.decision, "warning")
        return say(f"file.decision.{item.decision}", audience), tone
    if is_past(item):
        return say("file.status.resolved", audience), "neutral"
    if getattr(item, "criticality", "") == "high":
        return say("file.status.severe", audience), "alarm"
    return (say("file.status.unsure", audience), "warning") if certainty in UNSURE else ("", "")


def is_past(item: Item) -> bool:
    """Whether the sender says that it is over."""
    return item.status in PAST and not isinstance(item, EncounterItem | MeasurementItem)


def source_words(filed: Filed) -> str:
    """From whom and from when an item is."""
    when = day_words(filed.item.recorded_on) or date_format(filed.at, "j F Y")
    if filed.entered:
        return _("entered by %(name)s, %(date)s") % {"name": filed.by, "date": when}
    return ", ".join(filter(None, (filed.item.source, when)))


def entry(filed: Filed, audience: str) -> dict[str, Any]:
    """One item as a page shows it."""
    tag, tone = tag_of(filed.item, audience)
    value = shown(filed.item.value) if isinstance(filed.item, MeasurementItem) else ""
    return {
        "id": filed.id,
        "title": name_of(filed.item, audience) or code_words(str(filed.kind), audience),
        "value": value,
        "tag": tag,
        "tone": tone,
        "lines": lines_of(filed.item, audience),
        "source": source_words(filed),
        "when": day_words(getattr(getattr(filed.item, "measured", None), "start", "")),
        "past": is_past(filed.item) or getattr(filed.item, "certainty", "") == "refuted",
        "revision": filed.revision,
    }


def _latest(measured: Sequence[Filed], audience: str) -> list[Filed]:
    """The newest of each kind of measurement."""
    found: dict[str, Filed] = {}
    for one in measured:
        found.setdefault(name_of(one.item, audience), one)
    return list(found.values())


def sections(file: ChildFile, audience: str) -> list[dict[str, Any]]:
    """The parts of the file with their items: what is current before what is past."""
    parts = []
    for kind in SECTIONS:
        filed = [one for one in file.of(kind) if getattr(one.item, "matter", Matter.HEALTH) == Matter.HEALTH]
        filed = _latest(filed, audience) if kind == ItemKind.MEASUREMENT else filed
        if filed or kind in ALWAYS:
            parts.append(_section(kind, filed, audience))
    legal = [one for one in file.of(ItemKind.CONDITION) if getattr(one.item, "matter", "") != Matter.HEALTH]
    return parts + ([_section("legal", legal, audience)] if legal and audience != "child" else [])


def _section(kind: str, filed: Sequence[Filed], audience: str) -> dict[str, Any]:
    return {
        "kind": str(kind),
        "title": say(f"file.section.{kind}", audience),
        "empty": say(f"file.empty.{kind}", audience) if kind in ALWAYS else "",
        "rows": sorted((entry(one, audience) for one in filed), key=lambda row: bool(row["past"])),
        "may_enter": kind in ENTERED,
    }


def people_named(file: ChildFile, team: Sequence[Any], audience: str) -> list[dict[str, Any]]:
    """Everybody whom a handover names, and who of them is in the team already (a title before the name or not)."""
    there = [folded(str(one.professional or one.relative or one.organisation)) for one in team]

    def row(one: Filed) -> dict[str, Any]:
        name = folded(title(one.item))
        known = bool(name) and any(each == name or each.endswith(f" {name}") for each in there)
        return {**entry(one, audience), "kind": str(one.kind), "in_team": known}

    return [row(one) for kind in NAMED for one in file.of(kind)]


def identity_rows(child: Any, file: ChildFile) -> list[dict[str, str]]:
    """Who the child is, for a summary list."""
    rows = [
        {"key": say("fields.name", "professional"), "value": str(child)},
        {"key": say("fields.birth_date", "professional"), "value": date_format(child.birth_date, "j F Y") if child.birth_date else ""},
        {"key": say("fields.gender", "professional"), "value": code_words(child.gender)},
        {"key": say("fields.bsn", "professional"), "value": child.bsn or ""},
    ]
    for filed in file.of(ItemKind.CHILD)[:1]:
        told = filed.item
        if isinstance(told, Identity):
            names = ("addresses", "contacts", "languages", "interpreter_needed")
            words = {name: shown(getattr(told, name)).replace("\n", ", ") for name in names}
            words["languages"] = ", ".join(one.language.text for one in told.languages)
            if told.interpreter_needed == Truth.UNKNOWN:
                del words["interpreter_needed"]
            rows += [{"key": say(f"fields.{name}", "professional"), "value": said} for name, said in words.items() if said]
    return rows


def difference_page(one: AskedDifference) -> dict[str, Any]:
    """A difference as two columns."""
    held_by = one.current_source or (_("entered by %(name)s") % {"name": one.current_by} if one.current_by else "")
    when = {"source": day_words(one.source_date), "received": date_format(one.received_at, "j F Y")}
    return {
        "id": one.id,
        "revision": "" if one.revision is None else one.revision,
        "about_child": one.about_child,
        "title": one.title,
        "field": say(f"fields.{one.field}", "professional"),
        "columns": [
            {"name": _("In the file now"), "role": held_by, "text": shown(one.current) or _("not filled in")},
            {"name": one.source or _("The sender"), "role": when["source"], "text": shown(one.incoming)},
        ],
        "received": when["received"],
    }


def report_groups(report: HandoverReport) -> list[dict[str, Any]]:
    """The report by what became of each resource: what could not be taken first."""
    groups = []
    for outcome in ("rejected", "kept_unread", "taken"):
        lines = [_report_line(line) for line in report.lines if line.outcome == outcome]
        if lines:
            groups.append({"outcome": outcome, "title": say(f"report.outcome.{outcome}", "professional"), "lines": lines})
    return groups


def _report_line(line: Any) -> dict[str, Any]:
    try:
        kind = say(f"report.type.{line.fhir_type}", "professional")
    except MissingText:
        kind = line.fhir_type or _("Part %(position)s") % {"position": line.position}
    reason = say(f"report.{line.reason}", "professional") if line.reason else ""
    effect = say(f"report.effect.{line.effect}", "professional") if line.effect else ""
    return {
        "kind": kind,
        "title": line.title,
        "why": "; ".join(filter(None, (reason, line.field, "" if reason else effect))),
        "faults": len(line.faults),
        "position": line.position,
    }


def card_page(opened: Any, file: ChildFile, team: Sequence[Any]) -> dict[str, Any]:
    """The emergency card: only what holds now, what is most dangerous first."""
    audience = opened.audience

    def current(kind: ItemKind) -> list[dict[str, Any]]:
        filed = [one for one in file.of(kind) if getattr(one.item, "matter", Matter.HEALTH) == Matter.HEALTH]
        filed = [one for one in filed if getattr(one.item, "certainty", "") != "refuted"]
        rows = [row for row in (entry(one, audience) for one in filed) if not row["past"]]
        return sorted(rows, key=lambda row: row["tone"] != "alarm")

    return {
        "explain": say("file.card.explain", audience),
        "parts": [
            {
                "kind": str(kind),
                "title": say(f"file.section.{kind}", audience if audience != "child" else "parent"),
                "rows": current(kind),
                "empty": say(f"file.card.no_{kind}", audience) if kind in (ItemKind.ALLERGY, ItemKind.DIRECTIVE) else "",
                "alarm": kind == ItemKind.ALLERGY,
            }
            for kind in (ItemKind.ALLERGY, ItemKind.DIRECTIVE, ItemKind.CONDITION, ItemKind.DEVICE)
        ],
        "medication": say("file.card.medication", audience),
        "contacts": [one for one in map(_contact, team) if one["phone"]],
    }


def _contact(member: Any) -> dict[str, Any]:
    who = member.professional or member.relative or member.organisation
    organisation = member.professional.organisation if member.professional else member.organisation
    return {
        "name": str(who),
        "role": member.task or (code_words(f"relation.{member.relative.relation}") if member.relative else ""),
        "organisation": organisation.name if organisation and member.professional else "",
        "phone": getattr(who, "phone", "") or (organisation.phone if organisation else ""),
    }
