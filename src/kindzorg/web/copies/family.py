"""Who the child is, who stands around it, and who may see what."""

from typing import Any

from django.utils.translation import gettext as _

from kindzorg.access import policy
from kindzorg.careteam.authority.queries import authorities_for, capacity_for, wishes_for
from kindzorg.careteam.coaching.queries import coaching_for
from kindzorg.careteam.consents.queries import parties_for
from kindzorg.careteam.emergencies.queries import emergencies_for
from kindzorg.careteam.queries import OpenedChild
from kindzorg.careteam.representation.queries import representations_for
from kindzorg.needs.mood import pages as mood_pages
from kindzorg.needs.mood.queries import moods_for
from kindzorg.needs.portrait.pages import cards
from kindzorg.needs.portrait.queries import portrait_for
from kindzorg.needs.strain import pages as strain_pages
from kindzorg.needs.strain.queries import own_course
from kindzorg.web.authority import say as say_of_authority
from kindzorg.web.coaching import shown as coaching_shown
from kindzorg.web.consents import party_shown
from kindzorg.web.copies.parts import Item, Section, domain_words, filled, said, section, words
from kindzorg.web.responsibilities import tables_of
from kindzorg.web.responsibility_forms import say as say_of_responsibility
from kindzorg.web.team import people_of


def _may(request: Any, opened: OpenedChild, permission: str) -> bool:
    return policy.may(request.actor, permission, opened.subject, request.today)


def child(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """Who the child is, who decides for it, and what it put in writing."""
    row = opened.child
    fields = said(
        ("birth_date", _("Birth date"), row.birth_date),
        ("number", _("Citizen service number"), row.bsn),
        ("kept_by", _("Kept by"), str(row.owner)),
        ("since", _("File begun"), row.created_at),
    )
    return filled(
        section("identity", str(row), [Item(str(row), fields)]),
        *_deciding(request, opened),
    )


def _deciding(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    about, audience = (request.actor, opened.subject, request.today), opened.audience
    holders = authorities_for(*about) if _may(request, opened, "authority.read") else []
    grown = representations_for(*about) if _may(request, opened, "authority.read") else []
    assessed = capacity_for(*about) if _may(request, opened, "capacity.read") else None
    wishes = wishes_for(*about) if _may(request, opened, "wish.read") else []
    capacity = [_assessed(assessed, audience)] if assessed else []
    return (
        section(
            "authority", say_of_authority("holders", audience), [_holder(one, audience) for one in holders]
        ),
        section(
            "representation",
            say_of_authority("represents", audience),
            [_represents(one, audience) for one in grown],
        ),
        section("capacity", say_of_authority("capacity", audience), capacity),
        section("wishes", words("wishes", audience), [_wish(one, audience) for one in wishes]),
    )


def _holder(row: Any, audience: str) -> Item:
    fields = said(
        ("kind", _("Kind"), say_of_authority(f"kind_{row.kind}", audience)),
        ("organisation", _("Organisation"), row.organisation.name if row.organisation else ""),
        ("source", _("Known from"), row.source),
        ("checked_on", _("Checked on"), row.checked_on),
        ("from", _("From"), row.starts),
        ("until", _("Until"), row.until),
    )
    return Item(row.relative.name, fields)


def _represents(row: Any, audience: str) -> Item:
    fields = said(
        ("kind", _("Kind"), say_of_authority(f"represents_{row.kind}", audience)),
        ("source", _("Known from"), row.source),
        ("checked_on", _("Checked on"), row.checked_on),
        ("from", _("From"), row.starts),
        ("until", _("Until"), row.until),
    )
    return Item(row.relative.name, fields)


def _assessed(row: Any, audience: str) -> Item:
    title = say_of_authority("capacity_yes" if row.can_decide else "capacity_no", audience)
    fields = said(("from", _("From"), row.starts), ("until", _("Until"), row.until))
    return Item(title, fields, words=row.reason, by=row.assessed_by)


def _wish(row: Any, audience: str) -> Item:
    return Item(words(f"wish_{row.kind}", audience), words=row.words, at=row.created_at)


def people(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """Everybody around the child."""
    rows = people_of(request, opened)
    return filled(
        section("family", _("Family"), [_person(one) for one in rows if one["family"]]),
        section("professionals", _("Professionals"), [_person(one) for one in rows if not one["family"]]),
        section("coaching", words("coaching", opened.audience), _coaching(request, opened)),
        *_responsible(request, opened),
    )


def _coaching(request: Any, opened: OpenedChild) -> list[Item]:
    """That a care coach was offered, and what was said."""
    if not _may(request, opened, "coach.read"):
        return []
    found = coaching_shown(coaching_for(request.actor, opened.subject, request.today), opened)
    return [Item(one["title"], words=one["body"], at=one["when"], by=one["who"]) for one in found["steps"]]


def _responsible(request: Any, opened: OpenedChild) -> list[Section]:
    """Per life domain who answers for it, and who does what."""
    title = say_of_responsibility("title", opened.audience)
    return [
        section(f"responsible_{one['domain']}", f"{title}: {name}", _answering(one, opened.audience))
        for one in tables_of(request, opened)
        if (name := domain_words([one["domain"]], opened.audience))
    ]


def _answering(table: dict[str, Any], audience: str) -> list[Item]:
    rows = [one for one in (table["answers"], *table["lines"]) if one]
    role = say_of_responsibility("answers", audience)
    return [
        Item(
            one.name,
            said(
                ("role", _("Role"), role if one is table["answers"] else ""),
                ("how", say_of_responsibility("how", audience), one.how),
            ),
            words=one.what,
            at=one.at,
            by=one.by,
        )
        for one in rows
    ]


def _person(row: dict[str, Any]) -> Item:
    fields = said(
        ("role", _("Role"), row["role"]),
        ("organisation", _("Organisation"), row["organisation"]),
        ("phone", _("Telephone"), row["phone"]),
        ("reply_time", _("Answers within"), row["reply_time"]),
        ("leads", _("Leads the care"), _("yes") if row["leads"] else ""),
        ("from", _("From"), row["starts"]),
        ("until", _("Until"), row["until"]),
    )
    return Item(row["name"], fields)


def portrait(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """Who the child is, with the earlier wordings."""
    found = portrait_for(request.actor, opened.subject, request.today)
    return filled(
        *(
            section(
                card["topic"],
                card["title"],
                [
                    *(_told(one) for one in card["pieces"]),
                    *(_told(one, _("Earlier wording")) for one in card["earlier"]),
                ],
            )
            for card in cards(request, opened, found, empty=False)
        ),
        *_moods(request, opened),
    )


def _moods(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """How the child said that it went, as far as it is for who takes the copy."""
    if not policy.sees_all(request.actor, "mood.read", opened.subject, request.today):
        return ()
    told = mood_pages.rows(moods_for(request.actor, opened.subject, request.today), opened)
    items = [Item(one["said"], (), words=one["words"], at=one["at"]) for one in told]
    return (section("mood", mood_pages.say("title", opened), items),)


def _told(piece: dict[str, Any], title: str = "") -> Item:
    typed = said(("typed_by", _("Typed by"), piece["typed"]))
    return Item(title, typed, words=piece["words"], at=piece["at"], by=piece["who"])


def strain(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """How much rested on who takes the copy, as that one told it: nobody else's."""
    course = strain_pages.shown(own_course(request.actor, opened.subject, request.today), opened)
    keys, labels = ("load", "power", "how"), course["headers"][1:4]
    told = [
        Item("", said(*zip(keys, labels, row["words"], strict=False)), words=row["said"], at=row["at"])
        for row in course["rows"]
    ]
    talks = [Item("", words=one.agreed, at=one.at, by=one.by) for one in course["talks"]]
    return filled(
        section("told", course["name"], told),
        section("talks", strain_pages.say("talks", opened), talks),
    )


def sharing(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """What the family decided on who looks along, and who looked along in an emergency."""
    parties = parties_for(request.actor, opened.subject, request.today)
    shown = [one for party in parties for one in (party, *party.people)]
    emergencies = emergencies_for(request.actor, opened.subject, request.now)
    return filled(
        section("parties", _("Who looks along"), [_party(one, request) for one in shown]),
        section("emergencies", _("Looked along in an emergency"), [_emergency(one) for one in emergencies]),
    )


def _party(party: Any, request: Any) -> Item:
    shown = party_shown(party, request.today)
    fields = said(
        ("role", _("Role"), ", ".join(shown["roles"])),
        (
            "open",
            _("May see"),
            ", ".join(str(one["name"]) for one in shown["domains"] if one["open"]) or _("nothing"),
        ),
        ("until", _("Until"), shown["until"]),
        ("awaits", _("A yes is awaited of"), ", ".join(shown["awaits"])),
    )
    last = shown["last"]
    return Item(shown["name"], fields, inside=(_decision(last),) if last else ())


def _decision(row: Any) -> Item:
    title = _("Said yes") if row.decision == "given" else _("Said no")
    recorded = said(("recorded_by", _("Written down by"), row.recorded_by))
    return Item(title, recorded, at=row.created_at, by=row.decided_by)


def _emergency(one: Any) -> Item:
    fields = said(
        ("organisation", _("Organisation"), one.row.organisation),
        ("until", _("Until"), one.row.ends_at),
        ("judged", _("What the privacy officer found"), one.note),
    )
    return Item(one.row.taken_by, fields, words=one.row.reason, at=one.row.created_at)
