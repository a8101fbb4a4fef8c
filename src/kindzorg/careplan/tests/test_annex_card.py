"""What of the palliative annex shows outside it: on the emergency card, on paper, and after a death."""

from datetime import timedelta
from typing import Any

import pytest

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
from kindzorg.careteam.rules import annex_key
from kindzorg.core.errors import Invalid
from kindzorg.people.models import Child
from kindzorg.ui.pdf import make_pdf

from .conftest import World
from .doors import client, few_statements, get, post, url
from .test_annex import WORDS, begun, refuses, says, treats, waits, world

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
    assert card(world, outside=True).treatments == ()
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
