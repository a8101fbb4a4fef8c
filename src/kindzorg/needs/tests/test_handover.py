"""What a closed scan hands over: every voice as given, side by side."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.rules import (
    Amount,
    Answers,
    Carrying,
    Feeling,
    Helper,
    Importance,
    Said,
    ScanReader,
    TopicAnswer,
    Whose,
    current,
    profile_as_data,
    profile_from_data,
    readable_by,
)
from kindzorg.needs.tests.answers import (
    JOOST,
    MARIT,
    MONDAY,
    NOOR,
    ON_ANY_SCAN,
    SAMIRA,
    SCAN,
    answer,
    any_scan_to_close,
    by,
    close,
    quiet,
    scan,
)

MEDICAL, DEVELOPMENT, SOCIAL, SAFETY = LifeDomain
TUESDAY = MONDAY + timedelta(days=1)
THREE = quiet(SAMIRA, DEVELOPMENT, SOCIAL, SAFETY)
MOTHER = answer(
    SAMIRA,
    "nights",
    now="Drie keer op.",
    wish="Een nacht doorslapen",
    managed="De avond",
    helpers="Mijn zus",
    needed="Iemand die waakt",
    importance=Importance.IMPORTANT,
    from_whom=(Helper.NURSE, Helper.FAMILY),
)
FATHER = answer(JOOST, "nights", nothing_needed=True)
CHILD = answer(NOOR, "nights", wish="Mama naast me", importance=Importance.FIRST, from_whom=(Helper.FAMILY,))
NURSE = answer(MARIT, "nights", needed="Nachtzorg, drie nachten", importance=Importance.CAN_WAIT)


def test_a_need_holds_every_voice_as_given() -> None:
    (need,) = close(scan(*THREE, MOTHER, FATHER, CHILD, NURSE)).needs
    assert need.voices == (MOTHER, FATHER, CHILD)
    assert need.nurse_voices == (NURSE,)
    assert (need.topic, need.domain, need.whose) == ("nights", MEDICAL, Whose.CHILD)
    assert need.words == ("Iemand die waakt", "Mama naast me")
    assert need.nurse_words == ("Nachtzorg, drie nachten",)
    assert need.wished == ("Een nacht doorslapen", "Mama naast me")
    assert need.managed == ("De avond",)
    assert need.helpers == ("Mijn zus",)
    assert need.wanted_from == (Helper.FAMILY, Helper.NURSE)
    assert need.urgency is Importance.FIRST


@pytest.mark.parametrize(
    ("voices", "urgency"),
    [
        ([NURSE], Importance.CAN_WAIT),
        ([MOTHER, NURSE], Importance.IMPORTANT),
        ([answer(SAMIRA, "nights", now="Zwaar"), NURSE], Importance.CAN_WAIT),
        ([answer(SAMIRA, "nights", now="Zwaar")], None),
    ],
)
def test_the_family_decides_how_urgent_a_need_is(
    voices: list[TopicAnswer], urgency: Importance | None
) -> None:
    (need,) = close(scan(*THREE, *voices)).needs
    assert need.urgency is urgency


def test_needs_that_touch_are_linked_both_ways_over_domains() -> None:
    rest = answer(SAMIRA, "parents_rest", needed="Een avond weg")
    feelings = answer(SAMIRA, "feelings", now="Boos")
    needs = {need.topic: need for need in close(scan(*THREE, MOTHER, rest, feelings)).needs}
    assert needs["nights"].links == (SOCIAL,)
    assert needs["nights"].linked_needs == (needs["parents_rest"].id,)
    assert needs["parents_rest"].links == (MEDICAL,)
    assert needs["feelings"].links == ()


def test_a_link_within_the_domain_is_no_link_to_another() -> None:
    care = answer(SAMIRA, "care_at_home", needed="Hulp bij de sonde")
    needs = close(scan(*THREE, MOTHER, care)).needs
    assert [need.links for need in needs] == [(), ()]
    assert [need.linked_needs for need in needs] == [(needs[1].id,), (needs[0].id,)]


def test_nothing_needed_is_handed_over_too() -> None:
    happy = answer(NOOR, "friends", feeling=Feeling.VERY_GOOD)
    handed = close(scan(*THREE, answer(SAMIRA, "eating", nothing_needed=True), happy)).no_needs
    assert [(none.domain, none.topic) for none in handed] == [
        (DEVELOPMENT, None),
        (SOCIAL, None),
        (SAFETY, None),
        (MEDICAL, "eating"),
        (SOCIAL, "friends"),
    ]


def test_who_asks_for_something_after_all_does_not_say_that_nothing_is_needed() -> None:
    handed = close(scan(*quiet(SAMIRA, *LifeDomain), answer(SAMIRA, "nights", TUESDAY, now="Toch zwaar")))
    assert [need.topic for need in handed.needs] == ["nights"]
    assert MEDICAL not in [none.domain for none in handed.no_needs]


def test_what_a_child_told_the_nurse_first_stays_out_of_the_hand_over() -> None:
    secret = answer(NOOR, "feeling_safe", now="Ik ben bang op school", nurse_first=True)
    answers = scan(*quiet(SAMIRA, *LifeDomain), secret)
    handed = close(answers)
    assert handed.needs == ()
    assert "bang" not in str(handed)
    assert readable_by(answers, ScanReader.ADULT).topics == ()
    assert readable_by(answers, ScanReader.NURSE) == answers


@pytest.mark.parametrize("first", [True, False])
def test_an_answer_for_the_nurse_stays_hers_whatever_the_child_says_after_or_before(first: bool) -> None:
    told = [
        answer(NOOR, "friends", now="Ze lachen me uit", nurse_first=first),
        answer(NOOR, "friends", TUESDAY, now="Het gaat", nurse_first=not first),
    ]
    read = readable_by(scan(*told), ScanReader.ADULT).topics
    assert [one.now for one in read] == (["Het gaat"] if first else [])


@pytest.mark.parametrize(
    ("reader", "of_child", "of_parents", "of_nurse", "own_life"),
    [
        # who reads; a parent on the child; a parent on themselves; the nurse on the child; opening, carrying
        (ScanReader.NURSE, True, True, True, True),
        (ScanReader.ADULT, True, True, True, True),
        (ScanReader.FROM_12, True, False, True, False),
        (ScanReader.UNDER_12, False, False, False, False),
    ],
)
def test_what_parents_tell_of_themselves_stands_apart_from_what_the_child_reads(
    reader: ScanReader, of_child: bool, of_parents: bool, of_nurse: bool, own_life: bool
) -> None:
    mothers_life = answer(SAMIRA, "parents_rest", now="Ik kan niet meer")
    worried = Carrying(member="Samira", whose=Whose.PARENTS, load=Amount.VERY_MUCH, **by(SAMIRA))
    own = Carrying(member="Noor", whose=Whose.CHILD, load=Amount.SOME, **by(NOOR))
    answers = replace(
        scan(*quiet(SAMIRA, *LifeDomain), *quiet(NOOR, SOCIAL), MOTHER, mothers_life, CHILD, NURSE),
        opening=(Said(words="Dan was ik gaan werken", **by(SAMIRA)), Said(words="Naar zee", **by(NOOR))),
        strengths=(Said(words="Onze buren", **by(SAMIRA)),),
        carrying=(worried, own),
    )
    seen = readable_by(answers, reader)
    assert (MOTHER in seen.topics, mothers_life in seen.topics) == (of_child, of_parents)
    assert (NURSE in seen.topics, worried in seen.carrying) == (of_nurse, own_life)
    assert (len(seen.opening), len(seen.strengths)) == ((2, 1) if own_life else (1, 0))
    assert CHILD in seen.topics and own in seen.carrying and seen.opening[-1].words == "Naar zee"
    assert (len(seen.first_pass) == len(answers.first_pass)) is own_life


def test_the_opening_answer_and_what_goes_well_go_along() -> None:
    weekend = Said(words="Met de trein naar zee", **by(SAMIRA))
    passed_over = Said(words=" ", **by(JOOST))
    proud = Said(words="We lachen veel", **by(NOOR))
    heavy = Carrying(member="mama", whose=Whose.PARENTS, load=Amount.MUCH, power=Amount.LITTLE, **by(SAMIRA))
    answers = scan(*quiet(SAMIRA, *LifeDomain), heavy, opening=(weekend, passed_over))
    handed = close(replace(answers, strengths=(proud,)))
    assert (handed.opening, handed.strengths, handed.carrying) == ((weekend,), (proud,), (heavy,))
    assert (handed.closed_by, handed.closed_at, handed.definition_version) == (MARIT, TUESDAY, SCAN.version)


@ON_ANY_SCAN
@given(any_scan_to_close)
def test_nothing_answered_is_lost_or_changed_on_the_way_to_the_plan(answers: Answers) -> None:
    handed = close(answers)
    carried = [voice for need in handed.needs for voice in (*need.voices, *need.nurse_voices)]
    carried += [v for none in handed.no_needs for v in none.voices if isinstance(v, TopicAnswer)]
    shared = [a for a in current(answers).topics if a.answered and not a.nurse_first]
    assert Counter(carried) == Counter(shared)


@ON_ANY_SCAN
@given(any_scan_to_close)
def test_every_need_has_someone_who_asks_and_a_link_is_mutual(answers: Answers) -> None:
    handed = close(answers)
    needs = {need.id: need for need in handed.needs}
    assert len(needs) == len(handed.needs)
    for need in handed.needs:
        assert any(voice.asks for voice in (*need.voices, *need.nurse_voices))
        assert need.domain not in need.links
        assert all(need.id in needs[other].linked_needs for other in need.linked_needs)


@ON_ANY_SCAN
@given(any_scan_to_close)
def test_the_hand_over_survives_being_stored(answers: Answers) -> None:
    handed = close(answers)
    assert profile_from_data(profile_as_data(handed)) == handed
