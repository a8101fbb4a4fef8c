"""Hours that nobody covers: who can, who is asked, who takes them, and what then falls away."""

from datetime import date
from uuid import UUID

import pytest
from django.utils.formats import date_format

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careplan.agreements.rules import Who, WhoKind
from kindzorg.careplan.cover import actions as cover
from kindzorg.careplan.cover.models import CoverStep
from kindzorg.careplan.cover.queries import candidates_for, waits_in_weeks, weeks_ahead
from kindzorg.careplan.cover.rules import CoverState, Gap, MayCover
from kindzorg.careplan.schedule import actions
from kindzorg.careplan.schedule.pages import able_rows
from kindzorg.careplan.visits.rules import ZONE
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.competences.queries import able_for
from kindzorg.careteam.competences.rules import LONGEST
from kindzorg.careteam.consents.actions import record_consent
from kindzorg.careteam.consents.rules import Decision, PartyKind, PartyRef, Said
from kindzorg.careteam.queries import OpenedChild, child_for
from kindzorg.careteam.rules import ConsentWay
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.notices.models import Notice
from kindzorg.people.actions import NewProfessional, register_professional, register_user
from kindzorg.people.rules import Qualification

from .conftest import NOW, SYSTEM, TODAY, World, build
from .weeks import DAY, NIGHT, TUESDAY, able, at, need, night, off, plan, professional, relative, view

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> World:
    """A night for suctioning, that the nurse comes for and cannot on Tuesday."""
    world = build()
    world.in_force()
    for who in ("nurse", "colleague"):
        able(world, who)
    visit = plan(world)
    need(world, "suctioning")
    off(world, visit, by="mother")
    world.goals.append(visit)
    return world


def told(kind: str) -> list[str]:
    found = Notice.objects.filter(kind=kind, way="in_app").values_list("recipient__name", flat=True)
    return sorted(found)


def ask(week: World, who: str = "colleague", by: str = "mother") -> UUID:
    demand = view(week, "mother").demands[0].id
    return week.do(by, cover.ask_cover, demand, night(), professional(week, who))


def answer(week: World, who: str, request: UUID, state: CoverState, reason: str = "") -> None:
    week.do(who, cover.answer_cover, request, state, reason)


def waits(week: World, who: str) -> list[str]:
    actor, _ = week.as_(who)
    opened: OpenedChild = child_for(actor, week.child_id, TODAY)
    weeks = weeks_ahead(actor, [opened], TODAY)
    return [one.kind for one in waits_in_weeks(actor, [opened], weeks, TODAY)]


def test_the_night_that_fell_open_is_seen_told_and_filled(week: World) -> None:
    assert [(one.start, one.gap) for one in view(week, "mother").gaps] == [(night().start, Gap.NOBODY)]
    assert told("hours_uncovered") == ["Nurse"]
    assert waits(week, "nurse") == ["hours_uncovered"]
    request = ask(week)
    assert (told("cover_asked"), waits(week, "colleague")) == (
        ["Colleague"],
        ["cover_to_answer", "hours_uncovered"],
    )
    answer(week, "colleague", request, CoverState.ACCEPTED)
    found = view(week, "mother")
    assert (list(found.gaps), list(found.ahead)) == ([], [])
    assert [one.who.name for one in found.visits if one.on == TUESDAY and not one.cancelled] == ["Colleague"]
    assert told("cover_accepted") == ["Mother"]
    assert (waits(week, "nurse"), waits(week, "colleague")) == ([], [])
    assert AuditLine.objects.filter(event__in=("cover.asked", "cover.answered")).count() == 2


def test_who_is_not_able_or_not_free_is_refused_with_why(week: World) -> None:
    actor, subject = week.as_("mother")
    demand = view(week, "mother").demands[0].id
    able(week, "colleague", able=False)
    with pytest.raises(Invalid, match="cover_not_able") as refused:
        ask(week)
    assert (refused.value.data["acts"], refused.value.data["name"]) == (("suctioning",), "Colleague")
    found = candidates_for(actor, subject, demand, night(), NOW)
    why = {one.who.name: one.why_not for one in found}
    assert why == {
        "Nurse": "",
        "Aunt": "cover_professional",
        "Colleague": "cover_not_able",
        "Father": "cover_professional",
        "Mother": "cover_professional",
    }
    assert found[0].who.name == "Nurse"
    with pytest.raises(Missing, match="not_in_team"):
        ask(week, "doctor")


def test_an_organisation_that_gives_care_can_be_asked_and_anybody_of_it_answers(week: World) -> None:
    house = week.organisations["hospital"]
    _, subject = week.as_("nurse")
    add_member(SYSTEM, subject, NewMember(Role.PAEDIATRIC_NURSE, organisation_id=house), NOW)
    demand = view(week, "mother").demands[0].id
    who = Who(kind=WhoKind.ORGANISATION, organisation_id=house)
    request = week.do("nurse", cover.ask_cover, demand, night(), who)
    assert told("cover_asked") == []
    with pytest.raises(Refused):
        answer(week, "colleague", request, CoverState.ACCEPTED)
    week.users["night"] = register_user(SYSTEM, "night", "Night", NOW)
    new = NewProfessional("Night", house, Qualification.PAEDIATRIC_NURSE, week.users["night"].id)
    work = register_professional(SYSTEM, new, NOW)
    add_member(SYSTEM, subject, NewMember(Role.PAEDIATRIC_NURSE, professional_id=work.id), NOW)
    answer(week, "night", request, CoverState.ACCEPTED)
    assert [one.who.name for one in view(week, "mother").visits if one.on == TUESDAY][-1] == "Hospital"
    assert list(view(week, "mother").gaps) == []


def test_what_is_past_covered_or_asked_already_is_not_asked(week: World) -> None:
    ask(week)
    with pytest.raises(Invalid, match="cover_asked"):
        ask(week)
    demand = view(week, "mother").demands[0].id
    with pytest.raises(Missing, match="not_uncovered"):
        week.do("mother", cover.ask_cover, demand, night(TUESDAY + DAY), professional(week, "colleague"))
    with pytest.raises(Missing, match="not_uncovered"):
        week.do("mother", cover.ask_cover, UUID(int=1), night(), professional(week, "colleague"))
    week.moment = NOW + 3 * DAY
    with pytest.raises(Invalid, match="cover_past"):
        week.do("mother", cover.ask_cover, demand, night(), professional(week, "colleague"))


def test_only_who_is_asked_takes_or_declines_and_declining_says_why(week: World) -> None:
    request = ask(week)
    with pytest.raises(Refused):
        answer(week, "nurse", request, CoverState.ACCEPTED)
    with pytest.raises(Refused):
        answer(week, "father", request, CoverState.ACCEPTED)
    with pytest.raises(Missing, match="no_such_question"):
        answer(week, "aunt", request, CoverState.WITHDRAWN)
    with pytest.raises(Invalid, match="reason_required"):
        answer(week, "colleague", request, CoverState.DECLINED)
    with pytest.raises(Missing, match="no_such_question"):
        answer(week, "colleague", UUID(int=1), CoverState.ACCEPTED)
    answer(week, "colleague", request, CoverState.DECLINED, "away")
    assert told("cover_declined") == ["Mother"]
    with pytest.raises(Invalid, match="cover_step"):
        answer(week, "colleague", request, CoverState.ACCEPTED)
    assert [one.reason for one in view(week, "mother").asked] == ["away"]


def test_a_question_is_withdrawn_and_lapses_when_others_take_the_hours(week: World) -> None:
    request = ask(week)
    answer(week, "mother", request, CoverState.WITHDRAWN)
    assert Notice.objects.filter(kind__startswith="cover_w").count() == 0
    first, second = ask(week), ask(week, "nurse", by="nurse")
    answer(week, "nurse", second, CoverState.ACCEPTED)
    assert CoverStep.objects.filter(request_id=first).latest("id").state == CoverState.LAPSED
    with pytest.raises(Invalid, match="cover_step"):
        answer(week, "colleague", first, CoverState.ACCEPTED)


def test_a_question_that_nobody_answered_lapses_by_itself(week: World) -> None:
    request = ask(week)
    week.moment = NOW + 3 * DAY
    with pytest.raises(Invalid, match="cover_step"):
        answer(week, "colleague", request, CoverState.ACCEPTED)


def test_who_says_yes_is_checked_once_more(week: World) -> None:
    request = ask(week)
    able(week, "colleague", able=False)
    with pytest.raises(Invalid, match="cover_not_able"):
        answer(week, "colleague", request, CoverState.ACCEPTED)
    able(week, "colleague")
    plan(week, who=professional(week, "colleague"))
    with pytest.raises(Missing, match="not_uncovered"):
        answer(week, "colleague", request, CoverState.ACCEPTED)


def test_who_is_with_another_child_then_is_not_in_two_places(week: World) -> None:
    other = build()
    other.in_force()
    request = ask(week)
    # The same account works with another child that night.
    other.users["nurse"], other.professionals["colleague"] = (
        other.users["nurse"],
        week.professionals["colleague"],
    )
    _, subject = other.as_("nurse")
    new = NewMember(Role.PAEDIATRIC_NURSE, professional_id=week.professionals["colleague"])
    add_member(SYSTEM, subject, new, NOW)
    visit = plan(other)
    other.do("nurse", actions.take_over, at(visit), professional(week, "colleague"), "")
    with pytest.raises(Invalid, match="cover_elsewhere"):
        answer(week, "colleague", request, CoverState.ACCEPTED)


def test_the_family_can_be_asked_where_anybody_may_come(week: World) -> None:
    need(week, may_cover=MayCover.ANYBODY, domain=LifeDomain.SAFETY, rhythm=NIGHT)
    demand = next(one.id for one in view(week, "mother").demands if one.said.domain == LifeDomain.SAFETY)
    request = week.do("mother", cover.ask_cover, demand, night(), relative(week, "aunt"))
    assert [one.state for one in view(week, "aunt").asked] == [CoverState.ASKED]
    answer(week, "aunt", request, CoverState.ACCEPTED)
    assert [one.on for one in view(week, "aunt").visits] == [TUESDAY]


def test_hours_of_a_domain_that_is_closed_do_not_exist_for_that_party(week: World) -> None:
    """The family keeps the medical part from the colleague: then there is no such night for that one."""
    request = ask(week, "nurse")
    _, subject = week.as_("nurse")
    mother = week.relatives["mother"]
    party = PartyRef(PartyKind.PROFESSIONAL, week.professionals["colleague"])
    decision = Decision(False, frozenset({LifeDomain.MEDICAL}))
    record_consent(SYSTEM, subject, party, decision, Said(ConsentWay.IN_PERSON, (mother,)), NOW)
    found = view(week, "colleague")
    assert (list(found.visits), list(found.gaps), list(found.ahead), list(found.demands)) == ([], [], [], [])
    assert waits(week, "colleague") == []
    actor, about = week.as_("colleague")
    demand = view(week, "mother").demands[0].id
    with pytest.raises(Missing, match="not_uncovered"):
        candidates_for(actor, about, demand, night(), NOW)
    with pytest.raises(Missing, match="no_such_demand"):
        week.do("colleague", cover.end_demand, demand, TUESDAY, "x")
    for state in (CoverState.WITHDRAWN, CoverState.ACCEPTED):
        with pytest.raises(Missing, match="no_such_question"):
            answer(week, "colleague", request, state)
    answer(week, "mother", request, CoverState.WITHDRAWN)


@pytest.mark.parametrize("until", [None, TODAY + 30 * DAY])
def test_nobody_is_able_for_ever_on_the_page_in_the_list_or_in_the_week(until: date | None) -> None:
    """The list of who is able, its page, who can be asked and what is covered all end on the same day."""
    week = build()
    week.in_force()
    able(week, "nurse", until=until)
    plan(week)
    need(week, "suctioning")
    last = (until or TODAY - DAY + LONGEST) - DAY
    actor, about = week.as_("doctor")
    for on, there in ((last, True), (last + DAY, False)):
        assert bool(able_for(actor, about, on)) == there
        monday = on - on.weekday() * DAY
        assert (
            on in {one.start.astimezone(ZONE).date() for one in view(week, "mother", monday).gaps}
        ) != there
    (found,) = able_rows(able_for(actor, about, TODAY), "professional")
    assert date_format(last + DAY, "j E Y") in found["acts"][0]["until"]


def test_who_has_no_week_waits_for_nothing_and_hours_far_ahead_do_not_wait(week: World) -> None:
    actor, _ = week.as_("doctor")
    assert waits(week, "doctor") == []
    assert waits_in_weeks(actor, [], weeks_ahead(actor, [], TODAY), TODAY) == []
    assert waits(week, "aunt") == []


def test_the_coordinator_is_told_only_of_domains_that_are_open(week: World) -> None:
    assert told("hours_uncovered") == ["Nurse"]
    need(week, rhythm=NIGHT, by="mother", domain=LifeDomain.SOCIAL)
    assert told("hours_uncovered") == ["Nurse", "Nurse"]
