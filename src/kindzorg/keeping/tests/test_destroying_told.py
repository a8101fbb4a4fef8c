"""What was told of who the child is, and what was asked of another organisation, destroyed on request."""

from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from kindzorg.careplan.tests.conftest import World, build
from kindzorg.core.destroyed import BEGIN, mark
from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.keeping.requests import actions
from kindzorg.keeping.requests.rules import About, Asked, Decision, NewRequest, RefusalReason
from kindzorg.keeping.tests.test_destroying import destroys, gone, stand
from kindzorg.keeping.tests.test_requests import TODAY
from kindzorg.needs.definition import Amount
from kindzorg.needs.models import PortraitPiece, StrainCheck
from kindzorg.needs.portrait.actions import write_piece
from kindzorg.needs.portrait.rules import NewPiece, PortraitTopic
from kindzorg.needs.strain.actions import tell_strain
from kindzorg.needs.strain.rules import NewStrain
from kindzorg.referral.binding import actions as binding
from kindzorg.referral.binding.actions import Said
from kindzorg.referral.binding.queries import binding_for
from kindzorg.referral.binding.rules import BindingMove, NewBinding
from kindzorg.referral.models import BindingReferral, BindingStep

pytestmark = pytest.mark.django_db
FIRST, LATER, CHILDS = (
    "Wulp houdt van zachte regen",
    "Wulp houdt van harde regen",
    "Ik hou van Kluten op het wad",
)
OTHER = "Scholekster maakt haar bang"
NEEDED, WHY = "Elke week zwemmen met Kokmeeuw", "Omdat Stormvogel zo stil is"
NO_WORDS, INSTEAD, ASKS = "Kokmeeuw zwemt hier niet", "Vraag het de Aalscholver", "Wie is die Stormvogel dan"
NO = Decision(False, "Het blijft staan.", RefusalReason.LAW)


@pytest.fixture
def world(db: None) -> World:
    """A child of five whose mother told who it is, in two wordings, and the child itself too."""
    world = build()
    tells(world, "mother", PortraitTopic.LIKES, FIRST)
    tells(world, "mother", PortraitTopic.LIKES, LATER, 1)
    tells(world, "child", PortraitTopic.LIKES, CHILDS)
    tells(world, "mother", PortraitTopic.SCARY, OTHER)
    return world


def tells(world: World, who: str, topic: PortraitTopic, words: str, revision: int = 0) -> None:
    world.do(who, write_piece, NewPiece(topic, words, revision))


def key_of(words: str) -> UUID:
    return next(one.id for one in PortraitPiece.objects.all() if one.words == words)


def asks(world: World, about: About, key: UUID, asked: Asked = Asked.REMOVE, who: str = "mother") -> Any:
    return world.do(who, actions.make_request, NewRequest(asked, about, "Dit klopt niet zo.", key))


def page(world: World, who: str, name: str, *args: Any) -> str:
    browser = Client()
    browser.force_login(world.users[who])
    found = browser.get(reverse(name, args=[world.child_id, *args]))
    assert found.status_code == 200, (who, name)
    return unescape(found.content.decode())


def sent(world: World) -> BindingReferral:
    """Asked of the school, which asked back and then refused."""
    new = NewBinding(
        law=Law.EDUCATION,
        domain=LifeDomain.DEVELOPMENT,
        receiver_id=world.organisations["school"],
        needed=NEEDED,
        why=WHY,
        needed_from=TODAY + timedelta(days=9),
    )
    row: BindingReferral = world.do("nurse", binding.send_binding, new)
    world.do("teacher", binding.answer_binding, row.id, BindingMove.MORE_ASKED, Said(ASKS))
    world.do("teacher", binding.answer_binding, row.id, BindingMove.REFUSED, Said(NO_WORDS, INSTEAD))
    return row


def test_what_one_voice_told_on_a_topic_goes_with_every_earlier_wording(world: World) -> None:
    stand((FIRST, LATER, CHILDS, OTHER))
    destroys(world, About.PORTRAIT, key_of(FIRST))
    gone(FIRST, LATER)
    stand((CHILDS, OTHER))
    rows = PortraitPiece.objects.filter(topic=PortraitTopic.LIKES, voice="parent").order_by("revision")
    assert [one.words for one in rows] == ["", mark(TODAY)]
    found = page(world, "mother", "portrait")
    assert "op verzoek" in found and BEGIN not in found and CHILDS in found
    assert f"id={rows[0].id}" not in found
    with pytest.raises(DatabaseError), transaction.atomic():
        PortraitPiece.objects.update(words="terug")
    form = page(world, "mother", "portrait_write", PortraitTopic.LIKES)
    assert BEGIN not in form and "op verzoek" not in form
    tells(world, "mother", PortraitTopic.LIKES, "Nu houdt zij van Tureluurs", 2)
    assert "Nu houdt zij van Tureluurs" in page(world, "mother", "portrait")


def test_what_was_taken_away_already_goes_from_its_earlier_wordings(world: World) -> None:
    tells(world, "mother", PortraitTopic.LIKES, "", 2)
    destroys(world, About.PORTRAIT, key_of(FIRST))
    gone(FIRST, LATER)
    assert BEGIN not in page(world, "mother", "portrait")


def test_the_page_points_out_each_voice_and_a_no_stands_beside_it(world: World) -> None:
    key = key_of(FIRST)
    found = page(world, "mother", "portrait")
    assert f"about=portrait&id={key}" in found and f"about=portrait&id={key_of(CHILDS)}" in found
    assert "about=portrait" not in page(world, "nurse", "portrait")
    row = asks(world, About.PORTRAIT, key, Asked.CORRECT)
    assert LATER in page(world, "nurse", "request_decide", row.id)
    world.do("nurse", actions.decide_request, row.id, NO)
    tells(world, "mother", PortraitTopic.LIKES, "Zij houdt van Grutto's", 2)
    for who in ("mother", "doctor"):
        assert "Dit klopt niet zo." in page(world, who, "portrait")
    assert "Dit klopt niet zo." not in page(world, "teacher", "portrait")


@pytest.mark.parametrize("about", [About.PORTRAIT, About.BINDING])
def test_what_is_not_there_is_not_pointed_out(world: World, about: About) -> None:
    for key in (uuid4(), key_of(LATER), key_of(OTHER) if about == About.BINDING else uuid4()):
        with pytest.raises(Missing):
            asks(world, about, key)


def test_a_binding_referral_goes_with_its_answers_and_how_it_ended_stays(world: World) -> None:
    row = sent(world)
    words = (NEEDED, WHY, NO_WORDS, INSTEAD, ASKS)
    stand(words)
    tells(world, "child", PortraitTopic.DAY, f"Ik wil: {NEEDED}")
    before = BindingStep.objects.count()
    destroys(world, About.BINDING, row.id)
    gone(*words)
    stand(["Ik wil: "])
    assert BindingStep.objects.count() == before
    one = binding_for(*world.as_("nurse"), row.id, TODAY)
    assert (one.needed, one.why, one.standing.last) == (mark(TODAY), mark(TODAY), BindingMove.TO_COORDINATOR)
    assert [step.words for step in one.steps] == ["", mark(TODAY), mark(TODAY), ""]
    for who in ("mother", "nurse", "teacher"):
        found = page(world, who, "binding", row.id)
        assert "op verzoek" in found and BEGIN not in found and "about=binding" not in found
    with pytest.raises(DatabaseError), transaction.atomic():
        BindingReferral.objects.update(entry="x")


def test_the_page_of_a_binding_referral_points_it_out(world: World) -> None:
    row = sent(world)
    assert f"about=binding&id={row.id}" in page(world, "mother", "binding", row.id)
    assert "about=binding" not in page(world, "nurse", "binding", row.id)
    request = asks(world, About.BINDING, row.id)
    found = page(world, "nurse", "request_decide", request.id)
    assert NEEDED in found and "met de antwoorden erop" in found
    world.do("nurse", actions.decide_request, request.id, NO)
    assert "Dit klopt niet zo." in page(world, "mother", "binding", row.id)
    for who, name in (("mother", "requests"), ("nurse", "requests")):
        assert "Een vraag aan een andere organisatie weghalen" in page(world, who, name)


@pytest.mark.parametrize(("about", "name"), [(About.PORTRAIT, "portrait"), (About.BINDING, "bindings")])
def test_a_yes_to_a_correction_leads_to_the_page(world: World, about: About, name: str) -> None:
    key = key_of(FIRST) if about == About.PORTRAIT else sent(world).id
    row = asks(world, about, key, Asked.CORRECT)
    world.do("nurse", actions.decide_request, row.id, Decision(True))
    assert reverse(name, args=[world.child_id]) in page(world, "nurse", "request", row.id)


def test_from_twelve_on_the_child_itself_asks_it_of_the_portrait() -> None:
    world = build(birth_date=TODAY.replace(year=TODAY.year - 13))
    tells(world, "mother", PortraitTopic.LIKES, FIRST)
    with pytest.raises(Invalid, match="not_yours_to_ask"):
        asks(world, About.PORTRAIT, key_of(FIRST))
    destroys(world, About.PORTRAIT, key_of(FIRST), who="child")
    gone(FIRST)


def test_what_somebody_told_of_itself_is_not_pointed_out_to_others(world: World) -> None:
    told = NewStrain(list(Amount)[3], list(Amount)[1], "Moe.")
    world.do("mother", tell_strain, told)
    key = StrainCheck.objects.get().id
    for about in About:
        if about != About.GENERAL:
            with pytest.raises(Missing):
                asks(world, about, key)
