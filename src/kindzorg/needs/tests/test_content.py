"""The texts of the scan: complete in both languages, for every audience that reads them, and short."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.rules import (
    Amount,
    Feeling,
    FormField,
    Helper,
    Importance,
    Respondent,
    TopicAnswer,
    Whose,
    definition,
    to_questionnaire,
)

CONTENT = Path(__file__).parent.parent / "content"
LANGUAGES = ("nl", "en")
LONGEST = {"nl": 15, "en": 18}
SCAN = definition()
# Pages that not everybody comes to, so that not every text is there for each audience.
BY_READER = {"talk", "paper", "portrait", "strain"}
# Thresholds, no texts.
NUMBERS = {"strain_signs"}


def texts() -> dict[str, dict[str, dict[str, str]]]:
    """Every text of the room: `file.key` -> audience -> language -> words."""
    found = {}
    for path in CONTENT.glob("*.yaml"):
        if not path.stem.startswith("scan") and path.stem not in NUMBERS:
            loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
            found |= {f"{path.stem}.{key}": value for key, value in loaded.items()}
    return found


TEXTS = texts()


def sentences(words: str) -> list[str]:
    """The sentences of a text; a placeholder counts as one word."""
    return [sentence for sentence in re.split(r"(?<=[.!?])\s+", words) if sentence]


def family_texts() -> list[tuple[str, str, str, str]]:
    return [
        (key, audience, language, value)
        for key, audiences in TEXTS.items()
        for audience in ("child", "parent")
        for language, value in audiences.get(audience, {}).items()
    ]


def audiences_for(key: str) -> set[str]:
    """Who reads this text: a topic that the child is not asked has no text for the child."""
    file, rest = key.split(".", 1)
    if file in set(LifeDomain):
        return {who.audience.value for who in SCAN.topic(rest.split(".")[0]).asked_of}
    everybody = {"child", "parent", "professional"}
    return everybody & set(TEXTS[key]) or everybody if file in BY_READER else everybody


@pytest.mark.parametrize("key", TEXTS)
def test_every_text_is_there_for_its_readers_in_both_languages(key: str) -> None:
    assert set(TEXTS[key]) == audiences_for(key)
    for audience, languages in TEXTS[key].items():
        assert set(languages) == set(LANGUAGES), audience
        assert all(words.strip() == words and words for words in languages.values()), audience


def test_topics_and_texts_match_one_to_one() -> None:
    expected = {f"{topic.domain}.{topic.id}.{part}" for topic in SCAN.topics for part in ("title", "hint")}
    assert {key for key in TEXTS if key.split(".")[0] in set(LifeDomain)} == expected


def test_sentences_for_families_are_short() -> None:
    long = [
        (key, audience, language, sentence)
        for key, audience, language, words in family_texts()
        for sentence in sentences(words)
        if len(sentence.split()) > LONGEST[language]
    ]
    assert long == []


@pytest.mark.parametrize(
    ("audience", "foreign"),
    [("child", r"\b(u|uw|uzelf)\b"), ("parent", r"\b(je|jij|jou|jouw|jullie)\b")],
)
def test_children_are_je_and_parents_are_u(audience: str, foreign: str) -> None:
    found = [
        (key, words)
        for key, reader, language, words in family_texts()
        if reader == audience and language == "nl" and re.search(foreign, words, re.IGNORECASE)
    ]
    assert found == []


def test_families_read_no_law_words_and_no_jargon() -> None:
    jargon = re.compile(
        r"\b(zvw|wlz|wmo|jeugdwet|mks|indicatie|leefdomein|pgb|mantelzorg|participatie|draagkracht|draaglast)\b",
        re.IGNORECASE,
    )
    assert [(key, words) for key, _, _, words in family_texts() if jargon.search(words)] == []


def test_the_carrying_scale_says_that_it_is_not_validated() -> None:
    for audience in ("parent", "professional"):
        assert TEXTS["carrying.notice"][audience]["nl"].startswith("Eigen hulpmiddel, niet gevalideerd.")
        assert TEXTS["carrying.notice"][audience]["en"].startswith("Our own tool, not validated.")
    assert {key.split(".")[2] for key in TEXTS if key.startswith("carrying.scale.")} == set(Amount)


@pytest.mark.parametrize("domain", LifeDomain)
def test_each_domain_has_at_least_six_topics(domain: LifeDomain) -> None:
    assert len([topic for topic in SCAN.topics if topic.domain is domain]) >= 6


def test_brothers_sisters_and_parents_have_their_own_topics() -> None:
    assert {topic.for_whom for topic in SCAN.topics} == set(Whose)


def test_ids_are_unique_and_links_lead_somewhere() -> None:
    ids = [topic.id for topic in SCAN.topics]
    assert len(ids) == len(set(ids))
    assert [
        (t.id, other) for t in SCAN.topics for other in t.touches if other not in ids or other == t.id
    ] == []


def test_the_form_asks_what_an_answer_holds() -> None:
    for field in SCAN.fields:
        assert field.id in TopicAnswer.__dataclass_fields__
    choices = {field.id: field.choices for field in SCAN.fields if field.choices}
    assert choices == {
        "feeling": tuple(Feeling),
        "importance": tuple(Importance),
        "from_whom": tuple(Helper),
    }


@pytest.mark.parametrize("field", SCAN.fields, ids=lambda field: field.id)
def test_every_question_and_choice_has_words(field: FormField) -> None:
    for audience in ("child", "parent", "professional"):
        for language in LANGUAGES:
            assert field.label(audience, language)
            assert all(field.choice(choice, audience, language) for choice in field.choices)


def linked(items: list[dict[str, Any]]) -> list[str]:
    return [name for item in items for name in (item["id"], *linked(item.get("items", [])))]


@pytest.mark.parametrize("respondent", Respondent)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_outline_holds_the_whole_scan_once(respondent: Respondent, language: str) -> None:
    outline = to_questionnaire(SCAN, respondent.audience, language)
    ids = linked(outline["items"])
    assert len(ids) == len(set(ids))
    assert ids[0] == "healthy"
    for topic in SCAN.offered(respondent):
        assert {f"{topic.domain}.{topic.id}.{field.id}" for field in SCAN.form(respondent)} <= set(ids)
        assert f"{topic.domain}.{topic.id}.nothing_needed" in ids
    assert {"carrying.load", "carrying.power"} <= set(ids)


def test_the_outline_is_the_same_in_every_wording() -> None:
    assert linked(to_questionnaire(SCAN, "parent", "nl")["items"]) == linked(
        to_questionnaire(SCAN, "parent", "en")["items"]
    )
