"""Answers in words: to check, beside one another, against the last scan, and as they were handed over."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience, LifeDomain
from kindzorg.needs.answers import is_destroyed, told_in
from kindzorg.needs.pages import (
    STATUS,
    Sitting,
    address,
    language,
    status_words,
    topic_words,
)
from kindzorg.needs.queries import FilledScan
from kindzorg.needs.rules import (
    Answers,
    Carrying,
    Change,
    ChangeKind,
    Feeling,
    FirstPass,
    Respondent,
    Topic,
    TopicAnswer,
    compare,
    current,
    definition,
    missing_to_close,
)
from kindzorg.needs.seats import Beside
from kindzorg.needs.steps import own_cells, steps_of
from kindzorg.needs.unseen import key_of, says_something

WORDS = ("now", "wish", "managed", "helpers", "needed")
TONES = {"first": "alarm", "important": "warning", "welcome": "info", "can_wait": "neutral"}
FACE = list(Feeling)


def reader_of(sitting: Sitting) -> str:
    """For whom labels beside other people's answers are worded: who reads."""
    voice = sitting.voice
    if voice and not voice.entered_by:
        return str(voice.respondent.audience)
    return str(Audience.PROFESSIONAL if voice else sitting.opened.audience)


def person_role(respondent: Respondent) -> str:
    """What one person is called: "parent" beside a name, where the column of all is "parents"."""
    return _("Parent") if respondent is Respondent.PARENT else role_words(respondent)


def role_words(respondent: Respondent) -> str:
    """Child, parents or nurse, as the columns are called."""
    return {
        Respondent.CHILD: _("Child"),
        Respondent.PARENT: _("Parents"),
        Respondent.NURSE: _("Nurse"),
    }[respondent]


def form_word(key: str, audience: str) -> str:
    """A text of the short form."""
    return text(f"needs.form.{key}", audience, language())


def answer_rows(answer: TopicAnswer, audience: str) -> list[dict[str, Any]]:
    """Each question that was answered, with the words given; a face as a face."""
    rows: list[dict[str, Any]] = []
    if answer.feeling:
        rows.append(
            {
                "label": form_word("feeling.label", audience),
                "value": form_word(f"feeling.{answer.feeling}", audience),
                "face": FACE.index(answer.feeling),
            }
        )
    rows += [
        {"label": form_word(f"{name}.label", audience), "value": getattr(answer, name), "field": name}
        for name in WORDS
        if getattr(answer, name)
    ]
    if answer.importance:
        word = form_word(f"importance.{answer.importance}", audience)
        rows.append({"label": form_word("importance.label", audience), "value": word})
    if answer.from_whom:
        whom = ", ".join(form_word(f"from_whom.{helper}", audience) for helper in answer.from_whom)
        rows.append({"label": form_word("from_whom.label", audience), "value": whom})
    return rows


def helped(beside: Beside | None, audience: str) -> str:
    """With whose help a child answered; empty where it did so alone, or nobody said."""
    return text(f"needs.seat.helped_{beside}", audience, language()) if beside else ""


def column(sitting: Sitting, answer: TopicAnswer) -> dict[str, Any]:
    """One person's answer on a topic, as it stands beside those of others."""
    filled, reader = sitting.some, reader_of(sitting)
    return {
        **who_said(filled, answer.respondent, answer.person_id),
        "child_id": sitting.opened.child.id if answer.respondent is Respondent.CHILD else None,
        "rows": answer_rows(answer, reader),
        "nothing_needed": answer.nothing_needed,
        "skipped": answer.skipped,
        "when": answer.given_at,
        "helped": helped(answer.beside, reader),
        "typed_by": filled.typists.get(answer.entered_by, "") if answer.entered_by else "",
        "nurse_first": form_word("nurse_first.label", reader) if answer.nurse_first else "",
        "id": None if is_destroyed(answer) or not says_something(answer) else key_of("topics", answer),
    }


def who_said(filled: FilledScan, respondent: Respondent, person_id: UUID) -> dict[str, Any]:
    """Whose answer it is: the name as it was then, and what that person is to the child."""
    return {
        "name": filled.names.get(person_id, role_words(respondent)),
        "role": person_role(respondent),
        "respondent": str(respondent),
    }


def together_page(sitting: Sitting, domain: LifeDomain, only: str = "") -> dict[str, Any]:
    """Per topic of a domain the words of child, parents and nurse, each as given."""
    answers = current(sitting.some.holding)
    reader, scan = reader_of(sitting), answers.scan
    told = {answer.topic for answer in answers.topics}
    topics = [t for t in scan.topics if t.domain is domain and (t.id == only if only else t.id in told)]
    quiet = [given for given in answers.first_pass if given.domain is domain and given.quiet]
    return {
        "domain": str(domain),
        "topics": [row for topic in topics if (row := _beside(sitting, topic, answers))["columns"]],
        "quiet": [
            {**who_said(sitting.some, given.respondent, given.person_id), "when": given.given_at}
            for given in quiet
        ],
        "nothing_needed": form_word("nothing_needed.label", reader),
        "domains": [
            {
                "domain": str(one),
                "title": text(f"needs.opening.domain.{one}", reader, language()),
                "url": address(sitting, "together", one),
            }
            for one in LifeDomain
        ],
    }


def _beside(sitting: Sitting, topic: Topic, answers: Answers) -> dict[str, Any]:
    given = [answer for answer in answers.topics if answer.topic == topic.id]
    columns = []
    for respondent in Respondent:
        if respondent not in topic.asked_of or not may_stand(sitting.some, respondent, topic):
            continue
        said = [column(sitting, answer) for answer in given if answer.respondent is respondent]
        columns += said or [_nobody(sitting, respondent)]
    may = sitting.voice and sitting.some.open and sitting.voice.respondent in topic.asked_of
    url = address(sitting, "topic", topic.id) if may else ""
    return {**topic_words(topic, reader_of(sitting)), "columns": columns, "url": url}


def may_stand(filled: FilledScan, respondent: Respondent, topic: Topic) -> bool:
    """Whether what this respondent said on a topic may stand here; else there is no word of it, not even "nothing"."""
    return respondent is Respondent.CHILD or filled.reader.sees_others_on(topic)


def _nobody(sitting: Sitting, respondent: Respondent) -> dict[str, Any]:
    child = sitting.opened.child
    if respondent is Respondent.CHILD:
        return {"name": child.given_name or role_words(respondent), "child_id": child.id, "empty": True}
    return {"name": role_words(respondent), "empty": True}


def check_rows(sitting: Sitting) -> list[dict[str, Any]]:
    """One's own answers in the order of the pages, each with the way back to it."""
    mine, audience = sitting.mine, sitting.audience
    rows = []
    for step in steps_of(sitting):
        url = address(sitting, step.page, *([step.key] if step.key else []))
        key, value = _checked(step.page, step.key, mine, audience)
        if (
            not value
            and sitting.earlier
            and (then := _checked(step.page, step.key, sitting.earlier, audience)[1])
        ):
            value = f"{then} ({text('needs.pages.last_time', audience, language())})"
        rows.append({"key": key, "value": value, "change_url": url})
    return rows


def points_of(sitting: Sitting) -> list[dict[str, Any]]:
    """One's own answers that can be pointed out to put right or to destroy, each by what was asked."""
    mine, audience = current(sitting.own(sitting.some.holding) or sitting.mine), sitting.audience
    asked = {
        "opening": lambda one: text("needs.opening.healthy.question", audience, language()),
        "strengths": lambda one: text("needs.opening.strengths.question", audience, language()),
        "topics": lambda one: mine.scan.topic(one.topic).title(audience, language()),
        "carrying": lambda one: f"{_('How much rests on whom')}: {one.member}",
    }
    return [
        {"id": key_of(part, given), "title": title(given)}
        for part, title in asked.items()
        for given in getattr(mine, part)
        if told_in(given) and not is_destroyed(given)
    ]


def _checked(page: str, key: str, mine: Answers, audience: str) -> tuple[str, str]:
    if page == "said":
        given = mine.opening if key == "healthy" else mine.strengths
        words = (given[0].words or form_word_skipped()) if given else ""
        return text(f"needs.opening.{key}.question", audience, language()), words
    if page == "first":
        found = [p for p in mine.first_pass if p.domain == key]
        return text(f"needs.opening.domain.{key}", audience, language()), _chosen(found, mine, audience)
    if page == "topic":
        topic = mine.scan.topic(key)
        answers = [a for a in mine.topics if a.topic == key]
        return topic.title(audience, language()), one_line(answers[0], audience) if answers else ""
    told = ", ".join(carrying_line(c, audience) for c in mine.carrying)
    return _("How much rests on whom"), told


def form_word_skipped() -> str:
    """What stands where somebody chose to pass on."""
    return _("Skipped")


def _chosen(found: Sequence[FirstPass], mine: Answers, audience: str) -> str:
    if not found:
        return ""
    if found[0].nothing_needed:
        return text("needs.opening.first_pass.none", audience, language())
    return ", ".join(mine.scan.topic(topic).title(audience, language()) for topic in found[0].topics)


def one_line(answer: TopicAnswer, audience: str) -> str:
    """An answer in one line."""
    if answer.skipped:
        return form_word_skipped()
    if answer.nothing_needed:
        return form_word("nothing_needed.label", audience)
    return " · ".join(row["value"] for row in answer_rows(answer, audience))


def carrying_line(given: Carrying, audience: str) -> str:
    """One family member: the name, load and carrying power in words."""
    names = {"load": _("the care asks"), "power": _("can handle")}
    said = [
        f"{name}: {text(f'needs.carrying.scale.{word}', audience, language())}"
        for part, name in names.items()
        if (word := getattr(given, part))
    ]
    return f"{given.member} ({'; '.join(said)})" if said else given.member


def hub_rows(sitting: Sitting) -> list[dict[str, Any]]:
    """The four domains, each with how far child, parents and nurse are."""
    cells, reader = sitting.some.cells, reader_of(sitting)
    own = own_cells(sitting) if sitting.voice and sitting.some.open else {}
    mine = sitting.voice.respondent if sitting.voice else None
    return [
        {
            "domain": str(domain),
            "title": text(f"needs.opening.domain.{domain}", reader, language()),
            "url": address(sitting, "together", domain),
            "cells": [
                {
                    "who": role_words(who),
                    "status": STATUS[cells[domain][who].status],
                    "words": status_words(cells[domain][who].status),
                    **(own[domain] if own and who is mine else {}),
                }
                for who in Respondent
            ],
        }
        for domain in LifeDomain
    ]


def said_by_family(sitting: Sitting, *, only_own: bool = False) -> dict[str, list[dict[str, Any]]]:
    """The answers to the opening question and on what goes well, in the words of each, or of the reader only."""
    holding = sitting.some.holding
    answers = (sitting.own(holding) if only_own else None) or current(holding)
    return {
        name: [
            {
                **who_said(sitting.some, said.respondent, said.person_id),
                "words": said.words,
                "when": said.given_at,
                "id": None if is_destroyed(said) else key_of(name, said),
            }
            for said in getattr(answers, name)
            if said.words
        ]
        for name in ("opening", "strengths")
    }


def carrying_rows(given: Iterable[Carrying], filled: FilledScan, audience: str) -> list[dict[str, Any]]:
    """What each told of load and carrying power; never added up, never compared."""
    return [
        {
            **who_said(filled, one.respondent, one.person_id),
            "line": carrying_line(one, audience),
            "words": one.words,
            "when": one.given_at,
            "heavy": text("needs.carrying.heavy", audience, language()) if one.heavy else "",
        }
        for one in given
    ]


def missing_names(sitting: Sitting) -> list[str]:
    """The life domains in which nobody has answered yet."""
    missing = missing_to_close(sitting.some.holding)
    return [text(f"needs.opening.domain.{domain}", reader_of(sitting), language()) for domain in missing]


def changes_page(sitting: Sitting) -> dict[str, Any]:
    """What this scan changed since the ones before, per person and topic, with both answers."""
    filled, reader = sitting.some, reader_of(sitting)
    if filled.before is None:
        return {"changes": [], "carried": []}
    found = compare(filled.before, filled.answers)
    carried = [
        {
            **who_said(filled, now.respondent, now.person_id),
            "before": carrying_line(was, reader) if was else "",
            "after": carrying_line(now, reader),
        }
        for was, now in found.carrying
    ]
    return {"changes": [_change(sitting, change) for change in found.topics], "carried": carried}


def _change(sitting: Sitting, change: Change) -> dict[str, Any]:
    label, tone = change_words(change.kind)
    topic = definition(sitting.some.answers.version).topic(change.topic)
    after = column(sitting, change.after) if isinstance(change.after, TopicAnswer) else None
    return {
        **topic_words(topic, reader_of(sitting)),
        **who_said(sitting.some, change.respondent, change.person_id),
        "label": label,
        "tone": tone,
        "before": column(sitting, change.before) if change.before else None,
        "after": after,
    }


def change_words(kind: ChangeKind) -> tuple[str, str]:
    """What a change is called, and its tone."""
    return {
        ChangeKind.NEW: (_("New"), "info"),
        ChangeKind.NEED_BEGAN: (_("Now needed"), "warning"),
        ChangeKind.NEED_ENDED: (_("No longer needed"), "success"),
        ChangeKind.CHANGED: (_("Different"), "neutral"),
    }[kind]
