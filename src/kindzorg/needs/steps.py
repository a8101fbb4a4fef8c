"""The pages of one's part of the scan in their order, how far one is, and what stands around a question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs import queries
from kindzorg.needs.definition import OPENING
from kindzorg.needs.pages import STATUS, Sitting, address, is_child, language, status_words, topic_words
from kindzorg.needs.rules import (
    Cell,
    Respondent,
    ScanReader,
    Topic,
    hub,
    later_topics,
    open_topics,
)

PARTS = dict(zip(OPENING, ("opening", "strengths"), strict=True))


@dataclass(frozen=True, slots=True)
class Step:
    """One page of somebody's part of the scan."""

    page: str
    key: str
    done: bool
    domain: LifeDomain | None = None


def steps_of(sitting: Sitting) -> tuple[Step, ...]:
    """The pages of one's part in order: opening, strengths, four choices, the topics chosen, carrying power."""
    mine, who = sitting.mine, sitting.voice.respondent if sitting.voice else Respondent.NURSE
    passed = {given.domain for given in mine.first_pass if given.passed}
    finished = {answer.topic for answer in mine.topics if answer.answered or answer.skipped}
    offered = {topic.id for topic in asked(sitting)} | finished
    now = {topic.id for topic in open_topics(mine.first_pass, who, sitting.scan)} | finished
    chosen = [one for one in sitting.scan.topics if one.id in now & offered]
    opening = [Step("said", part, bool(getattr(mine, name))) for part, name in PARTS.items()]
    first = [Step("first", domain, domain in passed, domain) for domain in LifeDomain]
    topics = [Step("topic", topic.id, topic.id in finished, topic.domain) for topic in chosen]
    if not sitting.way.telling:
        opening = []
    return (
        *(opening if sitting.scan.paces[who].opening else ()),
        *(_by_part(first, topics) if is_child(sitting) else (*first, *topics)),
        *([Step("carrying", "", bool(mine.carrying))] if sitting.way.telling else ()),
    )


def _by_part(first: Sequence[Step], topics: Sequence[Step]) -> Iterator[Step]:
    """For a child: of each domain which topics, and then those topics, before the next domain."""
    for choice in first:
        yield choice
        yield from (topic for topic in topics if topic.domain is choice.domain)


def asked(sitting: Sitting, domain: LifeDomain | None = None) -> tuple[Topic, ...]:
    """The topics that may be chosen here. What a child may want to say without its parents is not asked beside them."""
    who = sitting.voice.respondent if sitting.voice else Respondent.NURSE
    offered = sitting.scan.offered(who, domain, sitting.age)
    alone = not is_child(sitting) or sitting.nurse_first
    return tuple(topic for topic in offered if alone or not topic.nurse_first)


def next_address(sitting: Sitting, page: str = "", key: str = "") -> str:
    """The first thing still open after this page (from the beginning without one); then the answers to check."""
    steps = steps_of(sitting)
    here = next((i for i, step in enumerate(steps) if (step.page, step.key) == (page, key)), -1)
    for step in steps[here + 1 :]:
        if not step.done:
            return address(sitting, step.page, *([step.key] if step.key else []))
    return address(sitting, "check")


def go_on(request: Any, sitting: Sitting, page: str, key: str = "") -> HttpResponse:
    """After an answer: read the scan again and go to what is still open."""
    filled = queries.scan_for(request.actor, sitting.opened.subject, request.today, sitting.voices)
    sitting = replace(sitting, filled=filled)
    part = part_done(sitting, page, key)
    return redirect(address(sitting, "who", part) if part else next_address(sitting, page, key))


def part_done(sitting: Sitting, page: str, key: str) -> str:
    """The domain of which a child has now said all that it chose, something at least; empty where there is more."""
    steps = steps_of(sitting) if is_child(sitting) and page in ("first", "topic") else ()
    domain = next((step.domain for step in steps if (step.page, step.key) == (page, key)), None)
    of_it = [step for step in steps if step.domain and step.domain is domain]
    said = {answer.topic for answer in sitting.mine.topics if answer.answered}
    told = any(step.page == "topic" and step.key in said for step in of_it)
    return str(domain) if told and all(step.done for step in of_it) else ""


def place(sitting: Sitting, page: str, key: str = "") -> dict[str, Any]:
    """How far one is: "question 4 of 10", and the domain that colours the page."""
    steps = steps_of(sitting)
    here = next((i for i, step in enumerate(steps, 1) if (step.page, step.key) == (page, key)), 0)
    domain = steps[here - 1].domain if here else None
    before = steps[here - 2] if here > 1 and is_child(sitting) else None
    url = address(sitting, before.page, *([before.key] if before.key else [])) if before else ""
    return {"place": here, "places": len(steps), "domain": domain and str(domain), "previous_url": url}


def later_of(sitting: Sitting) -> list[dict[str, Any]]:
    """The topics chosen that are kept for another day."""
    if sitting.voice is None:
        return []
    mine = sitting.mine
    finished = {answer.topic for answer in mine.topics}
    later = later_topics(mine.first_pass, sitting.voice.respondent, sitting.scan)
    return [
        {**topic_words(topic, sitting.audience), "url": address(sitting, "topic", topic.id)}
        for topic in later
        if topic.id not in finished
    ]


def own_cells(sitting: Sitting) -> dict[str, dict[str, Any]]:
    """One's own part, per domain: status, where it goes on, and how many topics are answered."""
    who = sitting.voice.respondent if sitting.voice else Respondent.NURSE
    cells = hub(sitting.mine, sitting.voice.person_id if sitting.voice else None)
    return {str(domain): _own_cell(sitting, domain, cells[domain][who]) for domain in LifeDomain}


def _own_cell(sitting: Sitting, domain: LifeDomain, cell: Cell) -> dict[str, Any]:
    still = [step for step in steps_of(sitting) if step.domain is domain and not step.done]
    page = (still[0].page, still[0].key) if still else ("first", domain)
    return {
        "domain": str(domain),
        "title": text(f"needs.opening.domain.{domain}", sitting.audience, language()),
        "status": STATUS[cell.status],
        "words": status_words(cell.status),
        "url": address(sitting, *page),
        "answered": cell.answered,
        "opened": cell.opened,
    }


def topic_page(sitting: Sitting, topic: Topic) -> dict[str, Any]:
    """What stands around the form of a topic: its name, one's earlier answer, and what may be undone."""
    given = [answer for answer in sitting.mine.topics if answer.topic == topic.id]
    from_earlier = not given and any(a.topic == topic.id for a in _earlier_topics(sitting))
    rescan = text("needs.closing.rescan", sitting.audience, language()) if from_earlier else ""
    found = place(sitting, "topic", topic.id)
    return {
        **found,
        "topic": topic_words(topic, sitting.audience),
        "domain": str(topic.domain),
        "given": given[0] if given and not given[0].skipped else None,
        "was_skipped": bool(given and given[0].skipped),
        "rescan_words": rescan,
        "take_back_url": address(sitting, "take_back", topic.id),
        "together_url": address(sitting, "together_topic", topic.domain, topic.id),
    }


def _earlier_topics(sitting: Sitting) -> tuple[Any, ...]:
    return sitting.earlier.topics if sitting.earlier else ()


def topic_initial(sitting: Sitting, topic: str) -> dict[str, Any]:
    """What the form of a topic begins with: one's last answer, also that of an earlier scan."""
    known = (*_earlier_topics(sitting), *sitting.mine.topics)
    given = next((answer for answer in reversed(known) if answer.topic == topic), None)
    if given is None:
        return {"nurse_first": sitting.nurse_first and sitting.scan.topic(topic).nurse_first}
    return {name: getattr(given, name) for name in given.__slots__ if name not in ("topic", "skipped")}


def ways(sitting: Sitting) -> list[dict[str, str]]:
    """The other pages of one's part: carrying power, the answers, and in a rescan what changed."""
    pages = [*(["carrying"] if sitting.way.telling else []), "check"] + (
        ["changes"] if sitting.some.before else []
    )
    words = {"carrying": "carrying", "check": "check", "changes": "changed"}
    found = [
        {
            "title": text(f"needs.pages.{words[page]}", sitting.audience, language()),
            "url": address(sitting, page),
        }
        for page in pages
    ]
    if sitting.some.reader is ScanReader.FROM_12:
        title = text("needs.pages.together", sitting.audience, language())
        found.append({"title": title, "url": address(sitting, "together", LifeDomain.MEDICAL)})
    return found
