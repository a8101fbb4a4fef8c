"""An organisation words a text anew: what may be said, who may, what counts, and who reads it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test.utils import CaptureQueriesContext

from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, Grant, system_actor
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.queries import actor_for
from kindzorg.core.errors import Conflict, Invalid, Refused
from kindzorg.core.own_words import House, Reading, about_child, house_read, reading
from kindzorg.core.texts import content, text
from kindzorg.people import own
from kindzorg.people.actions import register_organisation, register_user
from kindzorg.people.house.actions import word_text
from kindzorg.people.house.queries import organisation_managed, own_texts, versions_of
from kindzorg.people.house.rules import (
    NewText,
    TextPlace,
    check_words,
    fits,
    fixed_reason,
    mark_of,
    places_in,
    shipped_text,
    tidied,
)
from kindzorg.people.models import Organisation, OwnText
from kindzorg.people.rules import OrganisationKind

SYSTEM = system_actor("test")
KEY = "web.news.plan_in_force"
PLACE = TextPlace(KEY, "professional", "nl")
MINE = "Dit is het nieuwe plan: {title}"


def house(name: str, now: datetime) -> Organisation:
    return register_organisation(SYSTEM, name, OrganisationKind.HOME_CARE, None, now)


def lead_of(organisation_id: UUID | None, now: datetime, scope: Scope = Scope.ORGANISATION) -> Actor:
    grant = Grant(Role.TEAM_LEAD, scope, organisation_id, now.date())
    return Actor(uuid4(), "Ruud", (grant,), organisation_id=organisation_id, assurance=Assurance.HIGH)


@pytest.fixture
def veldzicht(db: None, now: datetime) -> Organisation:
    return house("Veldzicht", now)


@pytest.fixture
def lead(veldzicht: Organisation, now: datetime) -> Actor:
    return lead_of(veldzicht.id, now)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    own._KEPT.clear()
    yield
    own._KEPT.clear()


def said_by(organisation: Organisation, audience: str = "professional", language: str = "nl") -> str:
    stamp = Organisation.objects.values_list("own_stamp", flat=True).get(id=organisation.id)
    with reading(Reading(own.kept_of, House(organisation.id, stamp))):
        return text(KEY, audience, language)


# --- rules: no database -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "shipped", "code", "data"),
    [
        ("Dag {name}", "Hallo {name}", None, {}),
        ("{name}, dag {name}", "Hallo {name}", None, {}),
        ("Dag %(name)s", "Hallo %(name)s", None, {}),
        ("Dag", "Hallo {name} en {who}", "places_lost", {"places": "{name}, {who}"}),
        ("Dag {naam}", "Hallo {name}", "places_lost", {"places": "{name}"}),
        ("Dag {name} {age}", "Hallo {name}", "places_added", {"places": "{age}"}),
        ("{name.__class__}", "Hallo", "places_added", {"places": "{name.__class__}"}),
        ("Dag {", "Hallo", "signs", {"sign": "{"}),
        ("Dag }", "Hallo", "signs", {"sign": "}"}),
        ("<b>Dag</b>", "Hallo", "signs", {"sign": "<"}),
        ("Dag %(", "Hallo", "signs", {"sign": "%("}),
        ("Dag \ue0d0", "Hallo", "signs", {"sign": ""}),
        ("Eén regel\nen nog een: 5%", "Hallo", None, {}),
        ("a" * 4001, "Hallo", "words_too_long", {"longest": 4000}),
    ],
)
def test_what_is_filled_in_stays_and_nothing_else_comes(
    words: str, shipped: str, code: str | None, data: dict[str, object]
) -> None:
    if code is None:
        check_words(words, shipped)
        return
    with pytest.raises(Invalid, match=code) as error:
        check_words(words, shipped)
    assert (error.value.data, error.value.fields) == (data, ("words",))


def test_rights_emergencies_and_questions_are_fixed() -> None:
    assert fixed_reason("web.sharing.title") == "law"
    assert fixed_reason("keeping.requests.lead") == "law"
    assert fixed_reason("web.card.call_112") == "emergency"
    assert fixed_reason("web.responsibilities.call_112") == "emergency"
    assert fixed_reason("needs.medical.breathing.label") == "question"
    assert fixed_reason("web.responsibilities.title") == ""
    assert fixed_reason(KEY) == ""


def test_every_topic_is_decided_on_and_every_112_is_fixed() -> None:
    from kindzorg.web.house.catalogue import catalogue

    named, fixed = content("web", "own_topics"), content("people", "fixed_texts")
    for entry in catalogue().values():
        assert (entry.topic in named) != (entry.topic in fixed["topics"]), entry.topic
        assert f"room.{entry.room}" in named
        if any("112" in said.get("nl", "") for said in entry.said.values()):
            assert entry.fixed, entry.key
    assert set(fixed["keys"]) <= catalogue().keys()


# Named alike, and no promise of who reads: who saw a card, what a goal is, how to reach somebody.
NO_PROMISE = re.compile(r"careplan\.(howto\.|plan\.kind_|week\.)|web\.responsibilities\.reach")
PROMISE = re.compile(r"(^|[._])(reach|who_reads|who_sees|from_parents|nurse_first)([._]|$)|\.seen_")


def test_what_promises_a_child_who_reads_is_the_same_everywhere() -> None:
    from kindzorg.web.house.catalogue import catalogue

    promises = [
        one for one in catalogue().values() if PROMISE.search(one.key) and not NO_PROMISE.match(one.key)
    ]
    assert "careplan.procedures.reach_nurse" in {one.key for one in promises}
    assert [one.key for one in promises if not one.fixed] == []


def test_small_rules() -> None:
    assert tidied("  a\r\nb\rc \n") == "a\nb\nc"
    assert places_in("{a} %(b)s c") == {"{a}", "%(b)s"}
    assert mark_of("a") != mark_of("b")
    assert shipped_text(PLACE) == content("web", "news")["plan_in_force"]["professional"]["nl"]
    assert shipped_text(TextPlace(KEY, "professional", "xx")) == ""
    for place in (
        TextPlace("web.news.nothing", "parent", "nl"),
        TextPlace("web.nowhere.title", "parent", "nl"),
        TextPlace("../web.news.title", "parent", "nl"),
        TextPlace("needs.scan.version", "parent", "nl"),
        TextPlace(KEY, "child", "nl"),
        TextPlace("nothing", "parent", "nl"),
    ):
        with pytest.raises(Invalid, match="no_such_text"):
            shipped_text(place)


# --- actions and queries ------------------------------------------------------------------------------------


def test_its_own_people_read_it_and_others_do_not(
    veldzicht: Organisation, lead: Actor, now: datetime
) -> None:
    other, shipped = house("De Linde", now), text(KEY, "professional", "nl")
    assert word_text(lead, NewText(PLACE, f" {MINE}\r\n", 0), now) == 1
    assert said_by(veldzicht) == said_by(veldzicht, "parent") == MINE
    assert said_by(veldzicht, language="en") == text(KEY, "professional", "en")
    assert said_by(other) == text(KEY, "professional", "nl") == shipped != MINE
    line = AuditLine.objects.get(event="house.text_worded")
    assert (line.permission, line.object_kind, line.detail) == ("house.change", "own_text", {"key": KEY})
    assert (line.actor_id, line.object_id, line.child_id) == (lead.id, OwnText.objects.get().id, None)


def test_each_change_is_a_version_and_the_newest_counts(
    veldzicht: Organisation, lead: Actor, now: datetime
) -> None:
    shipped = shipped_text(PLACE)
    for number, words in enumerate((MINE, f"{MINE}!", "", MINE)):
        word_text(lead, NewText(PLACE, words, number), now + timedelta(hours=number))
        assert said_by(veldzicht) == (words or shipped)
    found = versions_of(lead, PLACE, now.date())
    assert [(one.number, one.words) for one in found] == [(4, MINE), (3, ""), (2, f"{MINE}!"), (1, MINE)]
    assert own_texts(lead, now.date()) == {PLACE: found[0]}
    assert not found[0].overtaken(shipped) and found[0].overtaken("Iets anders {title}")
    assert not found[1].overtaken("Iets anders {title}")
    with pytest.raises(DatabaseError), transaction.atomic():
        OwnText.objects.filter(number=1).update(words="anders {title}")
    with pytest.raises(DatabaseError), transaction.atomic():
        OwnText.objects.filter(number=1).delete()


def test_what_is_the_same_as_shipped_is_the_shipped_text(
    veldzicht: Organisation, lead: Actor, now: datetime
) -> None:
    word_text(lead, NewText(PLACE, shipped_text(PLACE), 0), now)
    assert OwnText.objects.get().words == ""


def test_dutch_of_ones_own_is_lent_and_a_translation_can_be_ones_own(
    veldzicht: Organisation, lead: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kindzorg.core.languages import unmarked

    said = dict(content("web", "news")["plan_in_force"]["professional"])
    said.pop("tr", None)
    monkeypatch.setitem(content("web", "news"), "plan_in_force", {"professional": said})
    word_text(lead, NewText(PLACE, MINE, 0), now)
    lent = said_by(veldzicht, language="tr")
    assert unmarked(lent) == MINE != lent
    word_text(lead, NewText(TextPlace(KEY, "professional", "tr"), "Yeni plan: {title}", 0), now)
    assert said_by(veldzicht, language="tr") == "Yeni plan: {title}"
    with pytest.raises(Invalid, match="places_lost"):
        word_text(lead, NewText(TextPlace(KEY, "professional", "tr"), "Yeni plan", 1), now)


def test_somebody_else_was_first(lead: Actor, now: datetime) -> None:
    word_text(lead, NewText(PLACE, MINE, 0), now)
    with pytest.raises(Conflict, match="text_changed") as error:
        word_text(lead, NewText(PLACE, f"Toch: {MINE}", 0), now)
    assert error.value.data == {"mine": f"Toch: {MINE}", "theirs": MINE, "number": 1}
    with pytest.raises(Conflict) as error:
        word_text(
            lead, NewText(TextPlace("web.news.plan_first_in_force", "professional", "nl"), "Nu", 3), now
        )
    assert error.value.data["theirs"] == ""


def test_a_fixed_text_is_refused_with_its_reason(lead: Actor, now: datetime) -> None:
    key = next(f"web.sharing.{name}" for name in content("web", "sharing"))
    audience = next(iter(content("web", "sharing")[key.removeprefix("web.sharing.")]))
    with pytest.raises(Invalid, match="text_fixed") as error:
        word_text(lead, NewText(TextPlace(key, audience, "nl"), "Alles mag", 0), now)
    assert error.value.data == {"reason": "law"} and not OwnText.objects.exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TEAM_LEAD}))
def test_nobody_else_may(veldzicht: Organisation, role: Role, now: datetime) -> None:
    actor = Actor(
        uuid4(), "X", (Grant(role, Scope.ORGANISATION, veldzicht.id, now.date()),), assurance=Assurance.HIGH
    )
    for attempt in (
        lambda: word_text(actor, NewText(PLACE, MINE, 0), now),
        lambda: own_texts(actor, now.date()),
        lambda: versions_of(actor, PLACE, now.date()),
        lambda: organisation_managed(actor, now.date()),
    ):
        with pytest.raises(Refused):
            attempt()


def test_over_a_region_there_is_no_organisation_to_word_for(veldzicht: Organisation, now: datetime) -> None:
    with pytest.raises(Refused):
        word_text(lead_of(uuid4(), now, Scope.NETWORK), NewText(PLACE, MINE, 0), now)
    assert organisation_managed(lead_of(veldzicht.id, now), now.date()) == veldzicht


def test_what_a_release_made_unfit_is_not_shown(
    veldzicht: Organisation, lead: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    word_text(lead, NewText(PLACE, MINE, 0), now)
    newer = {"professional": {"nl": "Versie {number} geldt", "en": "Version {number}"}}
    monkeypatch.setitem(content("web", "news"), "plan_in_force", newer)
    assert said_by(veldzicht) == "Versie {number} geldt"
    assert own_texts(lead, now.date())[PLACE].overtaken(shipped_text(PLACE))
    assert not fits(PLACE, MINE) and not fits(TextPlace("web.news.gone", "parent", "nl"), MINE)


# --- what is kept -------------------------------------------------------------------------------------------


def test_it_is_asked_once_per_change_and_never_stale(
    veldzicht: Organisation, lead: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    word_text(lead, NewText(PLACE, MINE, 0), now)
    first = House(veldzicht.id, Organisation.objects.get().own_stamp)
    with CaptureQueriesContext(connection) as asked:
        assert own.kept_of(first).words[KEY]["professional"]["nl"] == MINE
    assert 0 < len(asked) <= 3
    with CaptureQueriesContext(connection) as asked:
        own.kept_of(first)
        own.kept_of(first)
    assert not asked.captured_queries
    word_text(lead, NewText(PLACE, "", 1), now)
    assert KEY not in own.kept_of(House(veldzicht.id, Organisation.objects.get().own_stamp)).words
    monkeypatch.setattr(own, "MOST", 1)
    other = house("De Linde", now)
    own.kept_of(House(other.id, uuid4()))
    assert set(own._KEPT) == {other.id}


def test_what_is_rolled_back_is_not_kept(veldzicht: Organisation, lead: Actor, now: datetime) -> None:
    word_text(lead, NewText(PLACE, MINE, 0), now)
    before = House(veldzicht.id, Organisation.objects.get().own_stamp)
    try:
        with transaction.atomic():
            word_text(lead, NewText(PLACE, f"{MINE}!", 1), now)
            within = House(veldzicht.id, Organisation.objects.get().own_stamp)
            assert own.kept_of(within).words[KEY]["professional"]["nl"] == f"{MINE}!"
            raise RuntimeError
    except RuntimeError:
        pass
    assert own.kept_of(before).words[KEY]["professional"]["nl"] == MINE


def test_whose_house_it_is_is_said_per_request(veldzicht: Organisation, lead: Actor, now: datetime) -> None:
    word_text(lead, NewText(PLACE, MINE, 0), now)
    mine = House(veldzicht.id, Organisation.objects.get().own_stamp)
    child = uuid4()
    about_child(child, mine)
    assert house_read() is None
    with reading(Reading(own.kept_of, None, child)) as one:
        assert house_read() is None
        about_child(uuid4(), mine)
        assert one.kept is None
        about_child(child, mine)
        assert text(KEY, "professional", "nl") == MINE
    with reading(Reading(own.kept_of, House(veldzicht.id, None))):
        assert house_read() is None
    assert text(KEY, "professional", "nl") != MINE


def test_an_actor_comes_with_the_stamp_of_where_it_works(
    veldzicht: Organisation, lead: Actor, now: datetime
) -> None:
    from kindzorg.careteam.models import Grant as Row
    from kindzorg.people.actions import NewProfessional, register_professional
    from kindzorg.people.rules import Qualification

    user = register_user(SYSTEM, "jelle", "Jelle", now)
    register_professional(
        SYSTEM, NewProfessional("Jelle", veldzicht.id, Qualification.NURSE, user_id=user.id), now
    )
    Row.objects.create(
        user_id=user.id,
        role=Role.EMPLOYEE,
        scope=Scope.ORGANISATION,
        scope_id=veldzicht.id,
        starts=now.date(),
        created_at=now,
        opens_children=False,
    )
    assert actor_for(user).house == House(veldzicht.id, None)
    word_text(lead, NewText(PLACE, MINE, 0), now)
    assert actor_for(user).house == House(veldzicht.id, Organisation.objects.get().own_stamp)
