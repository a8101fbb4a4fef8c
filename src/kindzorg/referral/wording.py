"""The words of an assessment per reader and language, from `content/*.yaml`. Plain text, for every door alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from kindzorg.core.texts import content, pick
from kindzorg.core.vocabulary import Audience, Law
from kindzorg.referral import catalogue
from kindzorg.referral.engine import Entry, Status

TOPICS = (
    "questions",
    "questions_daily",
    "outcome_texts",
    "outcome_texts_more",
    "parties",
    "reasons",
    "words",
)


# A person raises these with the family; no page brings up dying as something that might change a law.
SPARED = frozenset({"life_limiting", "palliative_terminal"})


def named(facts: Sequence[str], audience: str) -> tuple[str, ...]:
    """The facts that a page may name to this reader as open."""
    return tuple(key for key in facts if audience == Audience.PROFESSIONAL or key not in SPARED)


@cache
def _texts() -> Mapping[str, Any]:
    return {key: texts for topic in TOPICS for key, texts in content("referral", topic).items()}


@cache
def wording(key: str, audience: str, language: str) -> str:
    """One text; words written for parents also serve a professional. Raises KeyError for an unknown key."""
    texts = _texts()[key]
    if audience == Audience.PROFESSIONAL and Audience.PROFESSIONAL not in texts:
        audience = Audience.PARENT
    return pick(texts, audience, language)


@dataclass(frozen=True, slots=True)
class FactText:
    """A fact as asked: the question, help, why it is asked, the ages at which it is asked, and its sources."""

    id: str
    group: str
    group_title: str
    question: str
    help: str
    why: str
    ages: tuple[int, int]
    sources: tuple[str, ...]


def list_facts(language: str, audience: str) -> tuple[FactText, ...]:
    """Every fact that an assessment may ask, in order, worded for a reader."""
    return tuple(fact_text(key, audience, language) for key in catalogue.facts())


def fact_text(key: str, audience: str, language: str) -> FactText:
    """One fact, worded for a reader. Raises KeyError for an unknown fact."""
    fact = catalogue.facts()[key]
    return FactText(
        id=key,
        group=fact.group,
        group_title=wording(f"group.{fact.group}", audience, language),
        question=wording(f"{key}.question", audience, language),
        help=wording(f"{key}.help", audience, language),
        why=wording(f"{key}.why", audience, language),
        ages=fact.ages,
        sources=fact.sources,
    )


@dataclass(frozen=True, slots=True)
class EntryText:
    """An entry of the outcome in words. `caveat` is empty when nobody else has to judge."""

    title: str
    status: str
    what_for: str
    caveat: str
    why: str
    indicates: str
    payer: str
    form: str
    how: str
    term: str
    own_payment: str
    open_questions: tuple[str, ...]


def describe(entry: Entry, audience: str, language: str) -> EntryText:
    """An entry in words for a reader."""

    def say(key: str) -> str:
        return wording(key, audience, language)

    outcome = entry.outcome
    caveat = f"{outcome.id}.caveat"
    return EntryText(
        title=say(f"{outcome.id}.title"),
        status=say(f"status.{entry.status}"),
        what_for=say(f"{outcome.id}.what_for"),
        caveat=say(caveat) if caveat in _texts() and entry.status is not Status.EXCLUDED else "",
        why=why(entry, audience, language),
        indicates=say(f"indicates.{outcome.indicates}"),
        payer=say(f"payer.{outcome.payer}"),
        form=say(f"form.{outcome.form}"),
        how=say(f"how.{outcome.how}"),
        term=say(f"term.{outcome.term}"),
        own_payment=say(f"own_payment.{outcome.own_payment}"),
        open_questions=tuple(say(f"{key}.question") for key in named(entry.open_facts, audience)),
    )


def why(entry: Entry, audience: str, language: str) -> str:
    """Why this entry is here, or why it is excluded: two sentences; in full for professionals."""
    if audience == Audience.PROFESSIONAL:
        return full_reason(entry, language)
    return short_reason(entry, audience, language)


def short_reason(entry: Entry, audience: str, language: str) -> str:
    """Two sentences; while questions are open: that it is not sure, and on which answers it depends."""
    if entry.status is Status.POSSIBLE and entry.open_facts:
        first = [
            wording(f"{key}.question", audience, language) for key in named(entry.open_facts, audience)[:2]
        ]
        key = "possible.why" if first else "possible.person"
        return wording(key, audience, language).format(questions=" ".join(first))
    return wording(entry.rules[0] if entry.rules else entry.id, audience, language)


def full_reason(entry: Entry, language: str) -> str:
    """The whole reason, one line each: rules with their condition, grounds, facts looked at, facts still open."""

    def say(key: str, **filling: object) -> str:
        return wording(key, Audience.PROFESSIONAL, language).format(**filling)

    lines = [short_reason(entry, Audience.PROFESSIONAL, language)]
    for key in entry.rules:
        rule = catalogue.rules().get(key)
        if rule:
            effect = say(f"effect.{rule.effect}")
            lines.append(say("full.rule", rule=key, effect=effect, when=" ".join(rule.when.split())))
    for ground in entry.grounds:
        form = "full.ground" if ground.article else "full.source"
        line = say(
            form, title=ground.title, article=ground.article, version=ground.version, source=ground.source
        )
        lines.append(f"{line} [{say('full.to_confirm')}]" if ground.to_confirm else line)
    for kind in ("how", "term", "own_payment"):
        code = f"{kind}.{getattr(entry.outcome, kind)}"
        if cited := code_sources(code):
            said = wording(code, Audience.PROFESSIONAL, language)
            lines.append(say("full.code", name=say(f"full.{kind}"), said=said, sources=", ".join(cited)))
    lines.extend(say("full.fact", fact=key, value=say(f"truth.{value}")) for key, value in entry.facts)
    if entry.open_facts:
        lines.append(say("full.open", facts=", ".join(entry.open_facts)))
    elif entry.facts:
        lines.append(say("full.nothing_open"))
    elif entry.rules:
        lines.append(say("full.age"))
    return "\n".join(lines)


def code_sources(code: str) -> tuple[str, ...]:
    """The sources of a code such as `term.ciz_6_weeks`, or of a checklist (`zvw`); empty where none says it."""
    return tuple(catalogue.sources()[key].id for key in content("referral", "code_sources").get(code, ()))


def pgb_checklist(law: Law, language: str) -> tuple[str, ...]:
    """What a personal budget asks under this law, as questions; empty where there is no such budget.

    The sources are `code_sources(law)`.
    """
    asked = content("referral", "pgb").items()
    return tuple(
        pick(texts, Audience.PROFESSIONAL, language) for key, texts in asked if key.startswith(f"{law}.")
    )
