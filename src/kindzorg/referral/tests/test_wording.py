"""Every fact, entry and rule has its words, in both languages, for every reader, and short enough to read."""

import re
from datetime import date

import pytest

from kindzorg.core.texts import content
from kindzorg.core.vocabulary import Audience, Law, Truth
from kindzorg.referral import catalogue, wording
from kindzorg.referral.rules import Facts, assess

LANGUAGES = ("nl", "en")
ON = date(2026, 11, 22)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", Audience)
def test_every_text_is_there(audience: Audience, language: str) -> None:
    assert len(wording.list_facts(language, audience)) == len(catalogue.facts())
    for outcome in catalogue.outcomes().values():
        for key in (
            f"{outcome.id}.title",
            f"{outcome.id}.what_for",
            f"indicates.{outcome.indicates}",
            f"payer.{outcome.payer}",
            f"form.{outcome.form}",
            f"how.{outcome.how}",
            f"term.{outcome.term}",
            f"own_payment.{outcome.own_payment}",
        ):
            assert wording.wording(key, audience, language)
    for rule in catalogue.rules():
        assert wording.wording(rule, audience, language)


def test_no_text_without_use() -> None:
    known = set(catalogue.facts()) | set(catalogue.outcomes()) | set(catalogue.rules())
    codes = {
        "indicates",
        "payer",
        "form",
        "how",
        "term",
        "own_payment",
        "possible",
        "full",
        "effect",
        "truth",
    }
    codes |= {"status", "group"}
    for key in wording._texts():
        assert key.split(".")[0] in known | codes, key
    for code in ("indicates", "payer", "how", "term", "own_payment"):
        used = {getattr(outcome, code) for outcome in catalogue.outcomes().values()}
        said = {key.split(".")[1] for key in wording._texts() if key.startswith(f"{code}.")}
        assert used == said


@pytest.mark.parametrize(
    "topic", ["questions", "questions_daily", "outcome_texts", "outcome_texts_more", "reasons"]
)
def test_families_read_short_sentences(topic: str) -> None:
    too_long = []
    for key, texts in content("referral", topic).items():
        dutch = (texts.get("parent") or texts["professional"])["nl"]
        for sentence in re.split(r"(?<=[.?!:;])\s", dutch):
            if len(sentence.split()) > 15:
                too_long.append((key, sentence))
    assert not too_long


def test_the_reason_of_a_family_has_two_sentences() -> None:
    for key, texts in content("referral", "reasons").items():
        for language in LANGUAGES:
            assert len(re.findall(r"[.?!](\s|$)", texts["parent"][language])) == 2, (key, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", Audience)
def test_describing_an_assessment(audience: Audience, language: str) -> None:
    facts = Facts({"nursing_need": Truth.YES, "somatic_main": Truth.YES, "nearby_24h": Truth.YES})
    for entry in assess(facts, date(2013, 1, 1), ON).entries:
        words = wording.describe(entry, audience, language)
        assert words.title and words.why and words.payer and "{" not in words.why
        assert len(words.open_questions) == len(wording.named(entry.open_facts, audience))


def test_the_full_reason_names_rules_articles_and_facts() -> None:
    facts = Facts(
        {"nursing_need": Truth.YES, "somatic_main": Truth.YES, "nearby_24h": Truth.YES, "lasting": Truth.YES}
    )
    entry = assess(facts, date(2013, 1, 1), ON)["wlz_application"]
    assert entry is not None
    reason = wording.why(entry, Audience.PROFESSIONAL, "nl")
    for part in (
        "wlz_barred_somatic",
        "Besluit langdurige zorg 3.1.5",
        "2026-04-01",
        "L10",
        "somatic_main: ja",
    ):
        assert part in reason


def test_a_budget_asks_something_under_four_laws() -> None:
    for law in (Law.ZVW, Law.JEUGDWET, Law.WLZ, Law.WMO):
        assert len(wording.pgb_checklist(law, "nl")) == len(wording.pgb_checklist(law, "en")) > 0
        assert wording.code_sources(law)
    assert wording.pgb_checklist(Law.EDUCATION, "nl") == ()


def test_every_code_with_a_source_is_a_code() -> None:
    for code in content("referral", "code_sources"):
        assert wording.code_sources(code)
        assert code in wording._texts() or wording.pgb_checklist(Law(code), "nl")


def test_the_term_of_the_municipality_names_its_article() -> None:
    entry = assess(Facts({"behaviour_upbringing": Truth.YES, "lasting": Truth.NO}), date(2013, 1, 1), ON)[
        "jeugdwet_help"
    ]
    assert entry is not None
    assert "acht weken, tenzij zij een later moment meldt (L31)" in wording.why(
        entry, Audience.PROFESSIONAL, "nl"
    )


def test_what_a_young_person_reads_speaks_to_them() -> None:
    """No text of an outcome speaks of "your child", or says "u", to who is meant with it."""
    spoken_of = re.compile(r"\b(uw?|uw kind|your child)\b", re.IGNORECASE)
    topics = ("reasons", "outcome_texts", "outcome_texts_more", "parties")
    keys = [key for topic in topics for key in content("referral", topic)]
    keys += [f"{key}.question" for key in catalogue.facts()]
    found = [
        f"{key}: {words}"
        for key in keys
        for language in ("nl", "en")
        if spoken_of.search(words := wording.wording(key, Audience.CHILD, language))
    ]
    assert not found, "\n  ".join(["", *found])
