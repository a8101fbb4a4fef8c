"""What the pages of the child's file show."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kindzorg.core import clock
from kindzorg.core.texts import MissingText
from kindzorg.core.vocabulary import Truth
from kindzorg.record.course.rules import decimal_of
from kindzorg.record.items import Identity, ItemKind, Matter, MeasurementItem
from kindzorg.record.notes.rules import may_be_kept
from kindzorg.record.queries import AskedDifference, ChildFile, Filed, HandoverReport
from kindzorg.record.rules import folded, title
from kindzorg.record.wording import code_words, day_words, is_past, lines_of, name_of, say, shown, tag_of

SHOWN_LINES = 200
SECTIONS = (
    ItemKind.ALLERGY,
    ItemKind.CONDITION,
    ItemKind.DEVICE,
    ItemKind.DIRECTIVE,
    ItemKind.MEDICATION,
    ItemKind.MEASUREMENT,
    ItemKind.RANGE,
    ItemKind.INTERVENTION,
    ItemKind.GOAL,
    ItemKind.ENCOUNTER,
)
ENTERED = (ItemKind.ALLERGY, ItemKind.CONDITION, ItemKind.DEVICE, ItemKind.DIRECTIVE, ItemKind.MEDICATION)
ALWAYS = (*ENTERED, ItemKind.MEASUREMENT)
# The order of the emergency card.
CARD = (ItemKind.ALLERGY, ItemKind.DIRECTIVE, ItemKind.MEDICATION, ItemKind.CONDITION, ItemKind.DEVICE)
NAMED = (ItemKind.RELATIVE, ItemKind.PROFESSIONAL, ItemKind.ORGANISATION)


def source_words(filed: Filed) -> str:
    """From whom and from when an item is."""
    when = day_words(filed.item.recorded_on) or date_format(filed.at, "j E Y")
    if filed.entered and filed.on_behalf_of:
        names = {"name": filed.by, "whom": filed.on_behalf_of, "date": when}
        return _("entered by %(name)s on behalf of %(whom)s, %(date)s") % names
    if filed.entered:
        return _("entered by %(name)s, %(date)s") % {"name": filed.by, "date": when}
    return ", ".join(filter(None, (filed.item.source, when)))


def entry(filed: Filed, audience: str) -> dict[str, Any]:
    """One item as a page shows it."""
    tag, tone = tag_of(filed.item, audience, clock.today())
    measured = filed.item if isinstance(filed.item, MeasurementItem) else None
    value = shown(measured.value) if measured else ""
    return {
        "id": filed.id,
        "title": name_of(filed.item, audience) or code_words(str(filed.kind), audience),
        "value": value,
        "course": measured is not None and decimal_of(measured.value.quantity.value) is not None,
        "tag": tag,
        "tone": tone,
        "lines": lines_of(filed.item, audience),
        "source": source_words(filed),
        "when": day_words(getattr(getattr(filed.item, "measured", None), "start", "")),
        "past": is_past(filed.item) or getattr(filed.item, "certainty", "") == "refuted",
        "revision": filed.revision,
        "keepable": may_be_kept(filed.kind, filed.ground),
        "by_id": filed.by_id if filed.entered else None,
    }


def _latest(measured: Sequence[Filed], audience: str) -> list[Filed]:
    """The newest of each kind of measurement."""
    found: dict[str, Filed] = {}
    for one in measured:
        found.setdefault(name_of(one.item, audience), one)
    return list(found.values())


def sections(file: ChildFile, audience: str, *, latest: bool = True) -> list[dict[str, Any]]:
    """The parts of the file with their items: what is current before what is past; `latest` measurements only."""
    parts = []
    for kind in SECTIONS:
        filed = [one for one in file.of(kind) if getattr(one.item, "matter", Matter.HEALTH) == Matter.HEALTH]
        filed = _latest(filed, audience) if latest and kind == ItemKind.MEASUREMENT else filed
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
        {
            "key": say("fields.birth_date", "professional"),
            "value": date_format(child.birth_date, "j E Y") if child.birth_date else "",
        },
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
            rows += [
                {"key": say(f"fields.{name}", "professional"), "value": said}
                for name, said in words.items()
                if said
            ]
    return rows


def difference_page(one: AskedDifference) -> dict[str, Any]:
    """A difference as two columns."""
    held_by = one.current_source or (
        _("entered by %(name)s") % {"name": one.current_by} if one.current_by else ""
    )
    when = {"source": day_words(one.source_date), "received": date_format(one.received_at, "j E Y")}
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
        found = [line for line in report.lines if line.outcome == outcome]
        lines = [_report_line(line) for line in found[:SHOWN_LINES]]
        if lines:
            groups.append(
                {
                    "outcome": outcome,
                    "title": say(f"report.outcome.{outcome}", "professional"),
                    "lines": lines,
                    "count": len(found),
                    "more": len(found) - len(lines),
                }
            )
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
                "empty": say(f"file.card.no_{kind}", audience)
                if kind in (ItemKind.ALLERGY, ItemKind.DIRECTIVE, ItemKind.MEDICATION)
                else "",
                "alarm": kind == ItemKind.ALLERGY,
            }
            for kind in CARD
        ],
        "medication": say("file.card.medication", audience),
        "contacts": [one for one in map(_contact, team) if one["phone"]],
    }


def _contact(member: Any) -> dict[str, Any]:
    who = member.professional or member.relative or member.organisation
    organisation = member.professional.organisation if member.professional else member.organisation
    return {
        "name": str(who),
        "role": member.task
        or (code_words(f"relation.{member.relative.relation}") if member.relative else ""),
        "organisation": organisation.name if organisation and member.professional else "",
        "phone": getattr(who, "phone", "") or (organisation.phone if organisation else ""),
    }
