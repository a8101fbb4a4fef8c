"""The actions of phase 2: what each does, the line it leaves, and who is refused."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from kindzorg.audit.models import AuditLine
from kindzorg.core.errors import Conflict, Incomplete, Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.models import CareJourney
from kindzorg.journey.rules import Phase
from kindzorg.needs import actions, queries
from kindzorg.needs.models import NeedsAnswer, NeedsHandover, NeedsScan
from kindzorg.needs.rules import Amount, Carrying, Feeling, FirstPass, Importance, Said, TopicAnswer, Whose
from kindzorg.needs.tests.world import World

pytestmark = pytest.mark.django_db


def opened(world: World, name: str = "samira") -> NeedsScan:
    return actions.open_scan(world.actor(name), world.subject(name), world.now)


def voice(world: World, name: str, person: str = "") -> queries.Voice:
    person_id = world.relatives.get(person, world.child_id if person else None)
    return queries.voice_for(world.actor(name), world.subject(name), world.now.date(), person_id)


def answer(
    world: World, name: str, topic: str, *, person: str = "", minutes: int = 0, **said: object
) -> NeedsAnswer:
    now = world.now + timedelta(minutes=minutes)
    given = TopicAnswer(**voice(world, name, person).given(now), topic=topic, **said)  # type: ignore[arg-type]
    return actions.answer_topic(world.actor(name), world.subject(name), given, now)


def choose(world: World, name: str, domain: LifeDomain, *topics: str, person: str = "") -> NeedsAnswer:
    given = FirstPass(
        **voice(world, name, person).given(world.now), domain=domain, topics=topics, nothing_needed=not topics
    )
    return actions.give_first_pass(world.actor(name), world.subject(name), given, world.now)


def read(world: World, name: str) -> queries.FilledScan:
    found = queries.scan_for(world.actor(name), world.subject(name), world.now.date())
    assert found
    return found


def last_line() -> AuditLine:
    return AuditLine.objects.order_by("id").last()


def answered_everywhere(world: World) -> None:
    for domain in LifeDomain:
        choose(world, "samira", domain)


def test_the_family_opens_the_scan(world: World) -> None:
    scan = opened(world)
    assert (scan.number, scan.opened_by, scan.closed_at) == (1, "Samira", None)
    assert (last_line().event, last_line().object_id) == ("needs.scan_opened", scan.id)


def test_one_scan_is_open_at_a_time(world: World) -> None:
    opened(world)
    with pytest.raises(Conflict, match="scan_already_open"):
        opened(world, "marit")


def test_no_scan_begins_before_its_phase(world: World) -> None:
    CareJourney.objects.update(phase=Phase.REFERRAL)
    with pytest.raises(Invalid, match="needs_not_now"):
        opened(world)


def test_a_closed_journey_has_no_scan(world: World) -> None:
    CareJourney.objects.update(phase=Phase.CLOSED, closed_at=world.now)
    with pytest.raises(Missing, match="no_open_journey"):
        opened(world)


def test_who_is_not_in_the_team_opens_nothing(world: World) -> None:
    with pytest.raises(Refused):
        actions.open_scan(world.actor("els"), world.subject("marit"), world.now)


def test_an_answer_is_kept_as_it_was_given_with_who_and_when(world: World) -> None:
    opened(world)
    row = answer(world, "samira", "nights", now="Elke nacht op", importance=Importance.FIRST)
    assert (row.respondent, row.person, row.person_id, row.entered_by) == (
        "parent",
        "Samira",
        world.relatives["samira"],
        "",
    )
    given = read(world, "marit").answers.topics[0]
    assert (given.now, given.importance, given.given_at) == ("Elke nacht op", Importance.FIRST, world.now)
    line = last_line()
    assert (line.event, line.on_behalf_of, line.detail) == ("needs.topic_answered", "", {})


def test_a_later_answer_stands_beside_the_first(world: World) -> None:
    opened(world)
    answer(world, "samira", "nights", now="Slecht")
    answer(world, "samira", "nights", now="Beter", minutes=5)
    assert [a.now for a in read(world, "samira").answers.topics] == ["Slecht", "Beter"]


def test_no_answer_is_ever_changed(world: World) -> None:
    opened(world)
    answer(world, "samira", "nights", now="Slecht")
    with pytest.raises(DatabaseError), transaction.atomic():
        NeedsAnswer.objects.update(person="Iemand anders")
    with pytest.raises(DatabaseError), transaction.atomic():
        NeedsAnswer.objects.all().delete()


def test_opening_strengths_and_carrying_power_are_kept(world: World) -> None:
    opened(world)
    actor, subject = world.actor("samira"), world.subject("samira")
    who = voice(world, "samira").given(world.now)
    actions.say_opening(actor, subject, Said(**who, words="Kamperen"), world.now)
    assert last_line().event == "needs.opening_answered"
    actions.say_strengths(actor, subject, Said(**who, words=""), world.now)
    assert last_line().event == "needs.strengths_told"
    told = Carrying(**who, member="Bram", whose=Whose.SIBLINGS, load=Amount.MUCH, words="Hij slaapt slecht")
    actions.tell_carrying(actor, subject, told, world.now)
    assert last_line().event == "needs.carrying_told"
    found = read(world, "samira").answers
    assert (found.opening[0].words, found.strengths[0].words, found.carrying[0]) == ("Kamperen", "", told)


@pytest.mark.parametrize(
    ("member", "load", "code"), [(" ", Amount.MUCH, "member_needed"), ("Bram", None, "carrying_empty")]
)
def test_carrying_power_needs_a_name_and_a_word(
    world: World, member: str, load: Amount | None, code: str
) -> None:
    opened(world)
    told = Carrying(**voice(world, "samira").given(world.now), member=member, whose=Whose.SIBLINGS, load=load)
    with pytest.raises(Invalid, match=code):
        actions.tell_carrying(world.actor("samira"), world.subject("samira"), told, world.now)


def test_an_empty_answer_is_not_kept_but_passing_on_is(world: World) -> None:
    opened(world)
    with pytest.raises(Invalid, match="answer_empty"):
        answer(world, "samira", "nights")
    assert answer(world, "samira", "nights", skipped=True).given["skipped"]


def test_no_scan_no_answer(world: World) -> None:
    with pytest.raises(Missing, match="no_open_scan"):
        answer(world, "samira", "nights", now="Slecht")


def test_the_nurse_types_for_a_parent_and_it_is_marked(world: World) -> None:
    opened(world)
    row = answer(world, "marit", "nights", person="joost", now="Hij is moe")
    assert (row.person, row.entered_by, row.respondent) == ("Joost", "Marit", "parent")
    assert (last_line().actor_name, last_line().on_behalf_of) == ("Marit", "Joost")


def test_the_care_coach_types_for_the_child(world: World) -> None:
    opened(world)
    row = answer(world, "fatma", "friends", person="noor", feeling=Feeling.BAD)
    assert (row.person, row.person_id, row.entered_by) == ("Noor", world.child_id, "Fatma")


def test_nobody_of_the_family_speaks_for_another(world: World) -> None:
    opened(world)
    with pytest.raises(Refused):
        answer(world, "samira", "nights", person="joost", now="Hij zegt niets")


def test_nobody_passes_for_another(world: World) -> None:
    opened(world)
    posing = TopicAnswer(**voice(world, "marit").given(world.now), topic="nights", now="x")
    with pytest.raises(Refused):
        actions.answer_topic(world.actor("samira"), world.subject("samira"), posing, world.now)
    own = voice(world, "marit", "joost")
    unmarked = TopicAnswer(**{**own.given(world.now), "entered_by": None}, topic="nights", now="x")
    with pytest.raises(Invalid, match="not_your_answer"):
        actions.answer_topic(world.actor("marit"), world.subject("marit"), unmarked, world.now)


def test_what_is_said_to_the_nurse_first_is_read_by_child_and_nurse_only(world: World) -> None:
    opened(world)
    answer(world, "noor", "feeling_safe", now="Er is ruzie", nurse_first=True)
    heard = {
        name: len(read(world, name).answers.topics) for name in ("noor", "marit", "samira", "joost", "fatma")
    }
    assert heard == {"noor": 1, "marit": 1, "samira": 0, "joost": 0, "fatma": 0}


def test_a_parent_without_authority_reads_only_their_own(world: World) -> None:
    opened(world)
    answer(world, "samira", "nights", now="Slecht")
    answer(world, "joost", "nights", now="Gaat wel")
    assert [a.now for a in read(world, "joost").answers.topics] == ["Gaat wel"]


def test_taking_back_brings_the_earlier_answer_back(world: World) -> None:
    opened(world)
    answer(world, "samira", "nights", now="Slecht")
    answer(world, "samira", "nights", now="Goed", minutes=1)
    actor, subject = world.actor("samira"), world.subject("samira")
    row = actions.take_back_topic(actor, subject, "nights", world.now + timedelta(minutes=2))
    assert (row.given["now"], last_line().event) == ("Slecht", "needs.topic_taken_back")
    assert len(read(world, "samira").answers.topics) == 3


def test_taking_back_the_only_answer_leaves_none(world: World) -> None:
    opened(world)
    answer(world, "samira", "nights", now="Slecht")
    actor, subject = world.actor("samira"), world.subject("samira")
    assert actions.take_back_topic(actor, subject, "nights", world.now + timedelta(minutes=1)).given[
        "skipped"
    ]
    with pytest.raises(Missing, match="no_answer_to_take_back"):
        actions.take_back_topic(actor, subject, "eating", world.now)


def test_closing_hands_over_and_leads_to_the_plan(world: World) -> None:
    scan = opened(world)
    answered_everywhere(world)
    answer(world, "samira", "nights", now="Slecht", needed="Nachtzorg", minutes=1)
    answer(world, "noor", "feeling_safe", now="Er is ruzie", nurse_first=True)
    later = world.now + timedelta(hours=1)
    handed = actions.close_scan(world.actor("marit"), world.subject("marit"), later)
    assert [(need.topic, need.words) for need in handed.needs] == [("nights", ("Nachtzorg",))]
    assert "ruzie" not in str(NeedsHandover.objects.get().profile)
    scan.refresh_from_db()
    assert (scan.closed_at, scan.closed_by) == (later, "Marit")
    assert CareJourney.objects.get().phase == Phase.CAREPLAN
    assert AuditLine.objects.filter(event="needs.scan_closed").count() == 1
    for name in ("marit", "samira", "noor"):
        assert queries.profile_for(world.actor(name), world.subject(name), later.date()) == handed


def test_a_closed_scan_stays_as_it_is(world: World) -> None:
    opened(world)
    answered_everywhere(world)
    actions.close_scan(world.actor("marit"), world.subject("marit"), world.now)
    for table in (NeedsScan, NeedsHandover):
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.update(created_at=datetime(2020, 1, 1, tzinfo=world.now.tzinfo))
    with pytest.raises(Missing, match="no_open_scan"):
        actions.close_scan(world.actor("marit"), world.subject("marit"), world.now)


def test_closing_names_the_domains_without_an_answer(world: World) -> None:
    opened(world)
    choose(world, "samira", LifeDomain.MEDICAL)
    with pytest.raises(Incomplete) as found:
        actions.close_scan(world.actor("marit"), world.subject("marit"), world.now)
    assert found.value.data["missing"] == (LifeDomain.DEVELOPMENT, LifeDomain.SOCIAL, LifeDomain.SAFETY)
    assert NeedsHandover.objects.count() == 0


@pytest.mark.parametrize("name", ["samira", "noor", "fatma"])
def test_only_a_nurse_closes(world: World, name: str) -> None:
    opened(world)
    answered_everywhere(world)
    with pytest.raises(Refused):
        actions.close_scan(world.actor(name), world.subject(name), world.now)


def test_a_rescan_begins_from_the_last_one_and_leads_the_journey_back(world: World) -> None:
    opened(world)
    answered_everywhere(world)
    answer(world, "samira", "nights", needed="Nachtzorg", minutes=1)
    closed_at = world.now + timedelta(hours=1)
    actions.close_scan(world.actor("marit"), world.subject("marit"), closed_at)
    with pytest.raises(Refused):
        opened(world)
    scan = actions.open_scan(world.actor("marit"), world.subject("marit"), closed_at + timedelta(days=90))
    assert (scan.number, CareJourney.objects.get().phase) == (2, Phase.NEEDS)
    found = read(world, "samira")
    assert (found.answers.topics, [a.needed for a in found.holding.topics]) == ((), ["Nachtzorg"])
    again = actions.close_scan(world.actor("marit"), world.subject("marit"), closed_at + timedelta(days=91))
    assert [need.words for need in again.needs] == [("Nachtzorg",)]
    assert CareJourney.objects.get().phase == Phase.CAREPLAN


def test_closing_a_scan_late_leaves_the_journey_where_it_went(world: World) -> None:
    opened(world)
    answered_everywhere(world)
    CareJourney.objects.update(phase=Phase.CLOSURE)
    actions.close_scan(world.actor("marit"), world.subject("marit"), world.now)
    assert CareJourney.objects.get().phase == Phase.CLOSURE
