"""The public functions: ages, dates, versions, differences, what would change, and what is refused."""

import dataclasses
import json
from datetime import date

import pytest

from kindzorg.core.errors import Invalid
from kindzorg.core.texts import content
from kindzorg.core.vocabulary import Law, Truth
from kindzorg.people.rules import Qualification
from kindzorg.referral import catalogue, engine
from kindzorg.referral.decision import (
    CONFIRMING_SOURCE,
    Decider,
    decide,
    decision_from_json,
    decision_to_json,
    from_json,
    may_confirm_zvw,
    to_json,
)
from kindzorg.referral.rules import (
    Facts,
    Status,
    age_band,
    assess,
    difference,
    next_questions,
    outcome_ids,
    reassess,
    rule_set_on,
    what_would_change,
)

ON = date(2026, 11, 22)
YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN


@pytest.mark.parametrize(
    ("born", "on", "band"),
    [
        (date(2026, 11, 22), ON, "0-2"),
        (date(2023, 11, 23), ON, "0-2"),
        (date(2023, 11, 22), ON, "3-4"),
        (date(2021, 11, 22), ON, "5-7"),
        (date(2018, 11, 23), ON, "5-7"),
        (date(2018, 11, 22), ON, "8-11"),
        (date(2014, 11, 22), ON, "12-15"),
        (date(2010, 11, 22), ON, "16-17"),
        (date(2008, 11, 23), ON, "16-17"),
        (date(2008, 11, 22), ON, "18-22"),
        (date(2003, 11, 22), ON, "23+"),
        (date(2008, 2, 29), date(2026, 2, 28), "16-17"),
        (date(2008, 2, 29), date(2026, 3, 1), "18-22"),
    ],
)
def test_age_bands(born: date, on: date, band: str) -> None:
    assert age_band(born, on) == band


def test_not_yet_born() -> None:
    with pytest.raises(Invalid, match="not_born"):
        age_band(date(2026, 11, 23), ON)


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(2024, 1, 1), "2024-01"),
        (date(2024, 7, 1), "2024-07"),
        (date(2025, 6, 11), "2024-07"),
        (date(2025, 6, 12), "2025-06"),
        (date(2025, 7, 1), "2025-07"),
        (date(2025, 12, 31), "2025-07"),
        (ON, "2026-01"),
    ],
)
def test_the_rules_of_the_day(on: date, version: str) -> None:
    assert rule_set_on(on) == version
    assert assess(Facts(), date(2020, 1, 1), on).rule_version == version


def test_a_day_before_all_rules() -> None:
    with pytest.raises(Invalid, match="no_rules"):
        assess(Facts(), date(2020, 1, 1), date(2023, 12, 31))


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(Invalid, match="unknown_fact"):
        Facts({"weather": YES})
    with pytest.raises(Invalid, match="unknown_truth"):
        Facts({"nursing_need": "perhaps"})  # type: ignore[dict-item]
    with pytest.raises(Invalid, match="unknown_version"):
        outcome_ids(Facts(), "5-7", "1999")
    with pytest.raises(Invalid, match="unknown_band"):
        outcome_ids(Facts(), "5-6", "2026-01")


def test_facts_are_values() -> None:
    one = Facts({"nursing_need": YES, "lasting": UNKNOWN})
    assert one["nursing_need"] is YES and one["somatic_main"] is UNKNOWN
    assert one == Facts({"lasting": "unknown", "nursing_need": "yes"})  # type: ignore[dict-item]
    assert hash(one) == hash(Facts(dict(reversed(one.answers.items()))))
    assert one.having("lasting", NO)["lasting"] is NO and one["lasting"] is UNKNOWN


def test_reasons_and_the_fast_way_agree() -> None:
    facts = Facts({"nursing_need": YES, "has_wlz": NO, "somatic_main": YES, "nearby_24h": YES})
    found = assess(facts, date(2016, 1, 1), ON)
    assert found.ids == outcome_ids(facts, "8-11", "2026-01")
    assert found.open_questions == next_questions(facts, "8-11", ON)
    barred = found["wlz_application"]
    assert barred is not None and barred.status is Status.EXCLUDED and barred.rules == ("wlz_barred_somatic",)
    assert found["mbo_support"] is None
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.on = ON  # type: ignore[misc]


def test_case_12_then_and_now() -> None:
    facts = Facts(
        {
            "paediatric_supervision": NO,
            "nursing_need": YES,
            "behaviour_upbringing": YES,
            "several_causes": YES,
            "permanent_supervision": NO,
            "nearby_24h": YES,
            "lasting": YES,
            "somatic_main": NO,
            "psychiatric_only": NO,
            "upbringing_setting": NO,
            "life_limiting": NO,
            "has_wlz": NO,
        }
    )
    then = assess(facts, date(2018, 2, 1), date(2024, 3, 1))
    now = reassess(then, "2026-01")
    seen = difference(then, now)
    assert (seen.old_version, seen.new_version) == ("2024-01", "2026-01")
    assert seen.changed == (("wlz_application", Status.POSSIBLE, Status.CERTAIN),)
    assert ("wlz_application", ("wlz_usual_care_2019",), ("wlz_application",)) in seen.other_rules
    assert "jeugdwet_help" in seen.other_grounds
    assert not seen.same_outcome and not seen.facts
    assert {"zvw_nursing", "jeugdwet_help", "jeugdwet_several_causes"} <= then.ids & now.ids


def test_other_differences_between_then_and_now() -> None:
    facts = Facts({"has_wlz": YES, "parents_overloaded": YES, "heavy_care_at_home": NO})
    then = assess(facts, date(2014, 1, 1), date(2024, 3, 1))
    seen = difference(then, reassess(then, "2026-01"))
    assert set(seen.added) == {"double_child_benefit", "wlz_respite_own_choice"}
    later = assess(facts.having("lasting", YES), date(2014, 1, 1), date(2024, 3, 1))
    assert difference(then, later).facts == (("lasting", UNKNOWN, YES),)
    assert difference(then, then).same_outcome


def test_every_answer_that_would_change_something() -> None:
    born = date(2016, 1, 1)
    facts = Facts(
        {"nursing_need": YES, "somatic_main": YES, "nearby_24h": YES, "lasting": YES, "has_wlz": NO}
    )
    found = {(change.fact, change.new): change for change in what_would_change(facts, born, ON)}
    flip = found["somatic_main", NO]
    assert flip.old is YES and "zvw_transport" in flip.removed
    assert ("wlz_application", Status.EXCLUDED, Status.POSSIBLE) in flip.changed
    assert ("somatic_main", YES) not in found
    for key in catalogue.applicable("8-11"):
        for new in (YES, NO):
            other = assess(facts.having(key, new), born, ON)
            same = {entry.id: entry.status for entry in other.entries} == {
                entry.id: entry.status for entry in assess(facts, born, ON).entries
            }
            assert same == ((key, new) not in found)


def test_an_unasked_answer_never_would_change_anything() -> None:
    born = date(2016, 1, 1)
    facts = Facts({"nursing_need": YES, "somatic_main": YES, "nearby_24h": YES})
    asked = set(assess(facts, born, ON).open_questions) | set(facts.answers)
    assert {change.fact for change in what_would_change(facts, born, ON)} <= asked


def test_grounds_carry_article_version_and_link() -> None:
    entry = assess(
        Facts({"nursing_need": YES, "has_wlz": NO, "paediatric_supervision": NO}), date(2016, 1, 1), ON
    )["zvw_nursing"]
    assert entry is not None
    ground = entry.grounds[0]
    assert (ground.source, ground.title, ground.article) == ("L1", "Besluit zorgverzekering", "2.10")
    assert ground.link == "https://wetten.overheid.nl/BWBR0018492/2026-07-01"
    assert not ground.to_confirm


def test_a_ground_not_read_for_that_time_is_to_be_confirmed() -> None:
    facts = Facts({"nursing_need": YES, "has_wlz": NO, "paediatric_supervision": NO, "self_care_gap": YES})
    then = assess(facts, date(2016, 1, 1), date(2024, 3, 1))
    nursing, care = then["zvw_nursing"], then["jeugdwet_personal_care"]
    assert nursing is not None and nursing.to_confirm
    assert care is not None and {ground.version for ground in care.grounds} == {date(2024, 1, 1)}
    assert not any(ground.to_confirm for ground in care.grounds)


def test_an_assessment_survives_the_journey_through_json() -> None:
    facts = Facts({"nursing_need": YES, "lasting": UNKNOWN, "somatic_main": NO})
    found = assess(facts, date(2012, 1, 1), ON)
    assert from_json(json.loads(json.dumps(to_json(found)))) == found


def test_a_stored_assessment_opens_when_a_fact_is_no_longer_asked() -> None:
    data = to_json(assess(Facts({"nursing_need": YES}), date(2012, 1, 1), ON))
    data["facts"] |= {"asked_long_ago": "yes", "asked_once": "no", "asked_twice": "unknown"}
    old = from_json(data)
    assert old.facts["asked_long_ago"] is YES
    assert reassess(old, "2026-01").ids == old.ids


def test_every_source_is_used() -> None:
    used = {source for rule in catalogue.rules().values() for source in rule.sources}
    used |= {source for fact in catalogue.facts().values() for source in fact.sources}
    used |= {source for cited in content("referral", "code_sources").values() for source in cited}
    assert used | {CONFIRMING_SOURCE} == set(catalogue.sources())


@pytest.mark.parametrize("qualification", Qualification)
def test_who_may_confirm_an_indication_under_the_zvw(qualification: Qualification) -> None:
    wanted = qualification in ("level5_paediatric_nurse", "nurse_specialist")
    assert may_confirm_zvw(qualification) is wanted
    assert may_confirm_zvw("parent") is False


def test_deciding() -> None:
    facts = Facts(
        {"nursing_need": YES, "has_wlz": NO, "paediatric_supervision": NO, "behaviour_upbringing": YES}
    )
    found = assess(facts, date(2016, 1, 1), ON)
    nurse = Decider("n1", Qualification.LEVEL5_PAEDIATRIC_NURSE)
    decision = decide(found, "a1", ["zvw_nursing", "jeugdwet_help"], nurse, ON, "talked over at home")
    assert decision.laws == {Law.ZVW, Law.JEUGDWET}
    assert decision.entries[0].payer == "insurer" and decision.decided_by == "n1"
    assert decision_from_json(json.loads(json.dumps(decision_to_json(decision)))) == decision
    paediatrician = Decider("p1", Qualification.PAEDIATRICIAN)
    assert decide(found, "a1", ["jeugdwet_help"], paediatrician, ON).laws == {Law.JEUGDWET}
    with pytest.raises(Invalid, match="may_not_confirm_zvw"):
        decide(found, "a1", ["zvw_nursing"], paediatrician, ON)
    with pytest.raises(Invalid, match="not_in_outcome"):
        decide(found, "a1", ["hospital"], nurse, ON)
    with pytest.raises(Invalid, match="nothing_kept"):
        decide(found, "a1", [], nurse, ON)


def test_a_signpost_outside_the_laws_can_be_decided_and_stored() -> None:
    found = assess(Facts.nothing_needed(), date(2016, 1, 1), ON)
    nobody = Decider("n1", Qualification.NONE)
    decision = decide(found, "a1", ["no_law_needed"], nobody, ON)
    assert decision.laws == frozenset()
    assert decision_from_json(decision_to_json(decision)) == decision


def test_answers_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "KEEP", 2)
    rules = engine.CompiledSet(catalogue.rule_sets()["2026-01"], "8-11")
    for key in catalogue.applicable("8-11"):
        facts = Facts({key: YES})
        found, _ = rules.assessed(facts.yes, facts.no)
        assert {entry.id: entry.status for entry in found} == rules.statuses(facts.yes, facts.no)
    assert all(len(line.statuses) <= 2 and len(line.entries) <= 2 for line in rules.lines)


def test_ages_that_cut_a_band_in_two_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="cut the band"):
        catalogue._inside("3-4", (4, 17))
