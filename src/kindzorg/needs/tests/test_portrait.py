"""Who the child is: two voices beside each other, earlier wordings, and for whom it is."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from kindzorg.access import policy
from kindzorg.access.ages import birthday
from kindzorg.access.policy import Grant
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, Family, family_agrees
from kindzorg.core.errors import Conflict, Invalid, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.models import PortraitPiece
from kindzorg.needs.portrait import rules
from kindzorg.needs.portrait.actions import write_piece
from kindzorg.needs.portrait.queries import portrait_for
from kindzorg.needs.portrait.rules import NewPiece, Piece, PortraitTopic, PortraitVoice, TopicView
from kindzorg.people.actions import NewRelative, register_relative
from kindzorg.people.models import User
from kindzorg.people.rules import Relation

LIKES, FIRST = PortraitTopic.LIKES, PortraitTopic.FIRST
CHILD, PARENT = PortraitVoice.CHILD, PortraitVoice.PARENT


# --- rules -------------------------------------------------------------------------------------------------


def piece(words: str, voice: PortraitVoice = CHILD, revision: int = 1) -> Piece:
    return Piece(LIKES, voice, revision, words, "Noor", "", NOW)


def test_the_newest_of_each_voice_counts_and_the_childs_own_words_stand_first() -> None:
    old, new, mother = piece("paarden"), piece("honden", revision=2), piece("tekenen", PARENT)
    view = next(one for one in rules.portrait([mother, old, new], with_earlier=True) if one.topic == LIKES)
    assert view == TopicView(LIKES, (new, mother), (old,))
    hidden = rules.portrait([mother, old, new], with_earlier=False)
    assert [one.topic for one in hidden] == list(PortraitTopic)
    assert next(one for one in hidden if one.topic == LIKES).earlier == ()


def test_what_was_taken_away_is_an_earlier_wording() -> None:
    old, gone = piece("paarden"), piece("", revision=2)
    view = next(one for one in rules.portrait([old, gone], with_earlier=True) if one.topic == LIKES)
    assert view == TopicView(LIKES, (), (old,))


@pytest.mark.parametrize(
    ("new", "newest", "error"),
    [
        (NewPiece(LIKES, " "), None, Invalid),
        (NewPiece(LIKES, " ", 2), piece("", revision=2), Invalid),
        (NewPiece(LIKES, "x" * 301), None, Invalid),
        (NewPiece(LIKES, "honden", 1), piece("paarden", revision=2), Conflict),
        (NewPiece(LIKES, "honden"), None, None),
        (NewPiece(LIKES, "", 1), piece("paarden"), None),
    ],
)
def test_what_may_be_written(new: NewPiece, newest: Piece | None, error: type[Exception] | None) -> None:
    if error is None:
        rules.check(new, newest)
        return
    with pytest.raises(error):
        rules.check(new, newest)


@pytest.mark.parametrize("role", [*Role, None])
def test_a_child_speaks_as_itself_and_everybody_else_as_a_parent(role: Role | None) -> None:
    own = role in (Role.CHILD, Role.YOUNG_PERSON)
    assert rules.voice_of(role) == (CHILD if own else PARENT)


# --- actions -----------------------------------------------------------------------------------------------


@pytest.fixture
def family(db: None, monkeypatch: pytest.MonkeyPatch) -> Family:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    return Family(birthday(TODAY, -9))


def tell(family: Family, who: str, words: str, revision: int = 0) -> PortraitPiece:
    return write_piece(*family.as_(who), NewPiece(LIKES, words, revision), NOW)


def likes(family: Family, who: str) -> TopicView:
    return next(one for one in portrait_for(*family.as_(who), TODAY) if one.topic == LIKES)


def test_child_and_mother_tell_side_by_side(family: Family) -> None:
    tell(family, "mother", "Schommelen.")
    assert str(tell(family, "child", " Paarden. ")) == "likes by child, 1"
    assert [(one.voice, one.words) for one in likes(family, "nurse").pieces] == [
        (CHILD, "Paarden."),
        (PARENT, "Schommelen."),
    ]
    events = AuditLine.objects.filter(child_id=family.id, event="portrait.written")
    assert events.count() == 2 and "Paarden" not in str(events.values_list("detail"))


def test_a_better_wording_keeps_the_earlier_for_who_may_write(family: Family) -> None:
    tell(family, "mother", "Schommelen.")
    tell(family, "mother", "Water.", 1)
    assert [one.words for one in likes(family, "mother").earlier] == ["Schommelen."]
    assert likes(family, "nurse").earlier == () and likes(family, "nurse").pieces[0].words == "Water."
    with pytest.raises(Conflict) as lost:
        tell(family, "mother", "Zand.", 1)
    assert (lost.value.data["theirs"], lost.value.data["mine"]) == ("Water.", "Zand.")
    tell(family, "mother", "", 2)
    assert likes(family, "nurse").pieces == ()


def test_professionals_do_not_write_it_and_a_coach_does_for_a_holder_alone(family: Family) -> None:
    for who in ("nurse", "doctor"):
        with pytest.raises(Refused):
            tell(family, who, "Iets.")
    actor, subject = family.as_("second")
    coach = replace(actor, grants=(Grant(Role.CARE_COACH, Scope.CHILD, family.id, TODAY),))
    with pytest.raises(Refused):
        write_piece(coach, subject, NewPiece(LIKES, "Iets."), NOW)
    visiting = replace(coach, on_behalf_of="Moeder", speaks_as=Role.AUTHORITY_HOLDER)
    row = write_piece(visiting, subject, NewPiece(LIKES, "Iets."), NOW)
    assert (row.voice, row.by, row.on_behalf_of) == (PARENT, "second", "Moeder")


def test_a_parent_without_authority_reads_and_does_not_write(family: Family) -> None:
    account = family.world.account("Vader")
    father = register_relative(JOB, family.born, NewRelative("Vader", Relation.FATHER, account.id), NOW)
    add_member(JOB, family.born, NewMember(Role.PARENT_WITHOUT_AUTHORITY, relative_id=father.id), NOW)
    family_agrees(family.born)
    family.accounts["father"] = account
    tell(family, "mother", "Schommelen.")
    assert likes(family, "father").pieces
    with pytest.raises(Refused):
        tell(family, "father", "Iets.")


@pytest.mark.parametrize("domain", LifeDomain)
def test_it_is_there_for_who_sees_the_social_domain(family: Family, domain: LifeDomain) -> None:
    actor, subject = family.as_("second")
    grant = Grant(Role.SCHOOL, Scope.CHILD, family.id, TODAY, domains=frozenset({domain}))
    narrow = replace(actor, grants=(grant,))
    assert policy.may(narrow, "portrait.read", subject, TODAY) == (domain == LifeDomain.SOCIAL)
    if domain != LifeDomain.SOCIAL:
        with pytest.raises(Refused):
            portrait_for(narrow, subject, TODAY)


def test_a_wording_is_frozen_and_its_words_stand_encrypted(family: Family) -> None:
    row = tell(family, "mother", "Schommelen.")
    rows = PortraitPiece.objects.filter(id=row.id)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(by="Een ander")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    assert "Schommelen" not in str(rows.values_list("words", flat=True)[0])


# --- pages -------------------------------------------------------------------------------------------------


def browser(family: Family, who: str) -> Client:
    found = Client()
    found.force_login(User.objects.get(id=family.accounts[who].id))
    return found


def at(family: Family, who: str, name: str, *args: Any, status: int = 200, **data: Any) -> str:
    url = reverse(name, args=[family.id, *args])
    answer = browser(family, who).post(url, data) if data else browser(family, who).get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_child_tells_in_its_own_words_and_the_team_reads(family: Family) -> None:
    assert "Wat vind je fijn of leuk?" in at(family, "child", "portrait_write", "likes")
    at(family, "child", "portrait_write", "likes", status=302, words="Paarden.", revision="0")
    page = at(family, "nurse", "portrait")
    assert "Paarden." in page and "Wat Sterre fijn vindt" in page and "Vertel iets" not in page
    assert "Wat ik fijn vind" in at(family, "child", "portrait")
    assert "Paarden." in at(family, "doctor", "portrait_paper")
    assert AuditLine.objects.filter(event="portrait.printed").count() == 1
    at(family, "nurse", "portrait_write", "likes", status=404)
    at(family, "child", "portrait_write", "nothing", status=404)


def test_nothing_told_is_said_and_asked_of_who_may_tell(family: Family) -> None:
    assert "nog niets verteld" in at(family, "nurse", "portrait")
    page = at(family, "mother", "portrait")
    assert page.count("Vertel iets") == len(PortraitTopic) and "Wat troost Sterre?" in page
    assert "Schrijf op wat u wilt vertellen" in at(
        family, "mother", "portrait_write", "likes", words="", revision="0"
    )


def test_a_lost_race_shows_both_texts(family: Family) -> None:
    tell(family, "mother", "Schommelen.")
    tell(family, "mother", "Water.", 1)
    page = at(family, "mother", "portrait_write", "likes", words="Zand.", revision="1")
    assert "Water." in page and "Zand." in page and "intussen gewijzigd" in page and 'value="2"' in page
    at(family, "mother", "portrait_write", "likes", status=302, words="Zand.", revision="2")
    assert likes(family, "nurse").pieces[0].words == "Zand."
    assert "Water." in at(family, "mother", "portrait")


def test_the_same_words_again_make_nobody_else_their_author(family: Family) -> None:
    tell(family, "mother", "Schommelen.")
    at(family, "mother", "portrait_write", "likes", status=302, words="Schommelen.", revision="1")
    assert PortraitPiece.objects.count() == 1


def test_a_full_sheet_is_set_smaller(family: Family) -> None:
    for topic in PortraitTopic:
        for who in ("child", "mother"):
            write_piece(*family.as_(who), NewPiece(topic, "Water en zand. " * 19), NOW)
    assert "kz-poster--full" in at(family, "mother", "portrait_paper")


def test_the_start_pages_lead_there_and_the_copy_holds_it(family: Family) -> None:
    tell(family, "mother", "Schommelen.")
    tell(family, "mother", "Water.", 1)
    for who in ("child", "mother", "nurse"):
        assert reverse("portrait", args=[family.id]) in at(family, who, "child_start")
    answer = browser(family, "mother").post(reverse("child_copy", args=[family.id]))
    with ZipFile(BytesIO(answer.content)) as taken:
        told = taken.read("gegevens/portrait.json").decode()
    assert "Water." in told and "Schommelen." in told


def test_after_a_later_day_it_says_when(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(family, "mother", "Schommelen.")
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW + timedelta(days=1))
    assert "gisteren" in at(family, "nurse", "portrait")
