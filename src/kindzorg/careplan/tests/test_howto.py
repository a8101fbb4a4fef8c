"""How-to cards: written by who may, in versions; seen and understood by who does the act."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from PIL import Image

from kindzorg.audit.models import AuditLine
from kindzorg.careplan.howto import actions, queries
from kindzorg.careplan.howto.models import HowToCard, HowToSeen, HowToStep, HowToTip
from kindzorg.careplan.howto.rules import (
    NewCardStep,
    NewHowTo,
    Seen,
    check_act,
    check_card,
    check_tip,
    not_seen,
)
from kindzorg.careplan.learning.actions import record_step, say_own
from kindzorg.careplan.learning.rules import LearningMove, NewStep
from kindzorg.careteam.actions import leave_team
from kindzorg.careteam.models import Grant, Membership
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.notices.models import Notice
from kindzorg.record.files.rules import prepared

from .conftest import NOW, TODAY, World, build
from .doors import client, few_statements, get, post, url

WHO = UUID(int=1)


def new(*steps: str, **parts: Any) -> NewHowTo:
    given: dict[str, Any] = {"act": "suctioning", "title": "Uitzuigen", "watch": "kleur", "call": "Marit"}
    return NewHowTo(
        **{**given, "steps": [NewCardStep(words=one) for one in steps or ("Handen wassen",)], **parts}
    )


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (new(act="juggling"), "act_unknown"),
        (new(title=" "), "card_title"),
        (new(steps=()), "card_steps"),
        (new("een", " "), "card_steps"),
        (new(*["stap"] * 13), "card_steps"),
        (new("x" * 601), "card_too_long"),
        (new(title="x" * 121), "card_too_long"),
        (new(call="x" * 601), "card_too_long"),
    ],
)
def test_a_card_that_cannot_be_is_refused(card: NewHowTo, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        check_card(card)
    check_card(new(*["stap"] * 12))


def test_a_tip_says_something() -> None:
    check_tip("oxygen", "zing erbij")
    for act, words, code in (
        ("juggling", "x", "act_unknown"),
        ("oxygen", " ", "tip_says_nothing"),
        ("oxygen", "x" * 601, "card_too_long"),
    ):
        with pytest.raises(Invalid, match=code):
            check_tip(act, words)
    check_act("oxygen")


def test_who_has_not_seen_it_yet() -> None:
    people = [("Rik", WHO), ("Linda", UUID(int=2)), ("Oma", None), ("Rik", WHO)]
    assert not_seen(people, [Seen("Linda", UUID(int=2), NOW)]) == ["Oma", "Rik"]


# --- in the world ------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = build()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    return made


def photo(colour: str = "red") -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "PNG")
    return made.getvalue()


def writes(world: World, who: str = "nurse", *steps: str, **parts: Any) -> UUID:
    found: UUID = world.do(who, actions.write_card, new(*steps, **parts))
    return found


def shown(world: World, who: str, move: LearningMove = LearningMove.SHOWN) -> None:
    step = NewStep(act="suctioning", move=move, happened_on=TODAY, relative_id=world.relatives[who])
    world.do("nurse", record_step, step)


def test_a_changed_card_asks_again(world: World) -> None:
    writes(world)
    world.do("father", actions.say_seen, "suctioning", 1)
    world.do("father", actions.say_seen, "suctioning", 1)
    assert HowToSeen.objects.count() == 1
    with pytest.raises(Conflict):
        writes(world)
    writes(world, "doctor", "Handen wassen", "Zacht beginnen", after=1)
    card = queries.card_for(*world.as_("mother"), "suctioning", TODAY)
    assert [one.words for one in card.steps] == ["Handen wassen", "Zacht beginnen"]
    assert card.number == 2 and card.seen == []
    told = Notice.objects.filter(kind="howto_changed").values_list("recipient_id", flat=True)
    assert list(told) == [world.users["father"].id]
    with pytest.raises(Conflict):
        world.do("father", actions.say_seen, "suctioning", 1)
    with pytest.raises(Missing):
        world.do("father", actions.say_seen, "oxygen", 0)
    assert AuditLine.objects.filter(event="howto.seen").count() == 1


def test_a_photo_stays_with_its_step_and_is_for_who_sees_the_card(world: World) -> None:
    picture = prepared(photo(), 1), "Een rood vlak"
    writes(world, steps=[NewCardStep(words="Handen wassen", photo=picture)])
    kept = HowToStep.objects.get().attachment_id
    writes(world, steps=[NewCardStep(words="Eerst handen", kept_id=kept)], after=1)
    with pytest.raises(Missing):
        writes(world, steps=[NewCardStep(words="anders", kept_id=WHO)], after=2)
    assert kept is not None
    for who, status in (("mother", 200), ("nurse", 200), ("aunt", 404), ("teacher", 404)):
        assert client(world, who).get(url(world, "attachment", kept)).status_code == status
    shown(world, "aunt")
    assert client(world, "aunt").get(url(world, "attachment_small", kept)).status_code == 200
    assert queries.card_of_attachment(*world.as_("mother"), WHO, TODAY) is None


def test_who_learns_an_act_reads_its_card_alone(world: World) -> None:
    writes(world)
    writes(world, act="oxygen")
    assert queries.cards_for(*world.as_("aunt"), TODAY) == []
    get(world, "aunt", "howto", "suctioning", status=404)
    shown(world, "aunt")
    (own,) = queries.cards_for(*world.as_("aunt"), TODAY)
    assert own.act == "suctioning"
    world.do("aunt", actions.add_tip, "suctioning", "Zing erbij.")
    with pytest.raises(Missing):
        world.do("aunt", actions.add_tip, "oxygen", "Zing erbij.")
    world.do("aunt", say_own, "suctioning", LearningMove.NOT_WANTED, "")
    assert queries.cards_for(*world.as_("aunt"), TODAY) == []


def test_a_wish_of_ones_own_opens_no_card(world: World) -> None:
    writes(world, steps=[NewCardStep(words="Handen wassen", photo=(prepared(photo(), 1), "Een rood vlak"))])
    kept = HowToStep.objects.get().attachment_id
    for move in (LearningMove.WISH, LearningMove.DOUBT):
        world.do("aunt", say_own, "suctioning", move, "")
        assert queries.cards_for(*world.as_("aunt"), TODAY) == []
        get(world, "aunt", "attachment", kept, status=404)
    shown(world, "aunt")
    world.do("aunt", say_own, "suctioning", LearningMove.DOUBT, "")
    assert len(queries.cards_for(*world.as_("aunt"), TODAY)) == 1


def test_who_counts_for_the_act_keeps_its_card_after_a_no(world: World) -> None:
    writes(world)
    shown(world, "aunt", LearningMove.ALONE)
    world.do("aunt", say_own, "suctioning", LearningMove.NOT_WANTED, "")
    assert len(queries.cards_for(*world.as_("aunt"), TODAY)) == 1


def test_who_left_is_not_asked_to_read_and_whom_consent_shuts_out_is_not_told(world: World) -> None:
    writes(world)
    shown(world, "aunt")
    assert "zag deze kaart nog niet" in get(world, "nurse", "howto", "suctioning")
    member = Membership.objects.get(child_id=world.child_id, relative_id=world.relatives["aunt"])
    world.do("nurse", leave_team, member.id)
    assert "zag deze kaart nog niet" not in get(world, "nurse", "howto", "suctioning")
    world.do("father", actions.say_seen, "suctioning", 1)
    world.do("colleague", actions.say_seen, "suctioning", 1)
    Grant.objects.filter(user=world.users["colleague"]).update(domains=LifeDomain.SOCIAL)
    writes(world, after=1)
    told = Notice.objects.filter(kind="howto_changed").values_list("recipient_id", flat=True)
    assert list(told) == [world.users["father"].id]


def test_who_may_write_and_what_stays(world: World) -> None:
    for who in ("mother", "aunt", "teacher", "child"):
        with pytest.raises(Refused):
            writes(world, who)
    writes(world, "gp")
    world.do("mother", actions.add_tip, "suctioning", "Zing erbij.")
    world.do("mother", actions.add_tip, "injection", "Tel samen af.")
    cards = queries.cards_for(*world.as_("nurse"), TODAY)
    assert [(one.act, one.number, len(one.tips)) for one in cards] == [
        ("suctioning", 1, 1),
        ("injection", 0, 1),
    ]
    with pytest.raises(Refused):
        world.do("doctor", actions.add_tip, "oxygen", "x")
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, watch FROM careplan_howtocard")
        assert "Uitzuigen" not in str(cursor.fetchall())
    world.do("nurse", actions.say_seen, "suctioning", 1)
    for table in (HowToCard, HowToStep, HowToTip, HowToSeen):
        row: Any = table.objects.first()
        assert str(row)
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save()


# --- the pages ---------------------------------------------------------------------------------------------


def upload(content: bytes, name: str = "foto.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def test_a_card_is_written_on_a_page(world: World) -> None:
    assert "Stap 4" in get(world, "nurse", "howto_edit", "suctioning")
    empty = post(world, "nurse", "howto_edit", "suctioning", title="", after=0, watch="kleur")
    said = empty.content.decode()
    assert "Geef de kaart een titel" in said and "minstens één stap" in said and "kleur" in said
    typed: dict[str, Any] = {"title": "Uitzuigen", "after": 0, "words_0": "Handen wassen", "watch": "kleur"}
    for bad, word in (
        ({"file_0": upload(b"geen foto")}, "foto"),
        ({"file_0": upload(photo())}, "zien"),
        ({"file_1": upload(photo()), "alt_1": "vlak"}, "wat de stap is"),
    ):
        page = post(world, "nurse", "howto_edit", "suctioning", **typed, **bad)
        assert page.status_code == 200 and word in page.content.decode()
    assert not HowToCard.objects.exists()
    good = {"file_0": upload(photo()), "alt_0": "Een rood vlak", "words_2": "Zacht beginnen"}
    assert post(world, "nurse", "howto_edit", "suctioning", **typed, **good).status_code == 302
    page = get(world, "father", "howto", "suctioning")
    assert page.index("Handen wassen") < page.index("Zacht beginnen") and 'alt="Een rood vlak"' in page
    again = post(world, "nurse", "howto_edit", "suctioning", **typed)
    assert "net veranderd" in again.content.decode()
    post(world, "nurse", "howto_edit", "suctioning", **{**typed, "after": 1})
    post(world, "nurse", "howto_edit", "suctioning", **{**typed, "after": 2, "drop_0": "on"})
    photos = list(
        HowToStep.objects.order_by("card__number", "number").values_list("attachment_id", flat=True)
    )
    assert photos[0] and photos == [photos[0], None, photos[0], None]


def test_seen_and_understood_on_a_page(world: World) -> None:
    shown(world, "father")
    writes(world)
    assert "nog lezen" in get(world, "father", "howtos")
    page = get(world, "nurse", "howto", "suctioning")
    assert "zag deze kaart nog niet" in page and "Father" in page and "Nog niemand" in page
    assert post(world, "father", "howto_seen", "suctioning", number=1).status_code == 302
    assert "U hebt deze kaart gezien" in get(world, "father", "howto", "suctioning")
    assert "zag deze kaart nog niet" not in get(world, "nurse", "howto", "suctioning")
    late = client(world, "mother").post(
        url(world, "howto_seen", "suctioning"), {"number": "oud"}, follow=True
    )
    assert "net veranderd" in late.content.decode()
    assert post(world, "teacher", "howto_seen", "suctioning", number=1).status_code == 404
    get(world, "mother", "howto", "juggling", status=404)


def test_a_tip_on_a_page(world: World) -> None:
    assert "Schrijf een tip op" in post(world, "mother", "howto_tip", "suctioning", words="").content.decode()
    assert post(world, "mother", "howto_tip", "suctioning", words="Zing erbij.").status_code == 302
    page = get(world, "nurse", "howto", "suctioning")
    assert "Zing erbij." in page and "Mother" in page and "nog geen kaart" in page
    assert "Nog geen kaart, wel tips" in get(world, "child", "howtos")
    assert "Een kaart maken" in get(world, "nurse", "howtos")


def test_few_statements_however_many_cards(world: World) -> None:
    for act in ("oxygen", "injection", "suctioning"):
        writes(world, "nurse", *["stap"] * 8, act=act)
        world.do("mother", actions.add_tip, act, "rustig")
    shown(world, "aunt")
    shown(world, "father", LearningMove.ALONE)
    for who in ("mother", "nurse", "aunt"):
        visitor = client(world, who)
        for name, *keys in (("howtos",), ("howto", "suctioning")):
            visitor.get(url(world, name, *keys))
            with few_statements():
                assert visitor.get(url(world, name, *keys)).status_code == 200
