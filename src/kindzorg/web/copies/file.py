"""The child's file, the notes, who pays for the care, and what child and parents need."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild, team_for
from kindzorg.core.vocabulary import Audience, LifeDomain
from kindzorg.needs.pages import Sitting
from kindzorg.needs.queries import FilledScan, every_scan_for
from kindzorg.needs.rules import current
from kindzorg.needs.talk.pages import checked_rows
from kindzorg.needs.wording import carrying_rows, reader_of, said_by_family, together_page
from kindzorg.record import pages as record_pages
from kindzorg.record.notes.pages import say as say_of_notes
from kindzorg.record.notes.queries import family_notes_for, notes_for
from kindzorg.record.notes.rules import NoteView
from kindzorg.record.queries import ChildFile, statements_for, whole_file_for
from kindzorg.record.wording import say as say_of_record
from kindzorg.referral import pages as referral_pages
from kindzorg.referral.binding import pages as binding_pages
from kindzorg.referral.binding.queries import BindingView, bindings_for
from kindzorg.referral.engine import Status
from kindzorg.referral.queries import GivenAssessment, every_assessment_for
from kindzorg.referral.terms.pages import term_row
from kindzorg.referral.terms.queries import terms_for
from kindzorg.web.copies.parts import Field, Item, Section, domain_words, filled, said, section, words

Statements = Mapping[UUID, Sequence[Any]]


def record(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """The file by kind, who is named in it, and where it came from."""
    file = whole_file_for(request.actor, opened.subject, request.today)
    team = team_for(request.actor, opened.subject, request.today)
    parts = record_pages.sections(file, opened.audience, latest=False)
    beside = statements_for(request.actor, opened.subject, request.today)
    return filled(
        *(
            section(part["kind"], part["title"], [_entry(row, beside) for row in part["rows"]])
            for part in parts
        ),
        *_around(opened, file, team),
    )


def _around(opened: OpenedChild, file: ChildFile, team: Sequence[Any]) -> tuple[Section, ...]:
    """Who the child is; and for who reads that on the page too, who is named and what came in."""
    audience = opened.audience
    rows = record_pages.identity_rows(opened.child, file)
    known = tuple(
        Field(f"known_{number}", row["key"], row["value"])
        for number, row in enumerate(rows, 1)
        if row["value"]
    )
    grown = audience != Audience.CHILD
    people = record_pages.people_named(file, team, audience) if grown else []
    documents = file.documents if grown else []
    titles = {
        one: say_of_record(f"file.section.{one}", audience) for one in ("identity", "people", "documents")
    }
    return (
        section("identity", titles["identity"], [Item(str(opened.child), known)]),
        section("people", titles["people"], [_entry(row) for row in people]),
        section("documents", titles["documents"], [_document(one) for one in documents]),
    )


def _entry(row: dict[str, Any], beside: Statements | None = None) -> Item:
    lines = said(
        ("value", _("Value"), row["value"]),
        ("measured", _("Measured"), row["when"] if row["value"] else ""),
        ("standing", _("Standing"), str(row["tag"] or "")),
        ("details", _("Details"), list(row["lines"])),
        ("source", _("Source"), row["source"]),
    )
    return Item(str(row["title"]), lines, inside=_said_of((beside or {}).get(row["id"], ())))


def _said_of(statements: Sequence[Any]) -> tuple[Item, ...]:
    """What the family says beside something that stayed as it is."""
    return tuple(
        Item(_("The family says about this:"), words=one.words, at=one.created_at, by=one.by)
        for one in statements
    )


def _document(row: Any) -> Item:
    return Item(row.source or row.name, at=row.created_at, by=row.by)


def notes(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """The notes that this reader may read, and the family's own where it is for this reader."""
    about = (request.actor, opened.subject, request.today)
    own = policy.may(request.actor, "note.read_family", opened.subject, request.today)
    audience, beside = opened.audience, statements_for(*about)
    parts = {
        "notes": ("title", notes_for(*about)),
        "family_notes": ("family_title", family_notes_for(*about) if own else ()),
    }
    return filled(
        *(
            section(key, say_of_notes(title, audience), [_note(one, audience, beside) for one in found])
            for key, (title, found) in parts.items()
        )
    )


def _note(note: NoteView, audience: str, beside: Statements) -> Item:
    fields = said(("domain", _("Life domain"), domain_words([note.domain], audience)))
    earlier = tuple(
        Item(_("Earlier wording"), words=one.words, at=one.at, by=one.by) for one in note.earlier if one.words
    )
    words_now = note.words or say_of_notes("destroyed", audience)
    inside = (*earlier, *_said_of(beside.get(note.id, ())))
    return Item("", fields, words=words_now, at=note.at, by=note.by, inside=inside)


def referral(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """Every outcome of "who pays for the care", as the family reads it: without what professionals discuss."""
    reader = str(referral_pages.audience_of(opened))
    given = every_assessment_for(request.actor, opened.subject, request.today)
    return filled(
        section("outcomes", words("outcomes", opened.audience), [_outcome(one, reader) for one in given]),
        section("terms", words("terms", opened.audience), _terms(request, opened)),
        section("bindings", words("bindings", opened.audience), _bindings(request, opened)),
    )


def _terms(request: Any, opened: OpenedChild) -> list[Item]:
    """Until when the decisions of payers hold, as they were recorded."""
    found = terms_for(request.actor, opened.subject, request.today)
    rows = [term_row(one, str(opened.audience), request.today) for one in found]
    return [
        Item(f"{row['title']}: {row['line']}", words=row["view"].letter, at=row["view"].at, by=row["by"])
        for row in rows
    ]


def _bindings(request: Any, opened: OpenedChild) -> list[Item]:
    """What was asked of another organisation, where it stands, and each step."""
    if not policy.may(request.actor, "binding.read_standing", opened.subject, request.today):
        return []
    found = bindings_for(request.actor, opened.subject, request.today)
    return [_binding(one, binding_pages.row(one, str(opened.audience), request.today)) for one in found]


def _binding(one: BindingView, row: dict[str, Any]) -> Item:
    fields = said(
        ("asked_of", _("Asked of"), ", ".join(filter(None, (one.receiver, one.person)))),
        ("needed_from", _("Needed from"), one.needed_from),
        ("why", _("Why"), one.why),
        ("standing", _("Standing"), row["line"]),
    )
    steps = tuple(
        Item(step["title"], words=step["body"], at=step["when"], by=step["who"])
        for step in binding_pages.steps(one)
    )
    return Item(row["title"], fields, words=one.needed, at=one.at, by=one.sent_by, inside=steps)


def _outcome(given: GivenAssessment, reader: str) -> Item:
    language = (get_language() or "nl")[:2]
    kept = {entry.id for entry in given.decision.entries} if given.decision else set()
    entries = [
        _law(entry, decided=entry["id"] in kept)
        for entry in referral_pages.entries_of(given.assessment, reader, language)
        if entry["status"] != Status.EXCLUDED
    ]
    return Item(_("Outcome"), at=given.row.created_at, by=given.row.by, inside=tuple(entries))


def _law(entry: dict[str, Any], *, decided: bool) -> Item:
    return Item(
        entry["title"],
        said(
            ("decided", _("Decided"), _("yes") if decided else ""),
            ("perhaps", _("Perhaps"), _("yes") if entry["status"] == Status.POSSIBLE else ""),
            ("payer", _("Who pays"), entry["payer"]),
            ("what_for", _("What for"), entry["what_for"]),
            ("why", _("Why"), entry["why"]),
            ("how", _("What to do"), entry["how"]),
            ("indicates", _("Who decides"), entry["indicates"]),
            ("term", _("How long it takes"), entry["term"]),
            ("own_payment", _("Own payment"), entry["own_payment"]),
            (
                "law",
                _("The law"),
                [f"{one['title']} {one['article']} ({one['version']})" for one in entry["grounds"]],
            ),
        ),
    )


def needs(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """Every scan with the answers that this reader may read, in the words in which they were given."""
    sections: list[Section] = []
    for filled_in in reversed(every_scan_for(request.actor, opened.subject, request.today)):
        sitting = Sitting(opened, filled_in, (), (), None, None)
        number = filled_in.row.number
        sections += _scan(sitting, filled_in)
        agreed = [_checked(one) for one in checked_rows(request, sitting)]
        sections.append(
            section(f"scan_{number}_read_back", _title(number, _("Read back: is it right?")), agreed)
        )
    return filled(*sections)


def _scan(sitting: Sitting, scan: FilledScan) -> list[Section]:
    number, reader = scan.row.number, reader_of(sitting)
    told = said_by_family(sitting)
    heads = {"opening": _("What would you have chosen?"), "strengths": _("What goes well")}
    found = [
        section(f"scan_{number}_{key}", _title(number, heads[key]), [_said(one) for one in told[key]])
        for key in heads
    ]
    found += [
        section(
            f"scan_{number}_{domain}",
            _title(number, domain_words([domain], reader)),
            _answers(together_page(sitting, domain)),
        )
        for domain in LifeDomain
    ]
    carrying = carrying_rows(current(scan.holding).carrying, scan, reader)
    return [
        *found,
        section(
            f"scan_{number}_carrying",
            _title(number, _("How much rests on whom")),
            [_carried(one) for one in carrying],
        ),
    ]


def _checked(one: dict[str, Any]) -> Item:
    return Item(
        one["title"], said(("typed_by", _("Typed by"), one["typist"])), words=one["words"], at=one["at"]
    )


def _title(number: int, words_of_part: str) -> str:
    return _("Scan %(number)s: %(about)s") % {"number": number, "about": words_of_part}


def _said(one: dict[str, Any]) -> Item:
    return Item(one["name"], words=one["words"], at=one["when"])


def _carried(one: dict[str, Any]) -> Item:
    fields = said(("told_by", _("Told by"), one["name"]), ("heavy", _("Mind"), one["heavy"]))
    return Item(one["line"], fields, words=one["words"], at=one["when"])


def _answers(page: dict[str, Any]) -> list[Item]:
    quiet = [Item(one["name"], words=page["nothing_needed"], at=one["when"]) for one in page["quiet"]]
    topics = [
        Item(
            topic["title"],
            inside=tuple(_column(one, page) for one in topic["columns"] if not one.get("empty")),
        )
        for topic in page["topics"]
    ]
    return [*quiet, *(one for one in topics if one.inside)]


def _column(column: dict[str, Any], page: dict[str, Any]) -> Item:
    answers = tuple(
        Field(f"answer_{number}", row["label"], row["value"]) for number, row in enumerate(column["rows"], 1)
    )
    fields = said(
        ("role", _("Role"), column["role"] if column["role"] != column["name"] else ""),
        ("nothing_needed", _("Answer"), page["nothing_needed"] if column["nothing_needed"] else ""),
        ("skipped", _("Answer"), _("Skipped") if column["skipped"] else ""),
        ("typed_by", _("Typed by"), column["typed_by"]),
        ("told_first", _("Told first"), column["nurse_first"]),
    )
    return Item(column["name"], (*fields, *answers), at=column["when"])
