"""Reports and the family's daybook: who writes, who reads, what stays, and what goes."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions as plan
from kindzorg.careplan.models import Agreement, Goal
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind
from kindzorg.careplan.reports import actions, queries, rules
from kindzorg.careplan.reports.models import Report
from kindzorg.careplan.reports.rules import Asked, Discipline, NewReport, Reach
from kindzorg.careteam.queries import child_for
from kindzorg.careteam.rules import HidesFrom, daybook_key
from kindzorg.core.errors import DomainError, Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.journey.waiting import waiting_in
from kindzorg.record.files.models import Attachment
from kindzorg.record.files.rules import prepared
from kindzorg.record.tests.test_files import of_a_telephone
from kindzorg.referral.tests.conftest import counted

from .conftest import World, build, sign
from .doors import client, get, post, url
from .test_proposals_seen import narrowed
from .test_reviews import few

pytestmark = pytest.mark.django_db
TEENAGER = date(2013, 5, 1)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A girl of thirteen with a plan in force, on a fixed day."""
    made = build(TEENAGER)
    made.draft(1, 1)
    made.agree()
    sign(made, "child", 1)
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    yield made


def writes(world: World, who: str, words: str = "Ze sliep door.", **parts: Any) -> UUID:
    given = {"happened_at": world.moment, **parts}
    found: UUID = world.do(who, actions.write_report, NewReport(words=words, **given))
    return found


def reads(world: World, who: str, **asked: Any) -> list[str]:
    actor, subject = world.as_(who)
    found, _more = queries.reports_for(actor, subject, Asked(**asked), world.moment.date())
    return [one.words for one in found]


def photo() -> tuple[Any, str]:
    return prepared(of_a_telephone(), 1), "Een rood vlak"


def goal_id(world: World) -> UUID:
    return Goal.objects.values_list("id", flat=True).get(child_id=world.child_id)


def test_everybody_around_the_child_writes_and_reads(world: World) -> None:
    for who in ("nurse", "doctor", "mother", "child"):
        writes(world, who, f"van {who}", domain=LifeDomain.MEDICAL)
    said = [f"van {who}" for who in ("child", "mother", "doctor", "nurse")]
    for who in ("nurse", "mother", "father", "child"):
        assert reads(world, who) == said
    line = AuditLine.objects.filter(event="report.written").first()
    assert line and "van" not in str(line.detail) and line.permission == "report.write"
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM careplan_report")
        assert "van" not in str(cursor.fetchall())


def test_the_family_writes_for_itself_alone(world: World) -> None:
    entry = writes(world, "mother", "Ik ben moe.", reach=Reach.FAMILY)
    assert reads(world, "father") == reads(world, "child") == ["Ik ben moe."]
    assert reads(world, "nurse") == []
    lines = AuditLine.objects.filter(event="report.written").values_list("object_id", flat=True)
    assert list(lines) == [daybook_key(world.child_id)]
    get(world, "nurse", "report", entry, status=404)
    assert "Alleen voor het gezin" in get(world, "mother", "report", entry)
    with pytest.raises(Refused):
        writes(world, "nurse", reach=Reach.FAMILY)


def test_who_sees_a_part_reads_the_own(world: World) -> None:
    writes(world, "nurse", "van de nacht")
    narrowed(world, "teacher", "development")
    with pytest.raises(Refused):
        writes(world, "teacher", "zonder leefdomein kan het over alles gaan")
    writes(world, "teacher", "Zij las voor.", domain=LifeDomain.DEVELOPMENT)
    assert reads(world, "teacher") == ["Zij las voor."]
    assert Report.objects.get(domain=LifeDomain.DEVELOPMENT).ground == Ground.SCHOOL
    assert reads(world, "nurse", discipline=Discipline.SCHOOL) == ["Zij las voor."]


def test_by_discipline_goal_and_day(world: World) -> None:
    goal, day = goal_id(world), world.moment.date()
    earlier = world.moment - timedelta(days=9)
    writes(world, "nurse", "bij het doel", goal_id=goal)
    writes(world, "mother", "eerder", happened_at=earlier)
    assert reads(world, "father", about_id=goal) == ["bij het doel"]
    assert reads(world, "father", discipline=Discipline.FAMILY) == ["eerder"]
    assert reads(world, "father", since=day) == ["bij het doel"]
    assert reads(world, "father", until=earlier.date()) == ["eerder"]
    assert reads(world, "father", until=date.max, since=date.min) == ["bij het doel", "eerder"]
    assert reads(world, "father", page=2) == []
    (one,), _ = queries.reports_for(*world.as_("mother"), Asked(about_id=goal), day)
    assert one.goal_id == goal and one.about and one.discipline is Discipline.NURSING


def test_a_correction_is_a_new_row_and_only_ones_own(world: World) -> None:
    entry = writes(world, "nurse", "38,5 graden", attachment=photo())
    writes(world, "nurse", "37,5 graden", corrects=entry)
    assert reads(world, "mother") == ["37,5 graden"] and Report.objects.count() == 2
    now, (before,) = queries.report_for(*world.as_("mother"), entry, world.moment.date())
    assert (before.words, now.corrected, before.corrected) == ("38,5 graden", True, False)
    assert now.attachment and now.attachment.alt == "Een rood vlak"
    for who, key in (("mother", entry), ("nurse", new_id())):
        with pytest.raises(Missing):
            writes(world, who, corrects=key)
    for change in (lambda: Report.objects.update(by="x"), Report.objects.first().delete):  # type: ignore[union-attr]
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"words": "  "}, "report_says_nothing"),
        ({"words": "x" * 5001}, "report_too_long"),
        ({"days": 400}, "report_other_time"),
        ({"days": -1}, "report_other_time"),
        ({"goal_id": new_id(), "agreement_id": new_id()}, "report_about_two"),
    ],
)
def test_what_cannot_be_a_report_is_refused(world: World, wrong: dict[str, Any], code: str) -> None:
    days = wrong.pop("days", 0)
    with pytest.raises(Invalid) as refused:
        writes(world, "nurse", happened_at=world.moment - timedelta(days=days), **wrong)
    assert refused.value.code == code


def test_what_is_not_in_the_plan_cannot_be_written_about(world: World) -> None:
    for who in ("nurse", "teacher"):
        with pytest.raises(Missing):
            writes(world, who, goal_id=new_id(), domain=LifeDomain.DEVELOPMENT)


def test_disciplines_hold_every_role_that_writes() -> None:
    assert rules.discipline_of(Role.GP) is Discipline.MEDICAL
    assert rules.discipline_of(Role.AUDITOR) is Discipline.GUIDANCE
    assert rules.ground_of(None) is Ground.WGBO


def test_a_child_from_12_keeps_the_own_entry_from_its_parents(world: World) -> None:
    entry, other = writes(world, "child", "geheim", attachment=photo()), writes(world, "mother", "van mij")
    world.do("child", actions.keep_report_from_parents, entry)
    assert reads(world, "mother") == ["van mij"] and "geheim" in reads(world, "nurse")
    kept = Attachment.objects.get()
    assert client(world, "mother").get(url(world, "attachment", kept.id)).status_code == 404
    assert client(world, "nurse").get(url(world, "attachment_small", kept.id)).status_code == 200
    with pytest.raises(DomainError):
        world.do("child", actions.keep_report_from_parents, other)


def test_a_professional_keeps_a_report_from_parents_with_a_reason(world: World) -> None:
    entry = writes(world, "doctor", "eerst praten")
    page = post(world, "doctor", "report_keep", entry, hides_from="parents", reason="")
    assert page.status_code == 200
    world.do("doctor", actions.keep_report_from, entry, (HidesFrom.PARENTS, "eerst praten"))
    assert reads(world, "mother") == [] and reads(world, "child") == ["eerst praten"]
    assert "te bevestigen" in get(world, "nurse", "report", entry)


def test_what_is_of_a_closed_domain_or_of_any_is_not_there(world: World) -> None:
    writes(world, "mother", "de hele dag")
    medical = writes(world, "mother", "koorts", domain=LifeDomain.MEDICAL, attachment=photo())
    writes(world, "mother", "speelde met Saar", domain=LifeDomain.SOCIAL)
    narrowed(world, "colleague", "social")
    assert reads(world, "colleague") == ["speelde met Saar"]
    actor, subject = world.as_("colleague")
    on = world.moment.date()
    assert queries.reports_seen(actor, subject, [medical], on) == frozenset()
    kept = Attachment.objects.get()
    assert queries.report_of_attachment(actor, subject, kept.id, on) is None
    get(world, "colleague", "report", medical, status=404)
    opened = child_for(actor, world.child_id, on)
    told = waiting_in(queries.report_news(actor, opened, world.moment - timedelta(days=1), on))
    assert [(one.kind, one.by) for one in told] == [("report_written", "Mother")]


def test_who_reads_no_reports_finds_none(world: World) -> None:
    writes(world, "mother", attachment=photo())
    actor, subject = world.as_("aunt")
    on, entry = world.moment.date(), Report.objects.get().id
    assert queries.reports_seen(actor, subject, [entry], on) == frozenset()
    assert queries.report_of_attachment(actor, subject, Attachment.objects.get().id, on) is None
    assert not queries.report_news(actor, child_for(actor, world.child_id, on), world.moment, on)
    get(world, "aunt", "reports", status=404)


# --- pages ---------------------------------------------------------------------------------------------------


def test_ten_seconds_on_a_telephone_words_a_photo_and_a_goal(world: World) -> None:
    chosen = SimpleUploadedFile("foto.jpg", of_a_telephone())
    form = get(world, "nurse", "report_write")
    assert 'enctype="multipart/form-data"' in form and "10 MB" in form
    typed = {"words": "Wond is droog.", "alt": "De wond", "file": chosen, "domain": "medical"}
    typed |= {"about": f"goal:{goal_id(world)}", "happened_at": f"{world.moment:%Y-%m-%dT%H:%M}"}
    answer = post(world, "nurse", "report_write", **typed)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    page = get(world, "mother", "reports")
    assert "Wond is droog." in page and 'alt="De wond"' in page
    assert f"about=goal%3A{goal_id(world)}" in get(world, "mother", "plan_goal", goal_id(world))


def test_bad_input_keeps_what_was_typed(world: World) -> None:
    start = {"domain": "day", "happened_at": f"{world.moment:%Y-%m-%dT%H:%M}", "reach": "team"}
    for wrong in (
        {"words": ""},
        {"happened_at": "gisteren"},
        {"about": "goal:x"},
        {"domain": "weer"},
        {"reach": "x"},
    ):
        answer = post(world, "mother", "report_write", **{"words": "Mooie dag", **start, **wrong})
        assert answer.status_code == 200, wrong
    late = post(
        world, "mother", "report_write", words="Mooie dag", **{**start, "happened_at": "2001-01-01T10:00"}
    )
    assert "Mooie dag" in late.content.decode() and "laatste jaar" in late.content.decode()
    for query in (
        "?page=x",
        "?page=99999999999999999999",
        "?discipline=x&about=goal:1&since=x",
        "?until=9999-12-31",
    ):
        assert client(world, "mother").get(url(world, "reports") + query).status_code == 200


def test_correcting_and_keeping_by_the_door(world: World) -> None:
    entry = writes(world, "child", "van mij")
    assert "van mij" in get(world, "child", "report_correct", entry)
    moment = f"{world.moment:%Y-%m-%dT%H:%M}"
    assert post(world, "child", "report_correct", entry, words="beter", happened_at=moment).status_code == 302
    get(world, "mother", "report_correct", entry, status=404)
    assert "Niet voor mijn ouders" in get(world, "child", "report", entry)
    assert post(world, "child", "report_keep", entry).status_code == 302
    assert post(world, "child", "report_keep", entry).status_code == 200
    get(world, "mother", "report_keep", entry, status=404)
    assert "beter" in get(world, "child", "reports")


def test_the_list_asks_as_much_for_many_as_for_few(world: World) -> None:
    writes(world, "nurse", goal_id=goal_id(world), attachment=photo())
    browser, where = client(world, "mother"), url(world, "reports")
    browser.get(where)
    with counted(most=12) as few:
        browser.get(where)
    for number in range(60):
        writes(world, "nurse", f"nacht {number}", goal_id=goal_id(world))
    with counted(most=12) as many:
        page = browser.get(where).content.decode()
    assert len(few) == len(many) and "Oudere" in page
    assert "nacht 59" in page and "nacht 39" not in page
    assert "nacht 39" in browser.get(f"{where}?page=2").content.decode()


def test_the_copy_of_everything_holds_them_with_their_photos(world: World) -> None:
    writes(world, "nurse", "Wond is droog.", attachment=photo(), goal_id=goal_id(world))
    writes(world, "child", "voor ons", reach=Reach.FAMILY)
    answer = client(world, "mother").post(reverse("child_copy", args=[world.child_id]))
    with ZipFile(BytesIO(answer.content)) as found:
        (picture,) = [name for name in found.namelist() if name.startswith("files/")]
        assert found.read(picture)[:3] == b"\xff\xd8\xff"
        page = next(found.read(name).decode() for name in found.namelist() if name.endswith("/reports.html"))
    assert "Wond is droog." in page and "voor ons" in page and picture in page


def test_the_page_of_a_goal_or_agreement_shows_the_last_three(world: World) -> None:
    goal, agreement = goal_id(world), Agreement.objects.values_list("id", flat=True).get()
    for number in range(5):
        writes(world, "nurse", f"Nacht {number}. {'Rustig. ' * 80}", goal_id=goal, attachment=photo())
    writes(world, "mother", "Van ons alleen.", goal_id=goal, reach=Reach.FAMILY)
    writes(world, "doctor", "Over de afspraak.", agreement_id=agreement, domain=LifeDomain.MEDICAL)
    page = get(world, "father", "plan_goal", goal)
    assert "Van ons alleen." in page and "Nacht 4." in page and "Nacht 3." in page
    assert "Nacht 2." not in page and "Over de afspraak." not in page and f"?about=goal%3A{goal}" in page
    page = get(world, "nurse", "plan_goal", goal)
    assert "Van ons alleen." not in page and "Nacht 2." in page and "Nacht 1." not in page
    assert "Een rood vlak" in page and page.count("Rustig.") < 3 * 80  # Long ones are cut short here.
    assert "Over de afspraak." in get(world, "mother", "plan_agreement", agreement)
    narrowed(world, "doctor", "social")
    assert queries.about_item(*world.as_("doctor"), goal, world.moment.date()) == ((), [])
    for who in ("mother", "nurse"):
        for name, key in (("plan_goal", goal), ("plan_agreement", agreement)):
            few(world, who, name, key)


def test_who_reads_no_reports_sees_what_was_proposed_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = goal_id(world)
    writes(world, "nurse", "Rustige nacht.", goal_id=goal)
    new = NewProposal(kind=ProposalKind.GOAL, goal_id=goal, what="Anders")
    world.do("mother", plan.make_proposal, new)

    def refuses(*_given: Any) -> Any:
        raise Refused("refused")

    monkeypatch.setattr(queries, "seen_rows", refuses)
    found, told = queries.about_item(*world.as_("mother"), goal, world.moment.date())
    assert [one.what for one in found] == ["Anders"] and not told
