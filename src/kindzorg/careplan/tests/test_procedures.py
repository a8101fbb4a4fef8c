"""Preparing for a procedure: who prepares it, how the child wants it, and who reads that."""

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from kindzorg.audit.models import AuditLine
from kindzorg.careplan.learning.actions import record_step
from kindzorg.careplan.learning.rules import LearningMove, NewStep
from kindzorg.careplan.procedures import actions, queries
from kindzorg.careplan.procedures.models import Procedure, ProcedureWish
from kindzorg.careplan.procedures.rules import (
    CHOICES,
    KINDS,
    SHIPPED,
    STEPS,
    Moment,
    NewProcedure,
    NewWish,
    Step,
    WishPart,
    WishReach,
    check_procedure,
    check_wish,
    steps_of,
)
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.texts import content

from .conftest import TODAY, World, build
from .doors import client, few_statements, get, post, url

HELPS, FEARS, WORDS = WishPart.HELPS, WishPart.FEARS, WishPart.WORDS


def new(kind: str = "injection", **parts: Any) -> NewProcedure:
    return NewProcedure(**{"kind": kind, "steps": steps_of(kind), **parts})


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (NewProcedure(kind="juggling", steps=steps_of("washing")), "procedure_unknown"),
        (new("other"), "procedure_title"),
        (new(steps=()), "procedure_steps"),
        (new(steps=[Step(Moment.AFTER, "hands")] * 13), "procedure_steps"),
        (new(steps=[Step(Moment.AFTER)]), "procedure_steps"),
        (new(steps=[Step(Moment.AFTER, "magic")]), "procedure_steps"),
        (new(steps=[Step(Moment.AFTER, "", "x" * 201)]), "procedure_long"),
        (new(where="x" * 121), "procedure_long"),
    ],
)
def test_what_cannot_be_prepared_is_refused(given: NewProcedure, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        check_procedure(given)
    check_procedure(new("other", title="Een foto van mijn longen"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_act_has_steps_in_the_order_of_time_and_each_says_something(kind: str) -> None:
    steps, order = steps_of(kind), list(Moment)
    check_procedure(new(kind, title="x"))
    assert [order.index(one.moment) for one in steps] == sorted(order.index(one.moment) for one in steps)
    assert steps[-1].key == "done"


def test_the_content_says_every_step_choice_and_feeling_and_no_more() -> None:
    said = content("careplan", "procedures")
    for start, keys in (
        ("step_", set(SHIPPED)),
        ("choice_", {one for some in CHOICES.values() for one in some}),
    ):
        assert {key.removeprefix(start) for key in said if key.startswith(start)} == keys
    assert {key.removeprefix("feel_") for key in said if key.startswith("feel_")} < set(SHIPPED)
    assert {key for steps in STEPS.values() for key in steps} == set(SHIPPED)


@pytest.mark.parametrize(
    ("part", "chosen", "code"),
    [
        (HELPS, ("needle",), "wish_unknown"),
        (HELPS, ("looking", "looking_away"), "wish_both"),
        (HELPS, ("knowing", "not_knowing", "music"), "wish_both"),
        (FEARS, ("nothing", "pain"), "wish_both"),
        (WORDS, ("music",), "wish_unknown"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(part: WishPart, chosen: tuple[str, ...], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        check_wish(NewWish(entry_id=UUID(int=1), part=part, chosen=chosen))
    with pytest.raises(Invalid, match="procedure_long"):
        check_wish(NewWish(entry_id=UUID(int=1), part=part, words="x" * 501))
    check_wish(NewWish(entry_id=UUID(int=1), part=FEARS, chosen=("nothing",)))


def test_an_own_step_has_a_picture_too() -> None:
    assert Step(Moment.AFTER, "", "IJsje!").picture == "finished"
    assert Step(Moment.DURING, "prick", "Prik!").picture == "injection"


# --- in the world ------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = build()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    return made


def prepares(world: World, who: str = "nurse", **parts: Any) -> UUID:
    made: UUID = world.do(who, actions.write_procedure, new(**parts))
    return made


def wishes(world: World, who: str, entry: UUID, part: WishPart = HELPS, **said: Any) -> None:
    world.do(who, actions.say_wish, NewWish(entry_id=entry, part=part, **said))


def seen(world: World, who: str, entry: UUID) -> list[tuple[str, tuple[str, ...], str]]:
    one = queries.procedure_for(*world.as_(who), entry, TODAY)
    return [(str(wish.part), wish.chosen, wish.words) for wish in one.wishes]


def test_who_prepares_and_what_is_changed_keeps_what_was(world: World) -> None:
    entry = prepares(world, on_day=TODAY, where="thuis")
    for who in ("aunt", "teacher", "gp"):
        with pytest.raises(Refused):
            prepares(world, who)
    own = [Step(Moment.BEFORE, "hands"), Step(Moment.AFTER, "", "Een ijsje.")]
    world.do("mother", actions.write_procedure, new(steps=own, entry_id=entry, after=1))
    now = queries.procedure_for(*world.as_("nurse"), entry, TODAY)
    assert (now.number, [one.words for one in now.steps], now.on_day) == (2, ["", "Een ijsje."], None)
    with pytest.raises(Conflict):
        world.do("nurse", actions.write_procedure, new(entry_id=entry, after=1))
    with pytest.raises(Missing):
        world.do("nurse", actions.write_procedure, new(entry_id=UUID(int=5)))
    world.do("nurse", actions.take_away_procedure, entry)
    assert queries.procedures_for(*world.as_("child"), TODAY) == []
    with pytest.raises(Missing):
        wishes(world, "child", entry, words="Nee")
    assert Procedure.objects.count() == 3
    events = AuditLine.objects.filter(event__startswith="procedure.").values_list("event", flat=True)
    assert sorted(events) == ["procedure.taken_away", "procedure.written", "procedure.written"]


def test_the_child_chooses_who_reads_its_wish_and_takes_it_back(world: World) -> None:
    entry = prepares(world)
    wishes(world, "child", entry, chosen=("music", "counting"), reach=WishReach.ALL)
    wishes(world, "child", entry, FEARS, chosen=("pain",), words="Heel erg", reach=WishReach.NURSE)
    wishes(world, "child", entry, WORDS, words="Geheim")
    helps, fears = ("helps", ("music", "counting"), ""), ("fears", ("pain",), "Heel erg")
    assert seen(world, "child", entry) == [helps, fears, ("words", (), "Geheim")]
    assert seen(world, "nurse", entry) == [helps, fears]
    assert seen(world, "mother", entry) == [helps]
    wishes(world, "child", entry, chosen=("music",))
    assert seen(world, "mother", entry) == [], "an earlier wording does not come back"
    wishes(world, "child", entry)
    assert [part for part, _, _ in seen(world, "child", entry)] == ["fears", "words"]
    back = AuditLine.objects.filter(event="procedure.wish_taken_back")
    assert back.count() == 1 and "music" not in str(back.values().get())


def test_what_is_written_down_for_a_child_stands_beside_its_own(world: World) -> None:
    entry = prepares(world)
    wishes(world, "child", entry, chosen=("looking",), reach=WishReach.ALL)
    wishes(world, "mother", entry, chosen=("looking_away",), reach=WishReach.SELF)
    one = queries.procedure_for(*world.as_("nurse"), entry, TODAY)
    mother = world.as_("mother")[0].name
    assert [(wish.chosen, wish.typed) for wish in one.wishes] == [
        (("looking",), ""),
        (("looking_away",), mother),
    ]
    with pytest.raises(Refused):
        wishes(world, "aunt", entry, chosen=("music",))


def test_who_does_the_act_reads_the_wishes_on_its_card_alone(world: World) -> None:
    entry = prepares(world, "nurse", kind="suctioning", steps=steps_of("suctioning"))
    other = prepares(world)
    wishes(world, "child", entry, chosen=("music",), reach=WishReach.ALL)
    wishes(world, "child", other, words="Prik niet", reach=WishReach.ALL)
    with pytest.raises(Refused):
        queries.procedures_for(*world.as_("aunt"), TODAY)
    step = NewStep(
        act="suctioning",
        move=LearningMove.SHOWN,
        happened_on=TODAY,
        relative_id=world.relatives["aunt"],
    )
    world.do("nurse", record_step, step)
    card = get(world, "aunt", "howto", "suctioning")
    assert "Muziek" in card and "De hele voorbereiding" not in card and "Prik niet" not in card
    assert "De hele voorbereiding" in get(world, "nurse", "howto", "suctioning")
    get(world, "aunt", "procedure", entry, status=404)


def test_what_is_past_is_not_shown_to_who_does_it(world: World) -> None:
    entry = prepares(world, on_day=TODAY.replace(year=TODAY.year - 1))
    wishes(world, "child", entry, chosen=("music",), reach=WishReach.ALL)
    about = world.as_("nurse")
    assert queries.wished_at(*about, ["injection"], TODAY) == ()
    assert queries.coming_procedures(*about, TODAY) == ()
    assert queries.wished_at(*about, ["oxygen"], TODAY) == ()
    assert "Dit is geweest" in get(world, "child", "procedures")


def test_nothing_is_changed_or_deleted(world: World) -> None:
    entry = prepares(world)
    wishes(world, "child", entry, words="Ja")
    for table in (Procedure, ProcedureWish):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table._meta.db_table}")  # noqa: S608 - a name of our own


# --- the pages ---------------------------------------------------------------------------------------------


def typed_steps(kind: str, **more: str) -> dict[str, str]:
    said = content("careplan", "procedures")
    rows = {}
    for number, one in enumerate(steps_of(kind)):
        rows[f"words_{number}"] = said[f"step_{one.key}"]["child"]["nl"]
        rows[f"moment_{number}"] = str(one.moment)
    count = len(steps_of(kind))
    for number in range(count, count + 2):
        rows |= {f"words_{number}": "", f"moment_{number}": "during"}
    return {**rows, "after": "0", "title": "", "on_day": "", "where": "", "by_whom": "", **more}


def test_a_parent_prepares_by_form_and_a_step_left_as_it_was_stays_shipped(world: World) -> None:
    assert "Bloed prikken" in get(world, "mother", "procedure_new")
    assert "voorbeeld" in get(world, "mother", "procedure_make", "injection")
    typed = typed_steps("injection", words_3="", words_7="Een sticker.", moment_7="after", where="thuis")
    answer = post(world, "mother", "procedure_make", "injection", **typed)
    assert answer.status_code == 302
    one = queries.procedures_for(*world.as_("mother"), TODAY)[0]
    assert [(step.key, step.words) for step in one.steps] == [
        *((key, "") for key in ("ready", "hands", "sit", "prick", "plaster", "done")),
        ("", "Een sticker."),
    ]
    again = get(world, "nurse", "procedure_edit", one.entry_id)
    assert "Een sticker." in again
    gone = {key: "" if key.startswith("words_") else value for key, value in typed.items()}
    nothing = post(world, "mother", "procedure_make", "injection", **gone)
    assert nothing.status_code == 200 and "minstens een stap" in nothing.content.decode()
    get(world, "mother", "procedure_make", "juggling", status=404)
    asked = get(world, "mother", "procedure_take_away", one.entry_id)
    assert (
        "Dit kunt u niet terughalen" in asked
        and len(queries.procedures_for(*world.as_("mother"), TODAY)) == 1
    )
    whole = get(world, "mother", "procedure", one.entry_id)
    assert f'action="{url(world, "procedure_take_away", one.entry_id)}"' not in whole, "it asks once more"
    post(world, "mother", "procedure_take_away", one.entry_id)
    assert queries.procedures_for(*world.as_("mother"), TODAY) == []
    get(world, "nurse", "procedure_take_away", one.entry_id, status=404)


def test_a_child_goes_from_card_to_card_and_says_what_it_wants(world: World) -> None:
    entry = prepares(world)
    assert "Je krijgt het prikje" in get(world, "child", "procedure_card", entry, 5)
    get(world, "child", "procedure_card", entry, 8, status=404)
    get(world, "child", "procedure_wish", entry, "anything", status=404)
    both = post(world, "child", "procedure_wish", entry, "helps", chosen=["knowing", "not_knowing"], words="")
    assert "passen niet samen" in both.content.decode()
    said = post(world, "child", "procedure_wish", entry, "helps", chosen=["music"], words="")
    assert said.url == url(world, "procedure_who", entry, "helps")
    assert seen(world, "mother", entry) == [], "for nobody until the child says for whom"
    assert "Muziek" in get(world, "child", "procedure_who", entry, "helps")
    chosen = post(world, "child", "procedure_who", entry, "helps", reach="all")
    assert chosen.url == url(world, "procedure_wish", entry, "fears")
    skipped = post(world, "child", "procedure_wish", entry, "fears", skip="1", chosen=["pain"])
    assert skipped.url == url(world, "procedure_wish", entry, "words")
    empty = post(world, "child", "procedure_wish", entry, "words", words=" ")
    assert empty.url == url(world, "procedure", entry)
    assert seen(world, "mother", entry) == [("helps", ("music",), "")]
    post(world, "child", "procedure_wish_back", entry, "helps")
    assert seen(world, "child", entry) == []
    assert client(world, "child").get(url(world, "procedure_who", entry, "helps")).status_code == 302


def reach_shown(world: World, entry: UUID) -> str | None:
    form = client(world, "child").get(url(world, "procedure_who", entry, "helps")).context["form"]
    chosen: str | None = form["reach"].value()
    return chosen


def test_the_child_chooses_for_itself_and_finds_its_choice_again(world: World) -> None:
    entry = prepares(world)

    def says(*chosen: str) -> None:
        post(world, "child", "procedure_wish", entry, "helps", chosen=chosen, words="")

    says("music")
    says("music")
    assert reach_shown(world, entry) is None, "nothing is chosen for it"
    nothing = post(world, "child", "procedure_who", entry, "helps")
    assert nothing.status_code == 200 and "Kies wie dit mag zien." in nothing.content.decode()
    chosen = "music"
    for reach, another in (("nurse", "screen"), ("self", "counting"), ("all", "blowing"), ("self", "music")):
        post(world, "child", "procedure_who", entry, "helps", reach=reach)
        assert reach_shown(world, entry) == reach
        before = seen(world, "nurse", entry)
        says(chosen)
        assert seen(world, "nurse", entry) == before, "what it left as it was stays for whom it was"
        says(another)
        assert reach_shown(world, entry) == reach
        assert seen(world, "nurse", entry) == [], "another wording is its own until it says for whom"
        chosen = another


def test_a_nurse_sees_what_is_not_for_the_parents_and_it_is_not_on_paper(world: World) -> None:
    entry, kept = prepares(world), "alleen voor de verpleegkundigen, niet voor de ouders"
    wishes(world, "child", entry, FEARS, words="Heel erg", reach=WishReach.NURSE)
    card = get(world, "nurse", "howto", "injection")
    assert kept in card and card.count("kz-stack--sm kz-screen-only") == 1
    assert "kz-card kz-stack kz-screen-only" in card, "nor is the empty card"
    wishes(world, "child", entry, chosen=("music",), reach=WishReach.ALL)
    card = get(world, "nurse", "howto", "injection")
    assert "kz-card kz-stack kz-screen-only" not in card
    for page in (card, get(world, "nurse", "procedure", entry)):
        assert page.count(kept) == page.count("kz-stack--sm kz-screen-only") == 1
        assert "Heel erg" in page.split("kz-stack--sm kz-screen-only")[1]
    assert kept not in get(world, "mother", "procedure", entry)


def test_a_parent_writes_down_what_the_child_points_at(world: World) -> None:
    entry = prepares(world)
    said = post(world, "mother", "procedure_wish", entry, "helps", chosen=["cuddly_toy"], words="")
    assert said.url == url(world, "procedure_wish", entry, "fears"), "nobody is asked who may see it"
    page = get(world, "nurse", "procedure", entry)
    assert "Mijn knuffel" in page and "opgeschreven door" in page


def test_few_statements_whatever_there_is(world: World) -> None:
    entry, *_ = [prepares(world) for _ in range(4)]
    wishes(world, "child", entry, words="Ja", reach=WishReach.ALL)
    for who, name, *keys in (
        ("child", "procedures"),
        ("child", "procedure", entry),
        ("child", "procedure_who", entry, "helps"),
        ("nurse", "procedure", entry),
        ("nurse", "procedure_take_away", entry),
        ("nurse", "howto", "injection"),
    ):
        visitor, address = client(world, who), url(world, name, *keys)
        with few_statements():
            assert visitor.get(address).status_code == 200
