"""The child's part in three forms, who sat beside it, and who may see what it said."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.needs import actions, queries
from kindzorg.needs.answers import Seat
from kindzorg.needs.models import NeedsAnswer
from kindzorg.needs.rules import Respondent, profile_as_data, profile_from_data
from kindzorg.needs.seats import Beside, Way, beside_on, way_for
from kindzorg.needs.tests.answers import close, scan
from kindzorg.needs.tests.test_handover import CHILD as CHILD_SAYS
from kindzorg.needs.tests.test_handover import FATHER, MOTHER, THREE
from kindzorg.needs.tests.test_handover import NURSE as NURSE_SAYS
from kindzorg.needs.tests.test_views import statements
from kindzorg.needs.tests.world import World
from kindzorg.people.models import Child

CHILD, NURSE = uuid4(), uuid4()
SAID = "Ik vind eten heel vies"


def seat(at: datetime, way: Way | None = None, beside: Beside | None = None, by: UUID | None = None) -> Seat:
    return Seat(
        respondent=Respondent.CHILD, person_id=CHILD, given_at=at, entered_by=by, way=way, beside=beside
    )


@pytest.mark.parametrize(
    ("years", "way"),
    [(None, Way.PICTURES), (7, Way.PICTURES), (8, Way.SHORT), (11, Way.SHORT), (12, Way.WHOLE)],
)
def test_the_form_follows_the_age(years: int | None, way: Way) -> None:
    assert way_for(years, ()) is way


def test_the_last_choice_counts_and_can_be_undone(now: datetime) -> None:
    chosen = [seat(now, Way.PICTURES), seat(now, Way.WHOLE)]
    assert way_for(10, chosen) is Way.WHOLE
    assert way_for(10, [*chosen, seat(now)]) is Way.SHORT


def test_who_sat_beside_counts_that_day_at_that_keyboard(now: datetime) -> None:
    today = now.date()
    seats = [
        seat(now - timedelta(days=1), beside=Beside.FATHER),
        seat(now, beside=Beside.NURSE, by=NURSE),
        seat(now, beside=Beside.MOTHER),
    ]
    assert beside_on(today, seats, None) is Beside.MOTHER
    assert beside_on(today, seats, NURSE) is Beside.NURSE
    assert beside_on(today - timedelta(days=1), seats, None) is Beside.FATHER
    assert beside_on(today, seats, uuid4()) is None
    assert beside_on(today, [*seats, seat(now)], None) is None


def test_a_day_is_one_in_the_netherlands() -> None:
    late = datetime.fromisoformat("2026-11-22T23:30:00+00:00")
    assert beside_on(date(2026, 11, 23), [seat(late, beside=Beside.MOTHER)], None) is Beside.MOTHER


@pytest.fixture
def young(world: World) -> World:
    """The same child, six years old, without an account."""
    row = Child.objects.get(id=world.child_id)
    born = date(world.now.year - 6, 3, 2)
    Child.objects.filter(id=row.id).update(user=None, birth_date=born)
    return world


def given(world: World, name: str, **parts: object) -> dict[str, object]:
    voice = queries.seat_voice(world.actor(name), world.subject(name), world.now.date())
    return {**voice.given(world.now), **parts}


def take(world: World, name: str, **parts: object) -> NeedsAnswer:
    chosen = Seat(**given(world, name, **parts))  # type: ignore[arg-type]
    return actions.take_seat(world.actor(name), world.subject(name), chosen, world.now)


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("name", ["noor", "marit", "fatma", "samira"])
def test_child_nurse_and_parent_choose_the_form(world: World, name: str) -> None:
    row = take(world, name, way=Way.PICTURES)
    assert row.given == {"way": "pictures", "beside": None}
    assert (row.entered_by_id is None) is (name == "noor")
    assert AuditLine.objects.filter(event="needs.seat_taken").count() == 1
    filled = queries.scan_for(world.actor("noor"), world.subject("noor"), world.now.date())
    assert filled is not None
    assert [one.way for one in filled.answers.seats] == [Way.PICTURES]


@pytest.mark.usefixtures("begun")
def test_a_parent_without_authority_and_others_choose_nothing(world: World) -> None:
    for name in ("joost", "els"):
        with pytest.raises(Refused):
            given(world, name)


@pytest.mark.usefixtures("begun")
def test_from_twelve_a_parent_chooses_nothing(world: World, as_, at) -> None:
    Child.objects.filter(id=world.child_id).update(birth_date=date(world.now.year - 13, 1, 2))
    with pytest.raises(Refused):
        given(world, "samira")
    assert as_("samira").get(at("seat")).status_code == 404
    assert as_("noor").get(at("seat")).status_code == 200


def test_without_an_open_scan_there_is_no_seat(world: World, as_, at) -> None:
    with pytest.raises(Missing), transaction.atomic():
        take(world, "noor")
    assert as_("noor").get(at("seat")).status_code == 404


@pytest.mark.usefixtures("begun")
def test_a_seat_is_the_childs(world: World) -> None:
    voice = queries.voice_for(world.actor("samira"), world.subject("samira"), world.now.date())
    with pytest.raises(Invalid), transaction.atomic():
        actions.take_seat(
            world.actor("samira"), world.subject("samira"), Seat(**voice.given(world.now)), world.now
        )


@pytest.mark.usefixtures("begun")
def test_who_helped_stands_with_the_answer_and_beside_the_others(world: World, as_, at) -> None:
    as_("noor").post(at("seat"), {"beside": "mother", "way": ""})
    as_("noor").post(at("topic", "eating"), {"feeling": "bad", "now": "Ik vind het niet lekker"})
    row = NeedsAnswer.objects.get(given__topic="eating")
    assert row.given["beside"] == "mother"
    assert "met hulp van moeder" in as_("marit").get(at("together", "medical")).content.decode()
    as_("noor").post(at("take_back", "eating"))
    assert (
        NeedsAnswer.objects.filter(given__topic="eating").order_by("created_at", "id").last().given["beside"]
        is None
    )  # type: ignore[union-attr]


@pytest.mark.usefixtures("begun")
def test_with_pictures_there_is_a_face_and_hardly_a_word(world: World, as_, at) -> None:
    as_("marit").post(at("seat"), {"way": "pictures"})
    noor = as_("noor")
    shown = noor.get(at("topic", "school")).content.decode()
    assert "kz-faces" in shown
    assert "kz-pictogram--lg" in shown
    assert 'name="nothing_needed"' not in shown
    assert 'name="wish"' not in shown
    assert 'name="nurse_first"' in shown
    assert 'name="now"' in shown
    chosen = noor.post(at("first", "medical"), {"skip": "1"})
    assert chosen.url == at("first", "development")
    assert noor.get(at("next")).url == at("first", "medical")
    assert reverse("needs_carrying", args=[world.child_id]) not in noor.get(at()).content.decode()


@pytest.mark.usefixtures("begun")
def test_each_form_asks_more(as_, at) -> None:
    noor = as_("noor")
    for way, asked, not_asked in (("", "wish", "managed"), ("whole", "managed", "nothing")):
        noor.post(at("seat"), {"way": way})
        shown = noor.get(at("topic", "school")).content.decode()
        assert f'name="{asked}"' in shown
        assert f'name="{not_asked}"' not in shown
    assert noor.post(at("seat"), {"way": "none"}).status_code == 200


@pytest.mark.usefixtures("begun")
def test_after_each_part_a_child_sees_who_may_read_it_and_can_change_that(as_, at) -> None:
    noor = as_("noor")
    noor.post(at("first", "medical"), {"topics": ["eating", "nights"]})
    assert noor.post(at("topic", "eating"), {"feeling": "bad", "now": SAID}).url == at("topic", "nights")
    assert SAID in as_("samira").get(at("together", "medical")).content.decode()
    noor = as_("noor")
    assert noor.post(at("topic", "nights"), {"nothing_needed": "on"}).url == at("who", "medical")
    shown = noor.get(at("who", "medical")).content.decode()
    assert "Wie mag dit zien?" in shown
    assert "Eten en drinken" in shown
    went = noor.post(at("who", "medical"), {"eating": "on"})
    assert went.url == at("first", "development")
    told = [row.nurse_first for row in NeedsAnswer.objects.filter(given__topic="eating").order_by("id")]
    assert told == [False, True]
    assert SAID not in as_("samira").get(at("together", "medical")).content.decode()
    assert SAID in as_("marit").get(at("together", "medical")).content.decode()
    as_("noor").post(at("who", "medical"), {"eating": "on"})
    assert NeedsAnswer.objects.filter(given__topic="eating").count() == 2
    assert as_("noor").get(at("who", "safety")).status_code == 200
    assert as_("noor").get(at("who", "development")).status_code == 404
    assert as_("samira").get(at("who", "medical")).status_code == 404


@pytest.mark.usefixtures("begun")
def test_the_pages_cost_twelve_statements_at_most(world: World, as_, at) -> None:
    typed = f"?for={world.child_id}"
    pages = [("noor", at("seat")), ("noor", at("who", "social")), ("samira", at("seat"))]
    pages += [("marit", at("seat") + typed), ("marit", at("who", "social") + typed), ("marit", at() + typed)]
    found = {(name, page): statements(as_(name), page) for name, page in pages}
    assert max(found.values()) <= 12, found


@pytest.mark.usefixtures("begun")
def test_a_part_of_which_all_was_skipped_asks_nothing_more(as_, at) -> None:
    noor = as_("noor")
    noor.post(at("first", "medical"), {"topics": ["eating"]})
    assert noor.post(at("topic", "eating"), {"skip": "1"}).url == at("first", "development")


@pytest.mark.usefixtures("begun")
def test_a_question_has_a_way_back_to_the_one_before(as_, at) -> None:
    assert at("said", "healthy") in as_("noor").get(at("said", "strengths")).content.decode()
    assert "Vorige vraag" not in as_("noor").get(at("said", "healthy")).content.decode()
    assert "Vorige vraag" not in as_("samira").get(at("said", "strengths")).content.decode()


@pytest.mark.usefixtures("begun")
def test_a_parent_sits_beside_a_young_child_without_an_account(young: World, as_, at) -> None:
    page = f"?for={young.child_id}"
    samira = as_("samira")
    assert "Samen met Noor invullen" in samira.get(at()).content.decode()
    assert at("seat") + page in samira.get(at() + page).content.decode()
    samira.post(at("seat") + page, {"beside": "mother", "way": ""})
    assert samira.post(at("topic", "play") + page, {"feeling": "good"}).status_code == 302
    row = NeedsAnswer.objects.get(given__topic="play")
    assert (row.respondent, row.entered_by, row.given["beside"]) == ("child", "Samira", "mother")
    assert 'name="nurse_first"' not in samira.get(at("topic", "play") + page).content.decode()


@pytest.mark.usefixtures("begun")
def test_what_a_child_may_say_without_its_parents_is_not_asked_where_they_type(young: World, as_, at) -> None:
    page = f"?for={young.child_id}"
    samira = as_("samira")
    assert samira.get(at("topic", "feeling_safe") + page).status_code == 404
    assert samira.post(at("topic", "feeling_safe") + page, {"feeling": "bad"}).status_code == 404
    assert 'value="feeling_safe"' not in samira.get(at("first", "safety") + page).content.decode()
    assert 'value="feeling_safe"' in as_("marit").get(at("first", "safety") + page).content.decode()


@pytest.mark.usefixtures("begun")
def test_nobody_of_the_family_types_for_a_child_that_answers_itself(world: World, as_, at) -> None:
    page = f"?for={world.child_id}"
    assert as_("samira").get(at("topic", "play") + page).status_code == 404
    Child.objects.filter(id=world.child_id).update(user=None)
    assert as_("joost").get(at("topic", "play") + page).status_code == 404
    Child.objects.filter(id=world.child_id).update(birth_date=date(world.now.year - 13, 1, 2))
    assert as_("samira").get(at("topic", "play") + page).status_code == 404


@pytest.mark.usefixtures("begun")
def test_a_young_child_begins_with_who_sits_beside_it(young: World, as_, at) -> None:
    page = f"?for={young.child_id}"
    marit = as_("marit")
    assert f'class="kz-button" href="{at("seat")}{page}"' in marit.get(at() + page).content.decode()
    marit.post(at("seat") + page, {"beside": "nurse", "way": ""})
    shown = marit.get(at() + page).content.decode()
    assert f'class="kz-button" href="{at("seat")}{page}"' not in shown
    assert "met hulp van" in shown


def test_a_hand_over_of_before_has_no_helper_and_reads_all_the_same() -> None:
    handed = close(scan(*THREE, MOTHER, FATHER, CHILD_SAYS, NURSE_SAYS))
    stored = profile_as_data(handed)
    for need in stored["needs"]:
        for voice in (*need["voices"], *need["nurse_voices"]):
            assert voice.pop("beside") is None
    for quiet in stored["no_needs"]:
        for voice in quiet["voices"]:
            assert voice.pop("beside") is None
    assert profile_from_data(stored) == handed
