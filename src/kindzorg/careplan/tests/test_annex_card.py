"""What of the palliative annex shows outside it: on the emergency card, on paper, and after a death."""

from datetime import date, timedelta
from typing import Any

import pytest

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careplan.annex import actions, pages, queries
from kindzorg.careplan.annex.actions import TreatmentSaid
from kindzorg.careplan.annex.rules import (
    AnnexQuestion,
    AnnexTopic,
    AnnexVoice,
    TreatmentChoice,
    TreatmentKind,
)
from kindzorg.careplan.talks.rules import NewTalk, TalkKind
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.models import Grant
from kindzorg.careteam.rules import annex_key
from kindzorg.core.errors import Invalid
from kindzorg.people.models import Child
from kindzorg.ui.pdf import make_pdf

from .conftest import NOW, SYSTEM, World
from .doors import client, few_statements, get, post, url
from .test_annex import TEENAGER, WORDS, begun, refuses, says, treats, waits, world
from .test_proposals_seen import narrowed

pytestmark = pytest.mark.django_db
__all__ = ["world"]


def card(world: World, *, outside: bool = False, who: str = "mother") -> Any:
    actor, subject = world.as_(who)
    return queries.on_card(actor, subject, world.moment.date(), outside=outside)


def test_nothing_stands_on_the_card_without_the_familys_yes(world: World) -> None:
    begun(world)
    one = treats(world)
    treats(world, TreatmentKind.BLOOD, choice=TreatmentChoice.NOT_SPOKEN)
    says(world, "doctor", "055 500", topic=AnnexTopic.CALL_NIGHT, voice=AnnexVoice.CARE)
    assert card(world) is None
    assert "Behandelafspraken" not in get(world, "mother", "child_card")
    world.do("mother", actions.choose, AnnexQuestion.SIGN, True)
    assert (len(card(world).treatments), len(card(world).calls)) == (0, 1)
    world.do("mother", actions.choose, AnnexQuestion.CARD, True)
    assert [row.id for row in card(world).treatments] == [one.id]
    assert card(world, outside=True) is None
    page = get(world, "mother", "child_card")
    assert "Behandelafspraken" in page and "Nog niet bevestigd" in page and "055 500" in page
    world.do("father", actions.choose, AnnexQuestion.OUTSIDE, True)
    assert card(world, outside=True).treatments
    world.do("father", actions.choose, AnnexQuestion.CARD, False)
    assert card(world).treatments == ()
    with pytest.raises(Invalid):
        world.do("mother", actions.choose, AnnexQuestion.BEGIN, True)
    own = pages.own_choices(
        queries.annex_for(*world.as_("father"), world.moment.date()), world.users["father"].id
    )
    assert own == {AnnexQuestion.OUTSIDE: True, AnnexQuestion.CARD: False}
    assert post(world, "mother", "annex_choices", card="no", sign="yes", coach="no").status_code == 302
    assert card(world, outside=False).treatments == ()


def test_that_there_is_a_palliative_plan_and_whom_to_call_needs_its_own_yes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []

    def made(room: str, name: str, data: Any) -> bytes:
        shown.append(data)
        return make_pdf(room, name, data)

    def paper() -> list[str]:
        assert client(world, "mother").get(url(world, "card_pdf")).status_code == 200
        return [one["title"] for one in shown.pop()["parts"]]

    monkeypatch.setattr("kindzorg.web.emergency_card.make_pdf", made)
    begun(world)
    says(world, "doctor", "055 500", topic=AnnexTopic.CALL_NIGHT, voice=AnnexVoice.CARE)
    world.do("mother", actions.choose, AnnexQuestion.CARD, True)
    assert card(world) is None  # Nothing was agreed yet.
    treats(world)
    world.do("mother", actions.choose, AnnexQuestion.SIGN, False)
    found = card(world)
    assert (len(found.treatments), found.sign, found.calls) == (1, False, ())
    page = get(world, "mother", "child_card")
    assert "Behandelafspraken" in page and "alliatief" not in page and "055 500" not in page
    assert "Behandelafspraken" in (titles := paper()) and "Er is een palliatief plan" not in titles
    world.do("mother", actions.choose, AnnexQuestion.OUTSIDE, True)
    assert not card(world, outside=True).sign
    world.do("mother", actions.choose, AnnexQuestion.SIGN, True)
    for outside in (False, True):
        assert card(world, outside=outside).sign and card(world, outside=outside).calls
    assert "Er is een palliatief plan" in paper()
    world.do("father", actions.choose, AnnexQuestion.OUTSIDE, False)
    assert card(world, outside=True) is None


def test_who_does_not_see_the_annex_without_a_yes_does_not_see_it_on_the_card_either(world: World) -> None:
    add_member(
        SYSTEM,
        world.as_("nurse")[1],
        NewMember(Role.CARE_COACH, professional_id=world.professionals["teacher"]),
        NOW,
    )
    Grant.objects.filter(user=world.users["teacher"]).exclude(role=Role.CARE_COACH).delete()
    begun(world)
    treats(world)
    for question in (AnnexQuestion.CARD, AnnexQuestion.SIGN):
        world.do("mother", actions.choose, question, True)
    for who, question in (("child", AnnexQuestion.CHILD), ("teacher", AnnexQuestion.COACH)):
        assert card(world, who=who) is None
        page = get(world, who, "child_card")
        assert "Behandelafspraken" not in page and "alliatief" not in page
        world.do("mother", actions.choose, question, True)
        assert card(world, who=who).treatments and card(world, who=who).sign
        world.do("father", actions.choose, question, False)
        assert card(world, who=who) is None
    # Everybody else who may see the card reads it by the family's yes to the card.
    assert card(world, who="nurse").treatments
    narrowed(world, "gp", "medical")
    assert card(world, who="gp").treatments
    Child.objects.filter(id=world.child_id).update(birth_date=TEENAGER)
    assert card(world, who="child").treatments


def test_what_is_written_for_a_later_day_leaves_the_earlier_agreement_on_the_card(world: World) -> None:
    begun(world)
    world.do("mother", actions.choose, AnnexQuestion.CARD, True)

    def later(days: int) -> date:
        return world.moment.date() + timedelta(days=days)

    def said() -> list[TreatmentChoice]:
        found = card(world)
        return [one.choice for one in found.treatments] if found else []

    treats(world, choice=TreatmentChoice.DO, valid_from=later(3))
    assert said() == []  # It is not there yet.
    treats(world, choice=TreatmentChoice.TALK_FIRST, revision=1)
    treats(world, choice=TreatmentChoice.DO_NOT, valid_from=later(5), revision=2)
    assert said() == [TreatmentChoice.TALK_FIRST]
    treats(world, choice=TreatmentChoice.NOT_SPOKEN, valid_from=later(10), revision=3)
    world.moment += timedelta(days=6)
    assert said() == [TreatmentChoice.TALK_FIRST]  # What was replaced before its day came never held.
    world.moment += timedelta(days=5)
    assert said() == []


def test_after_a_death_it_is_read_and_nothing_is_asked(world: World) -> None:
    begun(world)
    one = treats(world)
    world.do("mother", actions.choose, AnnexQuestion.CARD, True)
    world.do(
        "doctor", actions.write_talk, NewTalk(TalkKind.REVISION, world.moment.date() + timedelta(days=1))
    )
    Child.objects.filter(id=world.child_id).update(died_on=world.moment.date())
    world.moment += timedelta(days=2)
    page = get(world, "mother", "annex")
    assert (
        "is overleden" in page
        and '<form method="post" action' not in page.split("<main")[1].split("</main")[0]
    )
    assert waits(world, "mother") == [] == waits(world, "doctor")
    assert card(world) is None
    refuses("annex_over", world.do, "mother", actions.answer_treatment, one.id, TreatmentSaid(True))
    get(world, "mother", "annex_choices", status=404)


def test_the_paper_says_who_agreed_when_and_the_trail_that_it_was_taken(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(world)
    one = treats(world)
    says(world, "mother")
    world.do("mother", actions.answer_treatment, one.id, TreatmentSaid(True))
    world.do(
        "doctor", actions.write_talk, NewTalk(TalkKind.HELD, world.moment.date(), "ouders", "Over thuis.")
    )
    shown: list[Any] = []

    def made(room: str, name: str, data: Any) -> bytes:
        shown.append(data)
        return make_pdf(room, name, data)

    monkeypatch.setattr("kindzorg.careplan.annex.views.make_pdf", made)
    answer = client(world, "mother").get(url(world, "annex_pdf"))
    assert answer.content.startswith(b"%PDF")
    (row,) = shown[0]["treatments"]
    assert row["state"] == "Nog niet bevestigd"
    assert any("eens, " in line for line in row["said"])
    assert any("nog geen antwoord" in line for line in row["said"])
    assert WORDS in str(shown[0]["parts"])
    line = AuditLine.objects.get(event="annex.taken_out")
    assert line.object_id == annex_key(world.child_id)


@pytest.mark.parametrize("name", ["annex", "annex_treatments", "annex_pdf", "child_card", "plan"])
def test_few_statements(world: World, name: str) -> None:
    begun(world)
    for kind in (TreatmentKind.RESUSCITATION, TreatmentKind.BLOOD, TreatmentKind.ADMISSION):
        treats(world, kind)
    says(world, "mother")
    for question in (AnnexQuestion.CARD, AnnexQuestion.SIGN):
        world.do("mother", actions.choose, question, True)
    browser = client(world, "mother")
    browser.get(url(world, name))
    with few_statements():
        assert browser.get(url(world, name)).status_code == 200
