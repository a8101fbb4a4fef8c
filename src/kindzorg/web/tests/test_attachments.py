"""A photo or document is seen by who may see what it hangs on, by nobody else, and the trail says who."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.core.ids import new_id
from kindzorg.people.models import User
from kindzorg.record.files.actions import add_attachment
from kindzorg.record.files.rules import NewAttachment, prepared
from kindzorg.record.tests.test_files import PDF, of_a_telephone
from kindzorg.web import attachments

pytestmark = pytest.mark.django_db
UNDER = new_id()


@pytest.fixture
def family(monkeypatch: pytest.MonkeyPatch) -> Iterator[Family]:
    """A family whose nurse may see what hangs there, and whose mother may not."""
    made = Family(TODAY.replace(year=TODAY.year - 10))

    def holder(actor: object, subject: object, attachment_id: UUID, on: object) -> UUID | None:
        return UNDER if actor.id == made.accounts["nurse"].id else None  # type: ignore[attr-defined]

    monkeypatch.setattr(attachments, "HOLDERS", (holder,))
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    yield made


def added(family: Family, content: bytes) -> UUID:
    new = NewAttachment(prepared(content, 1), "Iets", UNDER)
    return add_attachment(*family.as_("nurse"), new, NOW).id


def get(family: Family, who: str, name: str, attachment_id: UUID):  # type: ignore[no-untyped-def]
    browser = Client()
    browser.force_login(User.objects.get(id=family.accounts[who].id))
    return browser.get(reverse(name, args=[family.id, attachment_id]))


def reads() -> list[UUID | None]:
    return list(AuditLine.objects.filter(event="attachment.read").values_list("object_id", flat=True))


def test_a_photo_shows_on_a_page_and_says_who_looked(family: Family) -> None:
    photo = added(family, of_a_telephone())
    for name in ("attachment", "attachment_small"):
        answer = get(family, "nurse", name, photo)
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert (
            answer.headers["Cache-Control"] == "private, max-age=600" and "Cookie" in answer.headers["Vary"]
        )
    assert reads() == [UNDER, UNDER]


def test_a_document_is_taken_along_and_has_no_small_one(family: Family) -> None:
    document = added(family, PDF)
    answer = get(family, "nurse", "attachment", document)
    assert answer.content == PDF and answer.headers["Content-Disposition"].startswith("attachment; ")
    assert get(family, "nurse", "attachment_small", document).status_code == 404


def test_unknown_and_forbidden_are_the_same_and_leave_no_read(family: Family) -> None:
    photo = added(family, of_a_telephone())
    unseen = get(family, "mother", "attachment", photo)
    unknown = get(family, "mother", "attachment", new_id())
    assert unseen.status_code == unknown.status_code == 404
    assert reads() == []
