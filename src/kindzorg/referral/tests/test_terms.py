"""Until when a payer's decision holds: recorded, shown, reminded of once, and waiting when it is over."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from kindzorg.access import policy
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import opened_children
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import Ground, Law
from kindzorg.core.walls import behind_wall
from kindzorg.journey.models import CareJourney
from kindzorg.journey.waiting import waiting_in
from kindzorg.notices.models import Notice
from kindzorg.people.models import Child, User
from kindzorg.referral import actions
from kindzorg.referral.decision import NURSING
from kindzorg.referral.models import IndicationTerm, ReferralOutcome
from kindzorg.referral.queries import waiting_rows_for
from kindzorg.referral.terms import actions as terms
from kindzorg.referral.terms.actions import record_term, remind_of_end
from kindzorg.referral.terms.pages import term_rows
from kindzorg.referral.terms.queries import ending, terms_for
from kindzorg.referral.terms.rules import (
    LONGEST,
    NewTerm,
    TermState,
    TermView,
    check_term,
    newest_terms,
    term_from,
    term_state,
)
from kindzorg.referral.tests.test_views import address, get, post
from kindzorg.referral.tests.world import READERS_OF_REFERRAL, Circle, lines
from kindzorg.referral.watching import ACTOR, watch_indications

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def decided(circle: Circle) -> Circle:
    """Nursing under the Zvw was decided."""
    row = circle.assessed()
    actions.decide_referral(*circle.as_("nurse"), row.id, ([NURSING], ""), circle.tick())
    return circle


def today(circle: Circle) -> date:
    return circle.moment.date()


def recorded(circle: Circle, until: date, who: str = "coordinator", letter: str = "") -> UUID:
    return record_term(*circle.as_(who), NewTerm(NURSING, until, letter), circle.tick())


def told(circle: Circle) -> set[str]:
    names = {user.id: who for who, user in circle.users.items()}
    found = Notice.objects.filter(kind="indication_ends", way="in_app").values_list("recipient_id", flat=True)
    return {names[one] for one in found}


def waits(circle: Circle, who: str) -> list[str]:
    children = opened_children(circle.actor(who), today(circle))
    rows = waiting_rows_for(circle.actor(who), children, today(circle))
    return [one.kind for one in waiting_in(rows)]


# --- rules -----------------------------------------------------------------------------------------------------

DAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (DAY - timedelta(days=1), TermState.OVER),
        (DAY, TermState.ENDS),
        (DAY + 8 * WEEK, TermState.ENDS),
        (DAY + 8 * WEEK + timedelta(days=1), TermState.HOLDS),
    ],
)
def test_where_a_term_stands(until: date, state: TermState) -> None:
    assert term_state(until, DAY, 8) is state


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewTerm("wlz_care", DAY), "entry_not_kept"),
        (NewTerm(NURSING, DAY - timedelta(days=400)), "term_far"),
        (NewTerm(NURSING, date(2999, 1, 1)), "term_far"),
        (NewTerm(NURSING, DAY, "x" * (LONGEST + 1)), "letter_too_long"),
    ],
)
def test_what_is_not_recorded(new: NewTerm, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        check_term(new, {NURSING}, DAY)
    check_term(NewTerm(NURSING, DAY), {NURSING}, DAY)


def test_the_last_one_counts(decided: Circle) -> None:
    recorded(decided, DAY)
    later = recorded(decided, DAY + WEEK, letter=" letter 12 ")
    found = terms_for(*decided.as_("mother"), today(decided))
    assert [one.until for one in found] == [DAY, DAY + WEEK]
    last = newest_terms(found)[NURSING]
    assert (last.id, last.letter, last.by, last.law) == (later, "letter 12", "coordinator", Law.ZVW)
    assert len(lines("indication.recorded", decided.subject)) == 2
    assert str(IndicationTerm.objects.get(id=later)) == f"{NURSING} until {DAY + WEEK}"


# --- who -------------------------------------------------------------------------------------------------------


def test_who_may_record_and_who_may_read(decided: Circle) -> None:
    for who in ("gp", "mother", "case_manager", "teacher"):
        with pytest.raises(Refused):
            record_term(*decided.refused(who), NewTerm(NURSING, DAY), decided.tick())
    recorded(decided, DAY, "nurse", letter="IND-7")
    for who in decided.users:
        page = decided.client(who).get(address(decided, "referral"))
        assert (page.status_code == 200) is (who in READERS_OF_REFERRAL), who
        if who in READERS_OF_REFERRAL:
            seen = page.content.decode()
            assert "1 maart 2027" in seen, who
            assert ("IND-7" in seen) is (who != "mother"), who


def test_nothing_is_recorded_before_a_decision_or_for_what_it_does_not_keep(circle: Circle) -> None:
    with pytest.raises(Missing, match="no_decision"):
        recorded(circle, DAY)
    assert get(circle, "nurse", "referral_term", NURSING).status_code == 404


def test_a_ground_that_one_may_not_read_stays_away(decided: Circle) -> None:
    one = TermView(
        id=new_id(), entry=NURSING, law=Law.WMO, ground=Ground.WMO, until=DAY, letter="", by="", organisation="",
        at=decided.moment,
    )  # fmt: skip
    assert term_rows([one], "zvw", "parent", today(decided)) == []
    assert term_rows([one], "", "parent", today(decided)) == []
    assert len(term_rows([one], "wmo", "parent", today(decided))) == 1


# --- the pages -------------------------------------------------------------------------------------------------


def test_it_is_recorded_by_the_door_and_renewed(decided: Circle) -> None:
    page = get(decided, "nurse", "referral").content.decode()
    assert "Schrijf op tot wanneer het geldt" in page
    assert "Schrijf op tot wanneer" not in get(decided, "mother", "referral").content.decode()
    assert get(decided, "nurse", "referral_term", NURSING).status_code == 200
    for typed in ({"until": ""}, {"until": "2999-01-01"}, {"until": "x"}):
        wrong = post(decided, "nurse", "referral_term", NURSING, letter="blijft staan", **typed)
        assert wrong.status_code == 200 and "blijft staan" in wrong.content.decode(), typed
    assert not IndicationTerm.objects.exists()
    soon = today(decided) + 3 * WEEK
    assert post(decided, "nurse", "referral_term", NURSING, until=soon, letter="CIZ 12").status_code == 302
    seen = get(decided, "mother", "referral").content.decode()
    assert "loopt bijna af" in seen and "Vraag samen op tijd" in seen
    form = get(decided, "coordinator", "referral_term", NURSING).content.decode()
    assert "CIZ 12" in form
    assert "Nieuwe datum" in get(decided, "coordinator", "referral").content.decode()
    assert get(decided, "nurse", "referral_term", "wlz_care").status_code == 404
    assert get(decided, "mother", "referral_term", NURSING).status_code == 404


@pytest.mark.parametrize("who", ["nurse", "mother"])
def test_the_page_takes_as_many_statements_however_many_there_are(
    decided: Circle, who: str, statements: object
) -> None:
    for weeks in range(6):
        recorded(decided, DAY + weeks * WEEK)
    browser = decided.client(who)
    browser.get(address(decided, "referral"))
    with statements(most=12):  # type: ignore[operator]
        browser.get(address(decided, "referral"))


# --- its end ---------------------------------------------------------------------------------------------------


def test_who_coordinates_and_the_family_are_told_once_eight_weeks_before(decided: Circle) -> None:
    far = recorded(decided, today(decided) + 9 * WEEK)
    assert watch_indications(decided.tick()) == 0
    soon = recorded(decided, today(decided) + 8 * WEEK)
    assert watch_indications(decided.tick()) == 2
    assert told(decided) == {"coordinator", "mother"}
    assert watch_indications(decided.tick()) == 0
    assert remind_of_end(ACTOR, soon, decided.tick()) == 0
    assert len(lines("indication.reminded", decided.subject)) == 1
    assert far not in ending(ACTOR, today(decided))
    client = decided.client("mother")
    assert "loopt over een paar weken af" in client.get(reverse("notices")).content.decode()
    with pytest.raises(Missing):
        remind_of_end(ACTOR, new_id(), decided.tick())


def test_an_end_that_is_recorded_again_is_told_once(decided: Circle) -> None:
    recorded(decided, today(decided) + WEEK, letter="brief van maandag")
    assert watch_indications(decided.tick()) == 2
    again = recorded(decided, today(decided) + WEEK, letter="brief van dinsdag")
    assert ending(ACTOR, today(decided)) == [] and remind_of_end(ACTOR, again, decided.tick()) == 0
    recorded(decided, today(decided) + 2 * WEEK)
    assert watch_indications(decided.tick()) == 2


def test_who_may_not_inspect_that_law_is_not_told(decided: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    mother = decided.users["mother"].id
    may = policy.may_inspect
    monkeypatch.setattr(
        policy, "may_inspect", lambda actor, *given: actor.id != mother and may(actor, *given)
    )
    recorded(decided, today(decided) + WEEK)
    assert watch_indications(decided.tick()) == 1
    assert told(decided) == {"coordinator"}


def test_whoever_is_not_around_the_child_is_not_told(decided: Circle) -> None:
    elsewhere = decided.users["stranger"]
    assert not terms._reads(elsewhere, decided.child_id, Ground.WGBO, today(decided))


def test_without_a_coordinator_who_leads_the_nursing_is_told(decided: Circle) -> None:
    Grant.objects.filter(role="coordinator").delete()
    User.objects.filter(id=decided.users["mother"].id).update(is_active=False)
    recorded(decided, today(decided) + WEEK, "nurse")
    assert watch_indications(decided.tick()) == 1
    assert told(decided) == {"nurse"}


def test_nobody_is_told_where_nobody_may_read_or_the_file_is_not_there(decided: Circle) -> None:
    term_id = recorded(decided, today(decided) + WEEK, "nurse")
    Grant.objects.filter(
        scope="child", user__in=[decided.users["coordinator"], decided.users["mother"]]
    ).update(domains="social")
    assert remind_of_end(ACTOR, term_id, decided.tick()) == 0
    assert not lines("indication.reminded", decided.subject)
    Grant.objects.filter(scope="child").exclude(role="coordinator").update(until=today(decided))
    Grant.objects.filter(role="coordinator").update(until=today(decided))
    assert remind_of_end(ACTOR, term_id, decided.tick()) == 0


def test_nothing_is_told_of_what_is_not_kept_any_more_nor_after_the_end(decided: Circle) -> None:
    recorded(decided, today(decided) + WEEK)
    other = circle_decision(decided, [])
    assert other
    assert ending(ACTOR, today(decided)) == []
    assert waits(decided, "coordinator") == []
    CareJourney.objects.update(phase="closed", closed_at=decided.tick())
    assert ending(ACTOR, today(decided)) == []


def circle_decision(circle: Circle, kept: list[str]) -> UUID:
    """A later decision that keeps something else."""
    last = ReferralOutcome.objects.latest("created_at")
    new = ReferralOutcome(
        child_id=last.child_id, owner_id=last.owner_id, assessment_id=last.assessment_id,
        decision={**last.decision, "entries": [one for one in last.decision["entries"] if one["id"] in kept]},
        by_id=last.by_id, by=last.by, created_at=circle.tick(),
    )  # fmt: skip
    new.save()
    return new.id


def test_of_a_child_that_died_nobody_is_reminded(decided: Circle) -> None:
    recorded(decided, today(decided) + WEEK)
    assert len(ending(ACTOR, today(decided))) == 1
    Child.objects.filter(id=decided.child_id).update(died_on=today(decided))
    assert ending(ACTOR, today(decided)) == []


def test_what_is_over_waits_for_who_coordinates_or_confirms(decided: Circle) -> None:
    recorded(decided, today(decided) - timedelta(days=1))
    for who, there in (("coordinator", True), ("nurse", True), ("colleague", False), ("mother", False)):
        assert ("indication_over" in waits(decided, who)) is there, who
    home = decided.client("coordinator").get(reverse("home")).content.decode()
    assert "vraag een nieuw aan" in home
    assert "is voorbij" in get(decided, "coordinator", "referral").content.decode()
    recorded(decided, today(decided) + 40 * WEEK)
    assert "indication_over" not in waits(decided, "coordinator")


@pytest.mark.postgresql
def test_on_postgresql_the_wall_and_the_freeze_hold(decided: Circle) -> None:
    recorded(decided, DAY)
    for who, there in (("mother", True), ("stranger", False)):
        with behind_wall(decided.users[who].id, today(decided)):
            assert IndicationTerm.objects.exists() is there


def test_a_term_reads_the_same_from_plain_values() -> None:
    plain = {
        "id": str(UUID(int=7)),
        "entry": NURSING,
        "law": "zvw",
        "ground": "wgbo",
        "until": "2026-10-01",
        "by": "Marit",
        "organisation": "Veldzicht",
        "at": "2026-09-01T10:00:00+00:00",
    }
    one = term_from(plain)
    assert (one.id, one.entry, one.law, one.until) == (UUID(int=7), NURSING, Law.ZVW, date(2026, 10, 1))
    assert (one.ground, one.letter, one.by, one.organisation) == (Ground.WGBO, "", "Marit", "Veldzicht")
    assert term_from({**plain, "law": ""}).law is None
