"""The pages of the child's file: who sees what, at a constant number of statements."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kindzorg.access.roles import Role
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.authority.actions import record_authority
from kindzorg.careteam.authority.rules import NewAuthority
from kindzorg.careteam.rules import AuthorityKind
from kindzorg.careteam.tests.world import World
from kindzorg.core import clock
from kindzorg.fhir.background import take
from kindzorg.people.actions import NewRelative, register_relative
from kindzorg.people.rules import Relation
from kindzorg.record.models import Difference, HandoverUpload, RecordItem, SourceDocument
from kindzorg.referral.tests.conftest import counted

YUSUF = (Path(__file__).parents[2] / "demo/handover/yusuf.json").read_bytes()

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("kindzorg.careteam.tests.world.NOW", clock.now())
    return World()


def signed_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(user)
    return client


def upload(payload: bytes, **more: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("overdracht.json", payload), "source": "", **more}


@pytest.fixture
def nurse(world: World) -> Client:
    return signed_in(world.nurse_account)


@pytest.fixture
def yusuf(nurse: Client) -> Any:
    """The id of the child whose file a handover made through the page."""
    answer = nurse.post(reverse("handover_new"), upload(YUSUF))
    assert answer.status_code == 302, answer.content.decode()
    return SourceDocument.objects.get().child_id


@pytest.fixture
def mother(world: World, yusuf: Any) -> Client:
    """The mother of the handover, known with authority and let in by the nurse."""
    from kindzorg.careteam.queries import child_for

    now = clock.now()
    subject = child_for(world.nurse, yusuf, now.date()).subject
    user = world.account("Samira")
    new = NewRelative("Samira Haddad", Relation.MOTHER, user.id)
    relative = register_relative(world.nurse, subject, new, now)
    record_authority(world.nurse, subject, NewAuthority(relative.id, AuthorityKind.JOINT, "gezien"), now)
    add_member(world.nurse, subject, NewMember(Role.AUTHORITY_HOLDER, relative_id=relative.id), now)
    return signed_in(user)


def test_the_nurse_reads_in_a_handover_and_sees_what_became_of_it(nurse: Client, yusuf: Any) -> None:
    document = SourceDocument.objects.get()
    page = nurse.get(reverse("record_report", args=[yusuf, document.id])).content.decode()
    assert "39 onderdelen zijn opgenomen" in page
    assert "Vitamine D druppels" in page
    raw = nurse.get(reverse("record_raw", args=[yusuf, document.id]))
    assert raw.content == YUSUF
    assert raw.headers["Content-Disposition"].startswith("attachment")
    again = nurse.post(reverse("handover_new"), upload(YUSUF), follow=True)
    assert "Dit bestand was er al. Er is niets veranderd." in again.content.decode()


def test_a_parent_reads_the_file_in_plain_words_and_prints_the_card(mother: Client, yusuf: Any) -> None:
    page = mother.get(reverse("record", args=[yusuf])).content.decode()
    for words in ("Koemelkeiwit", "Kinderziekenhuis De Linde", "4650 g", "Ziekte en klachten"):
        assert words in page
    assert "Overdracht inlezen" not in page
    card = mother.get(reverse("child_card", args=[yusuf])).content.decode()
    assert "Vitamine D druppels" in card
    assert "De lijst kan onvolledig zijn" in card
    assert "Reanimeren" in card
    assert mother.get(reverse("record_import", args=[yusuf])).status_code == 404


def test_somebody_else_sees_nothing(world: World, yusuf: Any) -> None:
    stranger = signed_in(world.account("Iemand"))
    for name in ("record", "child_card", "record_differences", "record_measurements", "record_import"):
        assert stranger.get(reverse(name, args=[yusuf])).status_code == 404
    assert stranger.get(reverse("handover_new")).status_code == 404


def test_the_file_takes_at_most_twelve_statements_whatever_its_size(nurse: Client, yusuf: Any) -> None:
    doctor = RecordItem.objects.get(title="Karin van Dijk", kind="professional")
    for name, *keys in (("record",), ("child_card",), ("record_join", doctor.id)):
        address = reverse(name, args=[yusuf, *keys])
        nurse.get(address)
        with counted(most=12):
            assert nurse.get(address).status_code == 200


def test_a_file_that_is_no_handover_is_answered_in_plain_words(nurse: Client) -> None:
    page = nurse.post(reverse("handover_new"), upload(b"%PDF-1.7 een scan")).content.decode()
    assert "geen overdracht. Vraag de afzender om FHIR JSON." in page
    page = nurse.post(reverse("handover_new"), upload(b"")).content.decode()
    assert "Dit bestand is leeg" in page
    assert nurse.post(reverse("handover_new"), {}).status_code == 200
    assert not SourceDocument.objects.exists()


def test_a_difference_is_chosen_on_the_page(nurse: Client, yusuf: Any) -> None:
    changed = YUSUF.replace(b'"criticality": "low"', b'"criticality": "high"')
    answer = nurse.post(reverse("record_import", args=[yusuf]), upload(changed))
    assert answer.status_code == 302
    page = nurse.get(reverse("record_differences", args=[yusuf])).content.decode()
    assert "niet ernstig" in page
    assert "kan ernstig zijn" in page
    (waiting,) = Difference.objects.all()
    address = reverse("record_settle", args=[yusuf, waiting.id])
    stale = nurse.post(address, {"choice": "accept", "revision": "7"})
    assert "Iemand veranderde dit net" in stale.content.decode()
    assert nurse.post(address, {"choice": "accept", "revision": "1"}).status_code == 302
    assert RecordItem.objects.get(kind="allergy").data["criticality"] == "high"
    again = nurse.post(address, {"choice": "keep", "revision": "2"})
    assert "Er is al gekozen door Marit" in again.content.decode()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("condition", {"what": "Astma"}),
        ("allergy", {"what": "Pinda", "criticality": "high", "reaction": "Dikke lippen"}),
        ("device", {"what": "Rolstoel", "since": "2026-01-01"}),
        ("directive", {"what": "Beademen", "decision": "refused", "specification": "besproken met ouders"}),
    ],
)
def test_the_nurse_writes_something_down_and_takes_it_out_again(
    nurse: Client, world: World, kind: str, said: dict[str, str]
) -> None:
    child_id = world.subject.child_id
    assert nurse.post(reverse("record_enter", args=[child_id, kind]), {}).status_code == 200
    assert nurse.post(reverse("record_enter", args=[child_id, kind]), said).status_code == 302
    page = nurse.get(reverse("record", args=[child_id])).content.decode()
    assert said["what"] in page
    assert "ingevoerd door Marit" in page
    row = RecordItem.objects.get()
    address = reverse("record_retract", args=[child_id, row.id])
    assert nurse.get(address).status_code == 200
    assert nurse.post(address, {"revision": "9"}).status_code == 200
    assert nurse.post(address, {"revision": "1"}).status_code == 302
    assert said["what"] not in nurse.get(reverse("record", args=[child_id])).content.decode()


def test_a_condition_of_a_directive_must_be_written_down(nurse: Client, world: World) -> None:
    said = {"what": "Beademen", "decision": "conditional"}
    page = nurse.post(reverse("record_enter", args=[world.subject.child_id, "directive"]), said)
    assert "Schrijf de voorwaarde op." in page.content.decode()


def test_somebody_whom_the_handover_names_joins_in_one_step(nurse: Client, world: World, yusuf: Any) -> None:
    from kindzorg.careteam.models import Membership
    from kindzorg.careteam.tests.world import JOB
    from kindzorg.people.actions import NewProfessional, register_professional
    from kindzorg.people.rules import Qualification

    row = RecordItem.objects.get(title="Karin van Dijk", kind="professional")
    address = reverse("record_join", args=[yusuf, row.id])
    assert "staat nog niet in de lijst" in nurse.get(address).content.decode()
    new = NewProfessional("Dr. Karin van Dijk", world.home_care.id, Qualification.PAEDIATRICIAN)
    karin = register_professional(JOB, new, clock.now())
    answer = nurse.post(address, {"professional": str(karin.id), "role": "paediatrician"})
    assert answer.status_code == 302
    assert Membership.objects.filter(child_id=yusuf, professional=karin, role="paediatrician").exists()


def test_measurements_are_paged(nurse: Client, yusuf: Any) -> None:
    address = reverse("record_measurements", args=[yusuf])
    assert "38,5 cm" in nurse.get(address).content.decode()
    for odd in ("x", "", "-1", "²", "9" * 5000):
        assert nurse.get(address, {"page": odd}).status_code == 200
    assert "Er zijn geen metingen." in nurse.get(address, {"page": "9"}).content.decode()


def test_a_parent_takes_out_only_what_that_parent_wrote(mother: Client, nurse: Client, yusuf: Any) -> None:
    sent = RecordItem.objects.get(child_id=yusuf, kind="allergy")
    address = reverse("record_retract", args=[yusuf, sent.id])
    assert mother.post(address, {"revision": "1"}).status_code == 404
    assert not RecordItem.objects.get(id=sent.id).withdrawn
    mother.post(reverse("record_enter", args=[yusuf, "allergy"]), {"what": "Pleisters"})
    own = RecordItem.objects.get(child_id=yusuf, title="Pleisters")
    page = mother.get(reverse("record", args=[yusuf])).content.decode()
    assert page.count("Klopt dit niet?") == 1
    assert mother.post(reverse("record_retract", args=[yusuf, own.id]), {"revision": "1"}).status_code == 302
    assert nurse.post(address, {"revision": "1"}).status_code == 302


def test_many_measurements_of_one_kind_do_not_hide_another(nurse: Client, yusuf: Any) -> None:
    import orjson

    about = {"reference": "Patient/1"}
    beats = [
        {
            "resourceType": "Observation",
            "id": f"o{number}",
            "status": "final",
            "code": {"text": "Hartslag"},
            "subject": about,
            "effectiveDateTime": f"2026-12-{number % 28 + 1:02d}",
            "valueQuantity": {"value": number, "unit": "/min", "code": "/min"},
        }
        for number in range(300)
    ]
    lines = [{"resourceType": "Patient", "id": "1", "birthDate": "2026-07-22"}, *beats]
    nurse.post(reverse("record_import", args=[yusuf]), upload(b"\n".join(map(orjson.dumps, lines))))
    assert take(str(HandoverUpload.objects.get().id)) == "taken"
    page = nurse.get(reverse("record", args=[yusuf])).content.decode()
    assert "4650 g" in page
    assert page.count("Hartslag:") == 1
