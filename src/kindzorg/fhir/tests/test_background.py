"""A large handover goes on in the background: taken whole or not at all, once, also when its worker died."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.careteam.models import Grant
from kindzorg.careteam.tests.world import NOW, World
from kindzorg.core import clock
from kindzorg.core.errors import Invalid, Missing
from kindzorg.fhir import background
from kindzorg.fhir.background import take
from kindzorg.fhir.handover import LARGE, Sent, Uploaded, send_for_child, send_new
from kindzorg.people.models import Child, User
from kindzorg.record.actions import file_upload, refuse_upload
from kindzorg.record.models import HandoverUpload, RecordItem, SourceDocument
from kindzorg.record.queries import HandoverReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: Any) -> World:
    settings.KINDZORG_TODAY = NOW.date()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return World()


def file(number: int = LARGE, born: str = "2020-03-01", family: str = "Voorbeeld") -> Sent:
    patient = {
        "resourceType": "Patient",
        "id": "1",
        "birthDate": born,
        "name": [{"family": family, "given": ["Ster"]}],
    }
    beats = [
        {
            "resourceType": "Observation",
            "id": f"o{each}",
            "status": "final",
            "subject": {"reference": "Patient/1"},
            "code": {"text": "Hartslag"},
            "valueQuantity": {"value": each, "unit": "/min"},
        }
        for each in range(number)
    ]
    lines = "\n".join(json.dumps(one) for one in [patient, *beats])
    return Sent("groot.ndjson", lines.encode(), "Ziekenhuis")


def started(world: World, sent: Sent) -> HandoverUpload:
    found = send_for_child(world.nurse, world.subject.child_id, sent, NOW)
    assert isinstance(found, Uploaded)
    return HandoverUpload.objects.get(id=found.upload_id)


def test_a_short_file_is_taken_at_once(world: World) -> None:
    found = send_for_child(world.nurse, world.subject.child_id, file(LARGE - 2), NOW)
    assert isinstance(found, HandoverReport) and not HandoverUpload.objects.exists()


def test_a_large_file_is_taken_by_the_worker_once(world: World) -> None:
    upload = started(world, file())
    assert (upload.state, upload.total, RecordItem.objects.count()) == ("waiting", LARGE + 1, 0)
    assert started(world, file()).id == upload.id
    assert [take(str(upload.id)) for _ in range(2)] == ["taken", "nothing to do"]
    upload.refresh_from_db()
    assert (upload.state, upload.done, upload.raw) == ("taken", LARGE + 1, None)
    assert upload.document_id == SourceDocument.objects.get().id and upload.document.by == world.nurse.name
    assert RecordItem.objects.filter(kind="measurement").count() == LARGE
    again = send_for_child(world.nurse, world.subject.child_id, file(), NOW)
    assert isinstance(again, HandoverReport) and again.again and SourceDocument.objects.count() == 1


def test_a_worker_that_died_neither_loses_nor_doubles_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = started(world, file())

    def dies(*_given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(background, "file_upload", dies)
        take(str(upload.id))
    upload.refresh_from_db()
    assert (upload.state, upload.attempts, RecordItem.objects.count()) == ("busy", 1, 0)
    assert take(str(upload.id)) == "nothing to do"  # still held
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=90))
    assert take(str(upload.id)) == "taken"
    assert RecordItem.objects.filter(kind="measurement").count() == LARGE


def test_after_three_attempts_it_has_failed(world: World) -> None:
    upload = started(world, file())
    HandoverUpload.objects.update(attempts=3)
    assert take(str(upload.id)) == "nothing to do"
    upload.refresh_from_db()
    assert (upload.state, upload.problem, upload.raw) == ("refused", "upload_failed", None)


@pytest.mark.parametrize(
    ("how", "problem"),
    [("grant", "child_not_found"), ("account", "account_closed"), ("child", "handover_other_child")],
)
def test_what_no_longer_holds_is_refused_and_nothing_is_taken(world: World, how: str, problem: str) -> None:
    upload = started(world, file())
    if how == "grant":
        Grant.objects.filter(user_id=world.nurse.id).delete()
    elif how == "account":
        User.objects.filter(id=world.nurse.id).update(is_active=False)
    else:
        Child.objects.filter(id=world.subject.child_id).update(birth_date="2019-01-01")
    assert take(str(upload.id)) == "refused"
    upload.refresh_from_db()
    assert (upload.state, upload.raw) == ("refused", None) and upload.problem in (problem, "refused")
    assert not RecordItem.objects.exists() and not SourceDocument.objects.exists()


def test_a_file_that_is_wrong_as_a_whole_is_refused_at_once(world: World) -> None:
    with pytest.raises(Invalid):
        send_for_child(world.nurse, world.subject.child_id, file(born="2019-01-01"), NOW)
    assert not HandoverUpload.objects.exists()


def test_a_large_file_about_a_new_child_goes_into_a_file_that_is_there_at_once(world: World) -> None:
    with pytest.raises(Invalid) as asked:
        send_new(world.nurse, file(), NOW)
    assert asked.value.code == "handover_known_maybe"
    found = send_new(world.nurse, file(family="Anders"), NOW)
    assert isinstance(found, Uploaded) and found.child_id != world.subject.child_id
    assert Child.objects.get(id=found.child_id).family_name == "Anders"
    assert take(str(found.upload_id)) == "taken"
    assert RecordItem.objects.filter(child_id=found.child_id, kind="measurement").count() == LARGE


def test_the_page_shows_how_far_it_is_then_the_report(world: World) -> None:
    browser = Client()
    browser.force_login(User.objects.get(id=world.nurse.id))
    sent = SimpleUploadedFile("groot.ndjson", file().payload)
    answer = browser.post(reverse("record_import", args=[world.subject.child_id]), {"file": sent})
    address = answer["Location"]
    page = browser.get(address).content.decode()
    assert (
        "De overdracht wordt gelezen" in page and "Kijk opnieuw" in page and 'data-hx-get="?part=1"' in page
    )
    looks = AuditLine.objects.filter(event="handover.progress_read")
    assert looks.count() == 1
    for _ in range(3):
        part = browser.get(f"{address}?part=1", headers={"HX-Request": "true"}).content.decode()
        assert "<progress" in part and "<html" not in part
    assert looks.count() == 1  # the bar that asks by itself leaves no line each time
    upload = HandoverUpload.objects.get()
    assert take(str(upload.id)) == "taken"
    upload.refresh_from_db()
    report = reverse("record_report", args=[world.subject.child_id, upload.document_id])
    assert browser.get(address)["Location"] == report
    assert browser.get(address, headers={"HX-Request": "true"})["HX-Redirect"] == report


def test_the_page_says_plainly_why_it_was_not_taken(world: World) -> None:
    upload = started(world, file())
    HandoverUpload.objects.update(attempts=3)
    take(str(upload.id))
    browser = Client()
    browser.force_login(User.objects.get(id=world.nurse.id))
    address = reverse("handover_progress", args=[world.subject.child_id, upload.id])
    page = browser.get(address).content.decode()
    assert "na drie pogingen niet gelukt" in page and "Stuur opnieuw een bestand" in page
    other = reverse("handover_progress", args=[world.subject.child_id, UUID(int=1)])
    assert browser.get(other).status_code == 404
    stranger = Client()
    stranger.force_login(world.account())
    for where in (address, f"{address}?part=1"):
        assert stranger.get(where, headers={"HX-Request": "true"}).status_code == 404


def test_what_has_ended_is_neither_refused_nor_taken_again(world: World) -> None:
    upload = started(world, file())
    assert take(str(upload.id)) == "taken"
    refuse_upload(background.ACTOR, upload.id, Invalid("upload_failed"), NOW)
    upload.refresh_from_db()
    assert (upload.state, upload.problem) == ("taken", "")
    with pytest.raises(Missing):
        file_upload(world.nurse, world.subject, upload.id, None, NOW)
