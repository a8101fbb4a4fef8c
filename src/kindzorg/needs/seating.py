"""Where a child sits at its part of the scan, in the reader's words: in which form, beside whom, and who may see it."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from kindzorg.access import policy
from kindzorg.core.errors import Missing
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs import queries
from kindzorg.needs.pages import Sitting, address, is_child, language, topic_words
from kindzorg.needs.rules import Respondent, TopicAnswer
from kindzorg.needs.seats import Way, seats_on, way_for
from kindzorg.needs.steps import next_address
from kindzorg.needs.wording import answer_rows, helped, reader_of


def say(key: str, audience: str) -> str:
    """A text of these pages."""
    return text(f"needs.seat.{key}", audience, language())


def may_seat(request: Any, sitting: Sitting) -> bool:
    """Whether the reader says in which form the child answers: itself, who types for it, and a parent under 12."""
    if sitting.filled is None or not sitting.filled.open:
        return False
    return queries.may_seat(request.actor, sitting.opened.subject, request.today)


def hub_seat(request: Any, sitting: Sitting) -> dict[str, Any]:
    """For the task list: in which form the child answers, and the way to another."""
    if not may_seat(request, sitting):
        return {}
    audience, way = reader_of(sitting), way_for(sitting.age, sitting.seats)
    here = is_child(sitting)
    asks = here and way is Way.PICTURES and not _said_today(request, sitting)
    return {
        "seat_url": address(sitting, "seat"),
        "seat_title": say("title", audience),
        "seat_line": say(f"way_{way}", audience),
        "seat_helped": helped(sitting.voice.beside if here and sitting.voice else None, audience),
        **({"next_url": address(sitting, "seat")} if asks else {}),
    }


def _said_today(request: Any, sitting: Sitting) -> bool:
    typist = sitting.voice.entered_by if sitting.voice else None
    return bool(seats_on(request.today, sitting.seats, typist))


def seat_page(request: Any, sitting: Sitting) -> dict[str, Any]:
    """The form and its words. Raises Missing for who has no say in it, or where no scan is open."""
    if not may_seat(request, sitting):
        raise Missing("no_open_scan", child_id=sitting.opened.child.id)
    here = is_child(sitting)
    voice = (
        sitting.voice if here else queries.seat_voice(request.actor, sitting.opened.subject, request.today)
    )
    audience = reader_of(sitting)
    chosen = sitting.seats[-1].way if sitting.seats else None
    beside = sitting.voice.beside if here and sitting.voice else None
    return {
        "wording": {
            "here": here,
            "audience": audience,
            "language": language(),
            "initial": {"way": chosen or "", "beside": beside or ""},
        },
        "voice": voice,
        "seat": {key: say(key, audience) for key in ("title", "lead", "save")},
        "on_url": address(sitting, "next") if here else reverse("needs", args=[sitting.opened.child.id]),
    }


def who_page(request: Any, sitting: Sitting, domain: LifeDomain) -> dict[str, Any]:
    """What the child said in one part. Raises Missing where it said nothing."""
    answers = [
        one for one in sitting.mine.topics if one.answered and sitting.scan.topic(one.topic).domain is domain
    ]
    if not is_child(sitting) or not answers:
        raise Missing("nothing_said", child_id=sitting.opened.child.id)
    own = policy.may(request.actor, "mark.set_own", sitting.opened.subject, request.today)
    return {
        "answers": answers,
        "domain": str(domain),
        "on_url": next_address(sitting, "topic", answers[-1].topic),
        "seat": {
            key: say(key, sitting.audience)
            for key in ("who_title", "who_lead", "who_own", "who_ok", "change")
        },
        "own_marks": own,
    }


def who_rows(sitting: Sitting, page: Mapping[str, Any], form: Any) -> dict[str, Any]:
    """Each answer with its picture and words, and the choice beside it."""
    return {"rows": [_row(sitting, one, form) for one in page["answers"]]}


def _row(sitting: Sitting, one: TopicAnswer, form: Any) -> dict[str, Any]:
    topic = sitting.scan.topic(one.topic)
    return {
        **topic_words(topic, sitting.audience),
        "said": answer_rows(one, sitting.audience),
        "nothing": text("needs.form.nothing_needed.label", str(Respondent.CHILD), language())
        if one.nothing_needed
        else "",
        "field": form[one.topic] if one.topic in form.fields else None,
        "url": address(sitting, "topic", one.topic),
    }
