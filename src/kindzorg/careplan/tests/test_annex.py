"""The palliative annex: who begins, who reads, what is agreed and when it is firm, and what shows outside."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kindzorg.access.roles import Role
from kindzorg.careplan.adoption.queries import deciders_for
from kindzorg.careplan.annex import actions, queries, rules
from kindzorg.careplan.annex.actions import TreatmentSaid
from kindzorg.careplan.annex.models import AnnexPiece, AnnexWord, TreatmentAgreement
from kindzorg.careplan.annex.rules import (
    AnnexQuestion,
    AnnexTopic,
    AnnexVoice,
    NewAnnexPiece,
    NewTreatment,
    TreatmentChoice,
    TreatmentKind,
    TreatmentState,
)
from kindzorg.careplan.talks.rules import NewTalk, TalkKind
from kindzorg.careplan.versions.rules import SignedHow
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.queries import child_for
from kindzorg.core.errors import DomainError, Refused
from kindzorg.core.ids import new_id
from kindzorg.journey.waiting import waiting_in
from kindzorg.notices.models import Notice
from kindzorg.people.models import Child

from .conftest import NOW, SYSTEM, World, build
from .doors import client, get, post, url
from .test_proposals_seen import narrowed

pytestmark = pytest.mark.django_db
TEENAGER = date(2013, 5, 1)
WORDS = "Buiten in de zon met de hond."


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A plan in force of a child under 12, on a fixed day."""
    made = build()
    made.in_force()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    yield made


def begun(world: World) -> World:
    world.do("doctor", actions.say_on_beginning, True)
    world.do("mother", actions.say_on_beginning, True)
    return world


def treats(
    world: World, kind: TreatmentKind = TreatmentKind.RESUSCITATION, **parts: Any
) -> TreatmentAgreement:
    on = world.moment.date()
    given = {
        "choice": TreatmentChoice.DO_NOT,
        "why": "Het helpt haar niet meer.",
        "discussed_with": "beide ouders",
        "discussed_on": on,
        "valid_from": on,
        **parts,
    }
    found: TreatmentAgreement = world.do("doctor", actions.write_treatment, NewTreatment(kind=kind, **given))
    return found


def says(world: World, who: str, words: str = WORDS, **parts: Any) -> AnnexPiece:
    given = {"topic": AnnexTopic.GOOD_DAY, "voice": AnnexVoice.PARENT, **parts}
    found: AnnexPiece = world.do(who, actions.write_annex_piece, NewAnnexPiece(words=words, **given))
    return found


def state(world: World, who: str = "doctor") -> TreatmentState:
    actor, subject = world.as_(who)
    found = queries.annex_for(actor, subject, world.moment.date())
    return queries.treatments_for(actor, subject, found.words, world.moment.date())[0].state


def refuses(code: str, done: Any, *given: Any, **named: Any) -> None:
    with pytest.raises(DomainError) as caught:
        done(*given, **named)
    assert caught.value.code == code


def test_it_begins_when_both_sides_want_it_and_stops_when_the_family_says_so(world: World) -> None:
    assert "Palliatieve zorg is zorg" in get(world, "mother", "annex")
    refuses("annex_not_open", says, world, "mother")
    world.do("mother", actions.say_on_beginning, True)
    assert "Nu wacht het op de kinderarts" in get(world, "mother", "annex")
    assert Notice.objects.filter(kind="annex_asked", recipient=world.users["doctor"]).exists()
    post(world, "doctor", "annex_begin", answer="yes")
    assert "Wat voor ons telt" in get(world, "mother", "annex")
    world.do("father", actions.say_on_beginning, False)
    assert "U wilt dit nu niet" in get(world, "mother", "annex")
    world.do("mother", actions.say_on_beginning, True)  # The father's no stands.
    actor, subject = world.as_("mother")
    assert queries.annex_for(actor, subject, world.moment.date()).standing.stopped
    refuses("annex_not_open", says, world, "mother")


def told(world: World, who: str, kind: str = "annex_asked") -> int:
    return Notice.objects.filter(kind=kind, recipient=world.users[who], way="in_app").count()


def test_who_can_answer_is_told_and_not_who_may_not_read_it(world: World) -> None:
    subject = world.as_("nurse")[1]
    guide = NewMember(Role.CASE_MANAGER, professional_id=world.professionals["colleague"])
    add_member(SYSTEM, subject, guide, NOW)
    narrowed(world, "colleague", "all")
    narrowed(world, "doctor", "medical")
    world.do("mother", actions.say_on_beginning, True)
    assert (told(world, "doctor"), told(world, "gp"), told(world, "colleague")) == (0, 0, 1)
    narrowed(world, "doctor", "all")
    world.do("doctor", actions.say_on_beginning, True)
    one = treats(world)
    world.do("mother", actions.answer_treatment, one.id, TreatmentSaid(False, "Nog niet."))
    heard = [told(world, who, "annex_answered") for who in ("doctor", "gp", "colleague")]
    assert heard == [1, 0, 1]
    # What was told before is no way to a page that is not there.
    assert "Er is een antwoord opgeschreven" in client(world, "doctor").get("/notices").content.decode()
    narrowed(world, "doctor", "medical")
    get(world, "doctor", "annex", status=404)
    assert "Er is een antwoord opgeschreven" not in client(world, "doctor").get("/notices").content.decode()
    narrowed(world, "colleague", "medical")
    world.do("mother", actions.answer_treatment, one.id, TreatmentSaid(False, "Nog niet."))
    assert told(world, "colleague", "annex_answered") == 1  # Now nobody is left to be told.


def test_a_side_is_asked_once_and_a_family_that_said_no_is_not_asked(world: World) -> None:
    for _ in range(2):
        world.do("doctor", actions.say_on_beginning, True)
    assert told(world, "mother") == 1
    world.do("mother", actions.say_on_beginning, True)
    world.do("father", actions.say_on_beginning, True)
    assert told(world, "doctor") == 1
    treats(world)
    world.do("father", actions.say_on_beginning, False)
    world.do("mother", actions.say_on_beginning, True)  # The father's no stands.
    assert told(world, "doctor") == 1
    world.do("doctor", actions.say_on_beginning, False)
    world.do("doctor", actions.say_on_beginning, True)
    assert told(world, "mother") == 1 == told(world, "father")
    assert waits(world, "mother") == [] == waits(world, "doctor")
    world.do("father", actions.say_on_beginning, True)
    assert told(world, "doctor") == 2
    assert waits(world, "mother") == ["annex_to_answer"]


@pytest.mark.parametrize("who", ["teacher", "aunt", "child"])
def test_who_may_not_read_it_does_not_learn_that_it_is_there(world: World, who: str) -> None:
    begun(world)
    says(world, "mother")
    treats(world)
    for name, *keys in (("annex",), ("annex_treatments",), ("annex_part", "matters"), ("annex_pdf",)):
        get(world, who, name, *keys, status=404)
    assert post(world, who, "annex_begin", answer="yes").status_code == 404
    for page in ("plan", "child_start", "child_trail", "child_news", "notices"):
        where = "/notices" if page == "notices" else url(world, page)
        answer = client(world, who).get(where)
        if answer.status_code == 200:
            shown = answer.content.decode().lower()
            assert not [word for word in ("palliatie", "vooruitkijken", "/annex") if word in shown], page


def test_a_child_under_12_and_a_coach_read_along_by_the_familys_word_alone(world: World) -> None:
    begun(world)
    assert "annex" not in get(world, "child", "plan")
    world.do("father", actions.choose, AnnexQuestion.CHILD, True)
    assert "Samen vooruitkijken" in get(world, "child", "plan")
    get(world, "child", "annex")
    get(world, "child", "annex_write", "body", "child", status=404)
    world.do("mother", actions.choose, AnnexQuestion.CHILD, False)
    get(world, "child", "annex", status=404)
    world.do("mother", actions.choose, AnnexQuestion.CHILD, True)
    get(world, "child", "annex")
    world.do("mother", actions.say_on_beginning, False)
    get(world, "child", "annex", status=404)


def test_each_parent_speaks_for_itself_and_earlier_words_stay(world: World) -> None:
    begun(world)
    says(world, "mother")
    says(world, "father", "Dat ze lacht.")
    says(world, "father", "Het was mooi.", voice=AnnexVoice.TOGETHER)
    says(world, "mother", "Naar zee.", revision=1)
    page = get(world, "father", "annex_part", "matters")
    for words in (WORDS, "Naar zee.", "Dat ze lacht.", "Samen gezegd, opgeschreven door"):
        assert words in page
    assert page.index("Naar zee.") < page.index(WORDS)
    refuses("annex_changed", says, world, "mother", "nog eens", revision=1)
    refuses("annex_says_nothing", says, world, "mother", " ", topic=AnnexTopic.HOPE)
    refuses("annex_too_long", says, world, "mother", "x" * 2001, topic=AnnexTopic.HOPE)
    refuses("annex_other_voice", says, world, "nurse", topic=AnnexTopic.EXPECTATION, voice=AnnexVoice.CARE)
    says(world, "doctor", "Maanden.", topic=AnnexTopic.EXPECTATION, voice=AnnexVoice.CARE)
    says(world, "mother", "", revision=2)
    assert "Naar zee." in get(world, "father", "annex_part", "matters")


def test_not_wanting_to_speak_of_it_is_an_answer(world: World) -> None:
    begun(world)
    where = ("annex_write", "place_dying", "together")
    assert "Hier willen wij nu niet over praten" in get(world, "mother", *where)
    assert post(world, "mother", *where, words="", revision="0", skip="1").status_code == 302
    assert AnnexPiece.objects.get().skipped
    assert "1 van 8 opgeschreven" in get(world, "mother", "annex")
    assert "Hier willen wij nu niet over praten." in get(world, "doctor", "annex_part", "wishes")
    shown = post(world, "mother", "annex_write", "hope", "parent", words="", revision="0").content.decode()
    assert "Schrijf iets op" in shown


def test_a_form_that_is_late_keeps_what_was_typed(world: World) -> None:
    begun(world)
    says(world, "mother", voice=AnnexVoice.TOGETHER)
    typed = {"words": "Mijn eigen zin.", "revision": "0"}
    shown = post(world, "father", "annex_write", "good_day", "together", **typed).content.decode()
    assert "Mijn eigen zin." in shown and WORDS in shown
    assert (
        post(world, "father", "annex_write", "good_day", "together", words="x", revision="1").status_code
        == 302
    )


def test_an_agreement_is_firm_when_everybody_who_must_agree_did(world: World) -> None:
    begun(world)
    one = treats(world)
    assert state(world) == TreatmentState.TO_CONFIRM
    assert "Nog niet bevestigd" in get(world, "doctor", "annex")
    world.do("mother", actions.answer_treatment, one.id, TreatmentSaid(True))
    assert state(world) == TreatmentState.TO_CONFIRM
    refuses("treatment_no_why", world.do, "father", actions.answer_treatment, one.id, TreatmentSaid(False))
    world.do("father", actions.answer_treatment, one.id, TreatmentSaid(False, "Nog niet."))
    assert state(world) == TreatmentState.DISAGREED
    post(world, "father", "annex_treatment_answer", one.id, answer="yes", reason="")
    assert state(world) == TreatmentState.CONFIRMED
    again = treats(world, why="Zo blijft het.", revision=1)
    assert state(world) == TreatmentState.TO_CONFIRM
    assert "Wat er eerder stond" in get(world, "mother", "annex_treatments")
    refuses("treatment_changed", treats, world, revision=1)
    refuses("treatment_not_found", world.do, "mother", actions.answer_treatment, one.id, TreatmentSaid(True))
    said = TreatmentSaid(True, "", world.relatives["mother"], SignedHow.TELEPHONE, world.moment.date())
    world.do("doctor", actions.hear_treatment, again.id, said)
    assert "gehoord en opgeschreven door" in get(world, "mother", "annex_treatments")
    early = replace(said, said_on=world.moment.date() - timedelta(days=2))
    refuses("treatment_heard_day", world.do, "doctor", actions.hear_treatment, again.id, early)
    stranger = replace(said, relative_id=new_id())
    refuses("not_asked_to_agree", world.do, "doctor", actions.hear_treatment, again.id, stranger)


def test_from_12_the_child_agrees_too_and_from_16_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    world = build(TEENAGER)
    world.draft()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: world.moment)
    begun(world)
    one = treats(world)
    assert len(one.asked) == 3
    for who in ("mother", "father"):
        world.do(who, actions.answer_treatment, one.id, TreatmentSaid(True))
    assert state(world) == TreatmentState.TO_CONFIRM
    world.do("child", actions.answer_treatment, one.id, TreatmentSaid(True))
    assert state(world) == TreatmentState.CONFIRMED
    says(world, "child", "Ik wil thuis zijn.", voice=AnnexVoice.CHILD)
    assert "Ik wil thuis zijn." in get(world, "child", "annex_part", "matters")
    Child.objects.filter(id=world.child_id).update(birth_date=date(2010, 1, 1))
    get(world, "mother", "annex", status=404)
    new = treats(world, revision=1)
    assert [one["relative_id"] for one in new.asked] == [""]
    world.do("child", actions.answer_treatment, new.id, TreatmentSaid(True))
    assert state(world) == TreatmentState.CONFIRMED


def test_what_is_not_whole_is_not_written(world: World) -> None:
    begun(world)
    on = world.moment.date()
    refuses("treatment_needs_whom", treats, world, discussed_with=" ")
    refuses("treatment_needs_day", treats, world, discussed_on=on + timedelta(days=1))
    refuses("treatment_needs_day", treats, world, discussed_on=None)
    refuses("treatment_needs_why", treats, world, why="")
    refuses("treatment_review_later", treats, world, review_on=on)
    refuses("treatment_needs_name", treats, world, TreatmentKind.OTHER)
    refuses("treatment_not_found", treats, world, TreatmentKind.OTHER, name="Stent", entry_id=new_id())
    own = treats(world, TreatmentKind.OTHER, name="Een stent")
    treats(world, TreatmentKind.OTHER, name="Een stent", entry_id=own.entry_id, revision=1)
    spoken = treats(world, TreatmentKind.BLOOD, choice=TreatmentChoice.NOT_SPOKEN, discussed_with="")
    refuses(
        "treatment_not_found", world.do, "mother", actions.answer_treatment, spoken.id, TreatmentSaid(True)
    )
    get(world, "mother", "annex_treatment_answer", spoken.id, status=404)
    typed = {"choice": "do", "why": "", "discussed_with": "", "valid_from": str(on), "revision": "0"}
    shown = post(world, "doctor", "annex_treatment_write", "surgery", **typed).content.decode()
    assert "Schrijf op met wie het is besproken." in shown
    typed |= {"discussed_with": "moeder", "discussed_on": str(on)}
    assert post(world, "doctor", "annex_treatment_write", "surgery", **typed).status_code == 302
    stale = post(world, "doctor", "annex_treatment_write", "surgery", **typed).content.decode()
    assert "intussen opnieuw" in stale and "moeder" in stale
    assert "Iets anders" in get(world, "doctor", "annex_treatment_write", "other")
    get(world, "doctor", "annex_treatment_write", "nothing", status=404)
    get(world, "doctor", "annex_part", "nothing", status=404)
    assert client(world, "nurse").get(url(world, "annex_treatment_write", "blood")).status_code == 404


def test_talks_and_the_next_look(world: World) -> None:
    begun(world)
    on = world.moment.date()
    refuses("talk_needs_whom", world.do, "doctor", actions.write_talk, NewTalk(TalkKind.HELD, on))
    soon = on + timedelta(days=3)
    refuses("talk_not_yet", world.do, "doctor", actions.write_talk, NewTalk(TalkKind.HELD, soon, "ouders"))
    refuses("talk_over", world.do, "doctor", actions.write_talk, NewTalk(TalkKind.REVISION, on))
    long = NewTalk(TalkKind.HELD, on, "x" * 201)
    refuses("annex_too_long", world.do, "doctor", actions.write_talk, long)
    world.do("doctor", actions.write_talk, NewTalk(TalkKind.HELD, on, "beide ouders", "Over thuis zijn."))
    world.do("mother", actions.write_talk, NewTalk(TalkKind.PLANNED, soon, "de dokter"))
    world.do("doctor", actions.write_talk, NewTalk(TalkKind.REVISION, soon))
    page = get(world, "mother", "annex")
    assert "Over thuis zijn." in page and "Alles opnieuw bekijken op" in page
    typed = {"kind": "held", "on": str(on), "with_whom": "", "words": ""}
    assert "Schrijf op met wie." in post(world, "doctor", "annex_talk", **typed).content.decode()
    assert post(world, "doctor", "annex_talk", **{**typed, "with_whom": "vader"}).status_code == 302
    assert waits(world, "doctor") == []
    world.moment += timedelta(days=4)
    assert waits(world, "doctor") == ["annex_to_look"]
    assert "Het is tijd om alles opnieuw te bekijken" in get(world, "doctor", "annex")


def waits(world: World, who: str) -> list[str]:
    actor = world.actor(who)
    opened = [queries_child(world, who)]
    return [one.kind for one in waiting_in(queries.annex_rows_for(actor, opened, world.moment.date()))]


def queries_child(world: World, who: str) -> Any:
    return child_for(world.actor(who), world.child_id, world.moment.date())


def test_what_waits_says_nothing_and_ends_with_an_answer(world: World) -> None:
    begun(world)
    treats(world, TreatmentKind.BLOOD, choice=TreatmentChoice.NOT_SPOKEN)
    assert waits(world, "mother") == []
    one = treats(world)
    assert waits(world, "mother") == ["annex_to_answer"] == waits(world, "father")
    world.do("mother", actions.answer_treatment, one.id, TreatmentSaid(True))
    assert waits(world, "mother") == []
    world.do("mother", actions.say_on_beginning, False)
    assert waits(world, "father") == []


def test_who_is_not_asked_cannot_answer_and_who_decides_since_can(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(world)
    one = treats(world)
    with transaction.atomic(), pytest.raises(Refused):
        world.do("nurse", actions.answer_treatment, one.id, TreatmentSaid(True))
    row = TreatmentAgreement.objects.get(id=one.id)
    TreatmentAgreement.objects.bulk_create([replace_row(row, asked=[], kind=TreatmentKind.SURGERY)])
    new = TreatmentAgreement.objects.get(kind=TreatmentKind.SURGERY)
    world.do("mother", actions.answer_treatment, new.id, TreatmentSaid(False, "Nee."))
    actor, subject = world.as_("doctor")
    found = queries.annex_for(actor, subject, world.moment.date())
    states = {
        one.kind: one.state
        for one in queries.treatments_for(actor, subject, found.words, world.moment.date())
    }
    assert states[TreatmentKind.SURGERY] == TreatmentState.DISAGREED
    nobody = replace(deciders_for(actor, subject, world.moment.date()), must_agree=())
    monkeypatch.setattr(actions, "deciders_for", lambda *given: nobody)
    refuses("not_asked_to_agree", world.do, "mother", actions.answer_treatment, new.id, TreatmentSaid(True))


def replace_row(row: TreatmentAgreement, **changed: Any) -> TreatmentAgreement:
    key = new_id()
    values = {one.attname: getattr(row, one.attname) for one in TreatmentAgreement._meta.concrete_fields}
    return TreatmentAgreement(**{**values, "id": key, "entry_id": key, **changed})


def test_the_rows_are_frozen_and_the_words_encrypted(world: World) -> None:
    begun(world)
    says(world, "mother")
    treats(world)
    for table in (AnnexPiece, AnnexWord, TreatmentAgreement):
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.update(by="x")
    with connection.cursor() as asked:
        asked.execute("SELECT words FROM careplan_annexpiece")
        assert WORDS not in str(asked.fetchall())


def test_the_voices_of_each_role() -> None:
    assert rules.voices_for(Role.CHILD, AnnexTopic.HOPE) == (AnnexVoice.CHILD,)
    assert rules.voices_for(Role.PAEDIATRIC_NURSE, AnnexTopic.EXPECTATION) == ()
    assert AnnexVoice.CARE in rules.voices_for(Role.PAEDIATRIC_NURSE, AnnexTopic.CALL_DAY)
    assert AnnexVoice.CARE not in rules.voices_for(Role.PAEDIATRICIAN, AnnexTopic.HOPE)
