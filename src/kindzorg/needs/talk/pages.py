"""The scan as a conversation, in the reader's words: before it begins, where it is now, and the summary."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from kindzorg.access import policy
from kindzorg.core.destroyed import cleared
from kindzorg.core.errors import Missing
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs import actions
from kindzorg.needs.pages import Sitting, address, language, topic_words
from kindzorg.needs.queries import permission_to_answer
from kindzorg.needs.rules import FirstPass, Respondent, Said, Topic, TopicAnswer, current
from kindzorg.needs.steps import PARTS, Step, asked, steps_of
from kindzorg.needs.talk.actions import answer_in
from kindzorg.needs.talk.forms import NoteForm
from kindzorg.needs.talk.forms import say as said
from kindzorg.needs.talk.queries import checks_for, tongues_in
from kindzorg.needs.talk.rules import Check, Point, Understood, left_of, points_of, standing
from kindzorg.needs.wording import FACE, carrying_line, form_word, who_said
from kindzorg.record.translated.forms import add_language, written_in
from kindzorg.record.translated.pages import tongue_rows
from kindzorg.record.translated.rules import WordsOf

WHOLE = "whole"
SAYS = ("now", "wish", "managed", "helpers", "needed")


def say(sitting: Sitting, key: str) -> str:
    """A text of these pages for who is spoken with."""
    return said(key, sitting.audience, language())


def begin_page(sitting: Sitting) -> dict[str, Any]:
    """What to bring, how long it takes per life domain, and that one may stop. Raises Missing where no scan is open."""
    if sitting.voice is None or not sitting.some.open:
        raise Missing("no_open_scan", child_id=sitting.opened.child.id)
    rows = [
        {
            "domain": str(one.domain),
            "title": text(f"needs.opening.domain.{one.domain}", sitting.audience, language()),
            "line": _left_line(sitting, one),
        }
        for one in left_of(sitting.mine, sitting.voice.respondent, asked(sitting))
    ]
    keys = ("title", "lead", "bring", "bring_1", "bring_2", "bring_3", "long", "stop", "along", "guess", "go")
    return {"talk": {key: say(sitting, key) for key in keys}, "rows": rows}


def _left_line(sitting: Sitting, one: Any) -> str:
    if not one.questions:
        return say(sitting, "left_none")
    key = "left_one" if one.questions == 1 else "left_more"
    line = say(sitting, key).format(questions=one.questions, minutes=one.minutes)
    return f"{line} {say(sitting, 'left_more_chosen')}" if one.chooses else line


def hub_talk(request: Any, sitting: Sitting) -> dict[str, Any]:
    """For the task list: the way to begin together, to follow along, and the summary once something was told; for a
    nurse what was read back with whom."""
    if sitting.voice is None or not sitting.some.open:
        return {}
    if sitting.voice.respondent is Respondent.NURSE:
        said_of = {key: said_of_all(key) for key in ("agreed_title", "agreed_none")}
        return {"agreed": agreed_rows(request, sitting), **said_of}
    there = [("title", "talk", "clock")]
    if not sitting.typing:
        there.append(("follow", "follow", "eye"))
    if points_of(sitting.mine):
        there.append(("summary", "summary", "check"))
    links = [
        {"title": say(sitting, key), "url": address(sitting, page), "icon": icon} for key, page, icon in there
    ]
    return {"talk_links": links}


def here(sitting: Sitting) -> tuple[Step | None, int, int]:
    """The question that is open now: the first one not done after the last that was, and the how-manieth it is."""
    steps = steps_of(sitting)
    done = [place for place, one in enumerate(steps) if one.done]
    after = done[-1] + 1 if done else 0
    order = [*range(after, len(steps)), *range(after)]
    place = next((one for one in order if not steps[one].done), None)
    return (None, 0, len(steps)) if place is None else (steps[place], place + 1, len(steps))


def seen_of(sitting: Sitting) -> str:
    """What one has seen: it changes with each answer."""
    mine = sitting.mine
    every = (*mine.opening, *mine.strengths, *mine.first_pass, *mine.topics, *mine.carrying)
    return max((one.given_at.isoformat() for one in every), default="-")


def follow_page(sitting: Sitting) -> dict[str, Any]:
    """The question that is open now in the words of who follows, and what was last written down for them."""
    step, place, places = here(sitting)
    last = _last_written(sitting)
    on = address(sitting, "follow_on")
    poll = f"{on}{'&' if '?' in on else '?'}{urlencode({'seen': seen_of(sitting)})}"
    keys = ("follow", "follow_lead", "follow_done", "follow_on", "follow_self", "written", "summary")
    return {
        "talk": {key: say(sitting, key) for key in keys},
        "place": place,
        "places": places,
        "question": _question(sitting, step) if step else None,
        "last": last,
        "poll_url": poll if step else "",
        "self_url": address(sitting, step.page, *([step.key] if step.key else [])) if step else "",
        "summary_url": address(sitting, "summary"),
    }


def _question(sitting: Sitting, step: Step) -> dict[str, Any]:
    """A question as it stands on the other screen: its words, and what can be chosen."""
    audience, lang = sitting.audience, language()
    if step.page == "said":
        part = f"needs.opening.{step.key}"
        return {
            "title": text(f"{part}.question", audience, lang),
            "hint": text(f"{part}.hint", audience, lang),
        }
    if step.page == "first":
        domain = LifeDomain(step.key)
        return {
            "title": text(f"needs.opening.first_pass.{domain}", audience, lang),
            "domain": str(domain),
            "choices": [topic_words(topic, audience) for topic in asked(sitting, domain)],
        }
    if step.page == "topic":
        topic = sitting.scan.topic(step.key)
        who = sitting.voice.respondent if sitting.voice else Respondent.NURSE
        fields = [one.label(audience, lang) for one in sitting.scan.form(who) if one.essential]
        return {**topic_words(topic, audience), "asks": fields}
    return {
        "title": text("needs.pages.carrying", audience, lang),
        "hint": text("needs.carrying.intro", audience, lang),
    }


def _last_written(sitting: Sitting) -> dict[str, Any] | None:
    """What somebody else last wrote down for who follows."""
    typed = [one for one in points_of(sitting.mine) if one.given.entered_by]
    last = max(typed, key=lambda one: one.given.given_at, default=None)
    if last is None or last.given.entered_by is None:
        return None
    by = sitting.some.typists.get(last.given.entered_by, "")
    return {**point_words(sitting, last), "by": by, "when": last.given.given_at}


def parts(points: Sequence[Point]) -> list[str]:
    """The pages of the summary: what is about everything, and each life domain of which something was told."""
    there = {one.domain for one in points}
    return [WHOLE if one is None else str(one) for one in (None, *LifeDomain) if one in there]


def summary_of(request: Any, sitting: Sitting) -> tuple[Sequence[Point], Mapping[UUID, Check]]:
    """What somebody told, and what was said of it already. Raises Missing where nothing was told."""
    points = points_of(sitting.mine) if sitting.voice and sitting.some.open else ()
    if not points or (sitting.voice and sitting.voice.respondent is Respondent.NURSE):
        raise Missing("nothing_said", child_id=sitting.opened.child.id)
    return points, checks_for(request.actor, sitting.opened.subject, sitting.some)


def of_part(points: Sequence[Point], part: str) -> list[Point]:
    """What stands on one page of the summary."""
    return [one for one in points if (WHOLE if one.domain is None else str(one.domain)) == part]


def part_after(points: Sequence[Point], part: str) -> str:
    """The page after this one; empty after the last."""
    every = parts(points)
    return next(iter(every[every.index(part) + 1 :]), "")


def summary_page(sitting: Sitting, part: str, form: Any, points: Sequence[Point]) -> dict[str, Any]:
    """One page of the summary: each thing in plain words, with what was said of it."""
    every = parts(points)
    keys = ("summary", "summary_lead", "then_more", "save", "choose_again")
    name = "summary_whole" if part == WHOLE else f"needs.opening.domain.{part}"
    return {
        "talk": {key: say(sitting, key) for key in keys},
        "part_title": say(sitting, name) if part == WHOLE else text(name, sitting.audience, language()),
        "rows": [
            {
                **row,
                **point_words(sitting, row["point"]),
                "check": _check_line(sitting, form.checks, row["point"]),
            }
            for row in form.rows()
        ],
        "place": every.index(part) + 1,
        "places": len(every),
        "domain": "" if part == WHOLE else part,
        "form": form,
    }


def _check_line(sitting: Sitting, checks: Mapping[UUID, Check], point: Point) -> dict[str, Any] | None:
    found = checks.get(point.key)
    if found is None:
        return None
    return {"words": say(sitting, _was(found)).format(name=found.by), "at": found.at, "typist": found.typist}


def point_words(sitting: Sitting, point: Point) -> dict[str, Any]:
    """One thing that was told, in plain words: a heading, and lines of label and words."""
    audience, given = sitting.audience, point.given
    if point.part == "topics" and isinstance(given, TopicAnswer):
        title = sitting.scan.topic(given.topic).title(audience, language())
        return {"title": title, "pictogram": given.topic, "lines": _topic_lines(sitting, given)}
    if isinstance(given, FirstPass):
        title = text(f"needs.opening.domain.{given.domain}", audience, language())
        url = address(sitting, "first", given.domain)
        return {"title": title, "lines": [{"words": say(sitting, "quiet"), "own": False}], "url": url}
    if isinstance(given, Said):
        part = next(key for key, name in PARTS.items() if name == point.part)
        title = text(f"needs.opening.{part}.question", audience, language())
        return {"title": title, "lines": [{"words": given.words, "own": True}]}
    lines = [{"words": carrying_line(given, audience), "own": False}]  # type: ignore[arg-type]
    words = getattr(given, "words", "")
    own = [{"words": words, "own": True}] if words else []
    return {"title": text("needs.pages.carrying", audience, language()), "lines": [*lines, *own]}


def _topic_lines(sitting: Sitting, given: TopicAnswer) -> list[dict[str, Any]]:
    audience = sitting.audience
    lines: list[dict[str, Any]] = []
    if given.nothing_needed:
        lines.append({"words": say(sitting, "nothing"), "own": False})
    if given.feeling:
        words = form_word(f"feeling.{given.feeling}", audience)
        lines.append({"words": words, "own": False, "face": FACE.index(given.feeling)})
    lines += [
        {"label": say(sitting, f"sum_{name}"), "words": words, "own": True}
        for name in SAYS
        if (words := getattr(given, name))
    ]
    if given.importance:
        word = form_word(f"importance.{given.importance}", audience)
        lines.append({"label": say(sitting, "sum_importance"), "words": word, "own": False})
    if given.from_whom:
        whom = ", ".join(form_word(f"from_whom.{one}", audience) for one in given.from_whom)
        lines.append({"label": say(sitting, "sum_from_whom"), "words": whom, "own": False})
    return lines


def done_page(sitting: Sitting, points: Sequence[Point], checks: Mapping[UUID, Check]) -> dict[str, Any]:
    """The end: how much was agreed to, and what is still to look at."""
    agreed, total = standing(checks, points)
    todo = [
        one
        for one in points
        if (got := checks.get(one.key)) and got.verdict is Understood.NOT_QUITE and not got.better
    ]
    return {
        "title": say(sitting, "done"),
        "line": say(sitting, "done_all" if agreed == total else "done_line").format(
            agreed=agreed, total=total
        ),
        "todo_title": say(sitting, "todo"),
        "todo": [point_words(sitting, one) for one in todo],
        "again": say(sitting, "again"),
        "again_url": address(sitting, "summary"),
    }


def agreed_rows(request: Any, sitting: Sitting) -> list[dict[str, Any]]:
    """Per person how much of what they told was read back and is right, with the last time. One statement."""
    checks = checks_for(request.actor, sitting.opened.subject, sitting.some)
    points = points_of(current(sitting.some.answers))
    people = dict.fromkeys(
        (one.given.respondent, one.given.person_id)
        for one in points
        if one.given.respondent is not Respondent.NURSE
    )
    rows = []
    for who in people:
        mine = [one for one in points if (one.given.respondent, one.given.person_id) == who]
        agreed, total = standing(checks, mine)
        last = max((said.at for one in mine if (said := checks.get(one.key))), default=None)
        if last:
            line = said_of_all("agreed").format(agreed=agreed, total=total)
            rows.append({**who_said(sitting.some, *who), "line": line, "at": last})
    return rows


def said_of_all(key: str) -> str:
    """A text of these pages for who reads of all who told something."""
    return said(key, "professional", language())


def checked_rows(request: Any, sitting: Sitting) -> list[dict[str, Any]]:
    """Each thing that was read back, with what was said of it: for a copy of the file. One statement."""
    checks = checks_for(request.actor, sitting.opened.subject, sitting.some)
    points = [one for one in points_of(current(sitting.some.answers)) if one.key in checks]
    return [
        {
            "title": point_words(sitting, one)["title"],
            "words": said_of_all(_was(checks[one.key])).format(name=checks[one.key].by),
            "at": checks[one.key].at,
            "typist": checks[one.key].typist,
        }
        for one in points
    ]


def _was(found: Check) -> str:
    return "was_better" if found.better else f"was_{found.verdict}"


def in_own_language(sitting: Sitting, form: Any) -> Any:
    """The form, with the choice of a language for who writes no Dutch, or types for somebody who speaks another."""
    speaks = [
        one.language
        for one in sitting.family
        if one.interpreter_at and sitting.voice and one.id == sitting.voice.person_id
    ]
    add_language(form, sitting.audience, speaks, types_for_another=sitting.typing)
    return form


def keep_answer(request: Any, sitting: Sitting, part: str, answer: Any, form: Any) -> None:
    """Keep an answer, with the language in which it was written."""
    language = written_in(form) if form.is_bound and form.is_valid() else ""
    answer_in(request.actor, sitting.opened.subject, answer, part, language, request.now)


def tongues(request: Any, sitting: Sitting) -> dict[str, Any]:
    """Under each answer in which language it is, and its translations. One statement."""
    if sitting.filled is None:
        return {}
    found = tongues_in(request.actor, sitting.opened.subject, sitting.filled)
    about = (request.actor, sitting.opened.subject, request.today)
    may = policy.may(about[0], permission_to_answer(*about), about[1], about[2])
    return tongue_rows(sitting.opened, WordsOf.NEEDS, found, may=may)


def note_form(request: Any, sitting: Sitting, topic: Topic) -> NoteForm | None:
    """The nurse's own words at a topic, beside those that she types for somebody; None where she answers herself."""
    if not sitting.typing or sitting.voices[0].respondent is not Respondent.NURSE:
        return None
    if Respondent.NURSE not in topic.asked_of:
        return None
    words = next(iter(cleared({"words": one.now})["words"] for one in _own(sitting, topic)), "")
    return NoteForm(request.POST if request.method == "POST" else None, language(), words)


def _own(sitting: Sitting, topic: Topic) -> list[TopicAnswer]:
    own = sitting.voices[0].person_id
    return [
        one for one in reversed(sitting.some.answers.topics) if (one.person_id, one.topic) == (own, topic.id)
    ]


def keep_note(request: Any, sitting: Sitting, topic: Topic, form: NoteForm | None) -> None:
    """Keep what the nurse adds as her own answer, beside that of the family, if she wrote something new."""
    if form is None or not form.is_valid():
        return
    words, before = form.cleaned_data["words"].strip(), _own(sitting, topic)
    if words == (before[0].now if before else ""):
        return
    given = sitting.voices[0].given(request.now)
    fresh = TopicAnswer(**given, topic=topic.id)
    kept = replace(before[0], **given) if before else fresh
    new = replace(kept, now=words, skipped=False)
    actions.answer_topic(
        request.actor,
        sitting.opened.subject,
        new if new.answered else replace(fresh, skipped=True),
        request.now,
    )
