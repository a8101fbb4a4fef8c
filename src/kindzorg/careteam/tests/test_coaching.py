"""A care coach is offered; the family accepts or not, itself or heard by somebody."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.coaching import rules
from kindzorg.careteam.coaching.actions import CoachAnswer, answer_coach, hear_coach, offer_coach
from kindzorg.careteam.coaching.models import CoachStep
from kindzorg.careteam.coaching.queries import coaching_for, to_offer
from kindzorg.careteam.coaching.rules import CoachMove as Move
from kindzorg.careteam.coaching.rules import CoachStanding as Standing
from kindzorg.careteam.consents.rules import Said
from kindzorg.careteam.queries import child_for
from kindzorg.careteam.rules import ConsentWay
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.core.errors import Conflict, Invalid, Refused
from kindzorg.notices.models import Notice
from kindzorg.people.rules import Qualification

YES, NO = CoachAnswer(True), CoachAnswer(False, "Nu even niet.")
BORN = date(2020, 3, 1)


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("move", Move)
def test_what_may_follow(standing: Standing, move: Move) -> None:
    if move in rules.COACH_STEPS[standing]:
        rules.check_move(standing, move)
    else:
        with pytest.raises(Conflict):
            rules.check_move(standing, move)


@pytest.mark.parametrize(
    ("last", "there", "standing"),
    [
        (None, False, Standing.NOT_OFFERED),
        (None, True, Standing.THERE),
        (Move.OFFERED, False, Standing.OFFERED),
        (Move.ACCEPTED, False, Standing.ACCEPTED),
        (Move.DECLINED, False, Standing.DECLINED),
        (Move.DECLINED, True, Standing.THERE),
    ],
)
def test_where_it_stands(last: Move | None, there: bool, standing: Standing) -> None:
    assert rules.standing_of(last, there=there) == standing


@pytest.mark.parametrize(
    ("on", "chosen", "day"),
    [
        (date(2026, 9, 14), None, date(2026, 12, 14)),
        (date(2026, 11, 30), None, date(2027, 2, 28)),
        (date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 15)),
        (date(2026, 9, 14), date(2027, 9, 14), date(2027, 9, 14)),
        (date(2026, 9, 14), date(2026, 9, 14), None),
        (date(2026, 9, 14), date(2027, 9, 15), None),
    ],
)
def test_after_a_no_it_is_offered_again(on: date, chosen: date | None, day: date | None) -> None:
    if day is None:
        with pytest.raises(Invalid):
            rules.again_on(on, chosen)
    else:
        assert rules.again_on(on, chosen) == day


def test_words_fit() -> None:
    rules.check_words("a" * rules.LONGEST)
    with pytest.raises(Invalid):
        rules.check_words("a" * (rules.LONGEST + 1))


@pytest.fixture
def family(db: None) -> Family:
    return Family(BORN)


def standing(family: Family) -> Standing:
    return coaching_for(*family.as_("nurse"), TODAY).standing


def events(family: Family) -> list[str]:
    rows = AuditLine.objects.filter(child_id=family.id, event__startswith="coach.").order_by("id")
    return list(rows.values_list("event", flat=True))


@pytest.mark.django_db
def test_it_is_offered_and_the_family_says_no_and_later_yes(family: Family) -> None:
    offer_coach(*family.as_("nurse"), NOW)
    assert standing(family) == Standing.OFFERED
    told = Notice.objects.filter(kind="coach_offered").values_list("recipient_id", flat=True)
    assert set(told) == {family.accounts["mother"].id}
    with pytest.raises(Conflict):
        offer_coach(*family.as_("second"), NOW)
    with pytest.raises(Invalid):
        answer_coach(*family.as_("mother"), CoachAnswer(False, again_on=TODAY), NOW)
    step = answer_coach(*family.as_("mother"), NO, NOW)
    assert (step.again_on, step.words, step.way) == (date(2026, 12, 14), "Nu even niet.", ConsentWay.SELF)
    answer_coach(*family.as_("mother"), YES, NOW + timedelta(minutes=1))
    assert standing(family) == Standing.ACCEPTED
    assert events(family) == ["coach.offered", "coach.declined", "coach.accepted"]


@pytest.mark.django_db
def test_what_the_family_said_is_written_down_with_who_said_it(family: Family) -> None:
    offer_coach(*family.as_("nurse"), NOW)
    with pytest.raises(Invalid):
        hear_coach(*family.as_("nurse"), YES, Said(ConsentWay.TELEPHONE), NOW)
    said = Said(ConsentWay.TELEPHONE, (family.mother_row.id,))
    step = hear_coach(*family.as_("nurse"), YES, said, NOW)
    assert (step.heard_of, step.way, step.move) == ("Moeder", "telephone", "accepted")
    assert events(family) == ["coach.offered", "coach.heard"]


@pytest.mark.django_db
def test_the_membership_of_the_coach_follows(family: Family) -> None:
    offer_coach(*family.as_("nurse"), NOW)
    answer_coach(*family.as_("mother"), YES, NOW)
    family.joins("coach", Role.CARE_COACH, Qualification.SOCIAL_WORKER)
    found = coaching_for(*family.as_("nurse"), TODAY)
    assert (found.standing, found.coaches) == (Standing.THERE, ("coach",))
    with pytest.raises(Conflict):
        answer_coach(*family.as_("mother"), NO, NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "act"), [("mother", "offer"), ("doctor", "offer"), ("nurse", "answer"), ("child", "answer")]
)
def test_who_may_not(family: Family, who: str, act: str) -> None:
    with pytest.raises(Refused):
        if act == "offer":
            offer_coach(*family.as_(who), NOW)
        else:
            answer_coach(*family.as_(who), YES, NOW)


@pytest.mark.django_db
def test_what_waits_and_for_whom(family: Family) -> None:
    nurse, subject = family.as_("nurse")
    mother, of_mother = family.as_("mother")

    def offers(on: date = TODAY) -> int:
        rows = to_offer(nurse, [subject], on)
        assert rows is not None
        return len(rows)

    def answers() -> int:
        return int(child_for(mother, family.id, TODAY).coach_offered_at is not None)

    assert (offers(), answers()) == (1, 0)
    assert to_offer(mother, [of_mother], TODAY) is None
    offer_coach(nurse, subject, NOW)
    assert (offers(), answers()) == (0, 1)
    answer_coach(mother, of_mother, NO, NOW + timedelta(minutes=1))
    assert (offers(), answers(), offers(date(2026, 12, 14))) == (0, 0, 1)
    answer_coach(mother, of_mother, YES, NOW + timedelta(minutes=2))
    assert offers() == 1
    family.joins("coach", Role.CARE_COACH, Qualification.SOCIAL_WORKER)
    assert offers() == 0


@pytest.mark.django_db
def test_what_was_said_is_never_changed(family: Family) -> None:
    step = offer_coach(*family.as_("nurse"), NOW)
    rows = CoachStep.objects.filter(id=step.id)
    for act in (lambda: rows.update(move=Move.DECLINED), lambda: rows._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
