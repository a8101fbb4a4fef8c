"""A family that does not agree: seen where it matters, told to who decides and who guides, and with a way on."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.careplan import actions
from kindzorg.careplan.rules import Heard, SignedHow
from kindzorg.careplan.tests.conftest import TODAY, World, build, sign
from kindzorg.careteam.authority.actions import end_authority
from kindzorg.careteam.consents.actions import decide_consent
from kindzorg.careteam.consents.queries import differences_for
from kindzorg.careteam.consents.rules import Decision, PartyKind, PartyRef
from kindzorg.careteam.models import ParentalAuthority
from kindzorg.careteam.queries import opened_children
from kindzorg.notices.models import Notice
from kindzorg.web.waiting import waiting_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = build()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    return made


def school(world: World) -> PartyRef:
    return PartyRef(PartyKind.PROFESSIONAL, world.professionals["teacher"])


def says(world: World, who: str, *, yes: bool) -> None:
    world.do(who, decide_consent, school(world), Decision(yes))


def page(world: World, who: str, name: str = "child_differ", *more: Any, status: int = 200) -> str:
    browser = Client()
    browser.force_login(world.users[who])
    answer = browser.get(reverse(name, args=[world.child_id, *more]))
    assert answer.status_code == status
    return answer.content.decode()


def waits(world: World, who: str, kind: str = "parents_differ") -> list[str]:
    actor, on = world.actor(who), world.moment.date()
    opened = opened_children(actor, on)
    rows = waiting_rows(actor, opened, on, {})
    return [row["url"] for row in rows.get(world.child_id, []) if row["kind"] == kind]


def told(world: World) -> set[str]:
    names = {user.id: who for who, user in world.users.items()}
    ids = Notice.objects.filter(kind="parents_differ").values_list("recipient_id", flat=True)
    return {names[one] for one in ids}


def test_two_answers_to_the_plan_are_said_without_taking_sides(world: World) -> None:
    world.draft()
    number = world.offer().number
    sign(world, "mother", number)
    assert told(world) == set() and waits(world, "mother") == []
    sign(world, "father", number, False, "eerst de nachten")
    assert told(world) == {"mother", "nurse"}
    shown = page(world, "mother")
    assert "niet met elkaar eens" in shown and "1:253a" in shown and "Nurse" in shown
    assert reverse("plan_version", args=[world.child_id, number]) in shown
    assert "eerst de nachten" not in shown and "Father" not in shown and "Mother" not in shown.split("<h1")[1]
    assert waits(world, "father") == [reverse("child_differ", args=[world.child_id])]
    for name in ("plan", "plan_version", "plan_signed"):
        more = [] if name == "plan" else [number]
        assert reverse("child_differ", args=[world.child_id]) in page(world, "father", name, *more)


def test_what_was_said_to_a_nurse_counts_as_much(world: World) -> None:
    world.draft()
    number = world.offer().number
    sign(world, "mother", number)
    said = Heard(
        relative_id=world.relatives["father"],
        how=SignedHow.TELEPHONE,
        said_on=world.moment.date(),
        yes=False,
        reason="nee",
    )
    world.do("nurse", actions.record_answer, number, said)
    assert told(world) == {"mother", "father"}


def test_it_is_over_as_soon_as_both_say_the_same(world: World) -> None:
    world.draft()
    number = world.offer().number
    sign(world, "mother", number)
    sign(world, "father", number, False, "nee")
    sign(world, "mother", number, False, "dan ik ook niet")
    assert waits(world, "mother") == [] and "niets open" in page(world, "mother")


def test_who_may_look_along_is_one_of_the_things(world: World) -> None:
    says(world, "mother", yes=True)
    says(world, "father", yes=False)
    assert told(world) == {"nurse"}
    for who in ("mother", "father", "nurse"):
        assert waits(world, who) == [reverse("child_differ", args=[world.child_id])]
        assert "Teacher" in page(world, who)
    party = page(world, "mother", "sharing_party", school(world).id)
    assert reverse("child_differ", args=[world.child_id]) in party
    says(world, "mother", yes=False)
    assert waits(world, "mother") == []


def test_who_lost_authority_does_not_differ_any_more(world: World) -> None:
    says(world, "mother", yes=True)
    says(world, "father", yes=False)
    row = ParentalAuthority.objects.get(relative_id=world.relatives["father"])
    world.do("nurse", end_authority, row.id, "uitspraak")
    assert waits(world, "mother") == []


def test_both_things_are_one_line(world: World) -> None:
    world.draft()
    number = world.offer().number
    sign(world, "mother", number)
    sign(world, "father", number, False, "nee")
    says(world, "mother", yes=True)
    says(world, "father", yes=False)
    assert len(waits(world, "mother")) == 1
    assert "Teacher" in page(world, "mother") and "versie" in page(world, "mother")


def test_a_teacher_and_an_aunt_are_told_nothing(world: World) -> None:
    says(world, "mother", yes=True)
    says(world, "father", yes=False)
    for who in ("teacher", "aunt"):
        page(world, who, status=404)
        actor, subject = world.as_("aunt")
        assert differences_for(actor, [subject], world.moment.date()) == {}


def test_a_child_that_became_twelve_is_told_that_it_may_take_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for years, rows in ((11, 0), (12, 1), (13, 0)):
        made = build(birthday(TODAY, -years))
        monkeypatch.setattr("kindzorg.core.clock.now", lambda made=made: made.moment)
        assert len(waits(made, "child", "consent_own_word")) == rows
        assert waits(made, "mother", "consent_own_word") == []
        if rows:
            says(made, "child", yes=False)
            assert waits(made, "child", "consent_own_word") == []
