"""What is encrypted reads back, shows itself nowhere, cannot be looked up, and moves to a newer key."""

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as some

from kindzorg.access.policy import system_actor
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.tests.world import NOW, TODAY, World
from kindzorg.core import rotation
from kindzorg.core.encryption import (
    Sealed,
    Unreadable,
    check_keys,
    decrypt,
    encrypt,
    is_newest,
    keyed_hash,
    new_key,
)
from kindzorg.core.thawing import thawed
from kindzorg.core.walls import FROZEN, behind_wall
from kindzorg.fhir.handover import Sent, import_for_child
from kindzorg.people.actions import NewChild, correct_child, register_child, rotate_keys
from kindzorg.people.models import Child
from kindzorg.record.models import Difference, RawResource, SourceDocument

BSN, OTHER = "999990019", "111222333"
JOB = system_actor("command line")
FILE = (
    b'{"resourceType": "Patient", "id": "1", "birthDate": "2020-03-01",'
    b'"identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999990019"}]}'
)


@given(some.binary())
def test_what_was_encrypted_reads_back(content: bytes) -> None:
    assert decrypt(encrypt(content)) == content
    assert encrypt(content) != encrypt(content)


def test_a_keyed_hash_is_equal_for_equals_and_differs_with_the_key(settings) -> None:
    first = keyed_hash(BSN)
    assert first == keyed_hash(BSN) != keyed_hash(OTHER) and len(first) == 64 and BSN not in first
    settings.KINDZORG_HASH_KEY = "another key of more than forty characters."
    assert keyed_hash(BSN) != first


def test_a_key_that_is_not_here_opens_nothing_and_the_error_shows_nothing(settings) -> None:
    token = encrypt(BSN.encode())
    settings.KINDZORG_ENCRYPTION_KEYS = (new_key(),)
    with pytest.raises(Unreadable) as error:
        Sealed(token).open()
    assert token not in str(error.value)
    assert error.value.__cause__ is error.value.__context__ is None
    assert not is_newest(token)


@pytest.mark.parametrize(
    ("keys", "hash_key", "says"),
    [
        ((), "x" * 40, "KINDZORG_ENCRYPTION_KEYS is missing"),
        ((new_key(), "short"), "x" * 40, "Key 2 of KINDZORG_ENCRYPTION_KEYS"),
        (("é" * 44,), "x" * 40, "Key 1"),
        ((new_key(),), "x" * 39, "KINDZORG_HASH_KEY"),
    ],
)
def test_keys_that_cannot_be_keys_are_named(keys: tuple[str, ...], hash_key: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=says) as error:
        check_keys(keys, hash_key)
    assert "kindzorg keys new" in str(error.value)
    assert not [key for key in keys if key in str(error.value)]


# --- columns -------------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def child(world: World) -> Child:
    """A child with a number, whose file a hospital sent."""
    correct_child(world.nurse, world.subject, {"bsn": BSN}, NOW)
    import_for_child(world.nurse, world.subject.child_id, Sent("a.json", FILE, "Ziekenhuis"), NOW)
    again = FILE.replace(b'"id"', b'"gender": "male", "id"')
    import_for_child(world.nurse, world.subject.child_id, Sent("b.json", again, "Huisarts"), NOW)
    return Child.objects.get(id=world.subject.child_id)


def stored(table: str, column: str) -> list[str]:
    column = connection.ops.quote_name(column)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def test_a_column_is_read_as_what_it_is_and_stands_encrypted(child: Child) -> None:
    assert child.bsn == BSN and Child.objects.defer("bsn").get(id=child.id).bsn == BSN
    document = SourceDocument.objects.get(name="a.json")
    assert document.raw == FILE and document.resources.get().raw["id"] == "1"
    assert Difference.objects.get(field="gender").incoming == "male"
    for model, columns, _ in rotation.encrypted_tables():
        for column in columns:
            assert all(is_newest(token) for token in stored(model._meta.db_table, column.column))


def test_a_row_of_values_shows_dots_until_it_is_opened(child: Child) -> None:
    [sealed] = Child.objects.filter(id=child.id).values_list("bsn", flat=True)
    assert repr(sealed) == str(sealed) == f"{sealed}" == "•••"
    assert sealed.open() == BSN
    Child.objects.filter(id=child.id).update(bsn=sealed)
    assert Child.objects.get(id=child.id).bsn == BSN


def test_nothing_is_looked_up_in_an_encrypted_column(child: Child) -> None:
    for lookup in ("bsn", "bsn__in", "bsn__startswith", "bsn__gt"):
        with pytest.raises(FieldError, match="encrypted"):
            Child.objects.filter(**{lookup: BSN}).exists()
    assert Child.objects.filter(bsn__isnull=False).get() == Child.objects.exclude(bsn=None).get() == child
    assert Child.objects.filter(bsn_hash=keyed_hash(BSN)).get() == child


def test_the_hash_follows_the_number(world: World, child: Child) -> None:
    correct_child(world.nurse, world.subject, {"bsn": OTHER}, NOW)
    child.refresh_from_db()
    assert (child.bsn, child.bsn_hash) == (OTHER, keyed_hash(OTHER))
    correct_child(world.nurse, world.subject, {"bsn": ""}, NOW)
    child.refresh_from_db()
    assert (child.bsn, child.bsn_hash) == (None, None)
    correct_child(world.nurse, world.subject, {"given_name": "Ster"}, NOW)
    newborn = register_child(world.nurse, NewChild(), world.home_care.id, NOW)
    assert newborn.bsn is None and newborn.bsn_hash is None


# --- another key ---------------------------------------------------------------------------------------------


def told(seen: list[tuple[str, int, int]]):
    return lambda *what: seen.append(what)


def test_everything_moves_to_the_newest_key_frozen_or_not_and_once(child: Child, settings) -> None:
    old = settings.KINDZORG_ENCRYPTION_KEYS
    settings.KINDZORG_ENCRYPTION_KEYS = (new_key(), *old)
    seen: list[tuple[str, int, int]] = []
    rows = 1 + SourceDocument.objects.count() + RawResource.objects.count() + Difference.objects.count()
    assert rows == 6
    assert rotate_keys(JOB, NOW, told(seen)) == rows
    assert {"people.Child", "record.SourceDocument", "record.Difference"} <= {table for table, _, _ in seen}
    assert all(done == total for _, done, total in seen)
    settings.KINDZORG_ENCRYPTION_KEYS = settings.KINDZORG_ENCRYPTION_KEYS[:1]
    assert Child.objects.get(id=child.id).bsn == BSN
    assert SourceDocument.objects.get(name="a.json").raw == FILE
    assert rotate_keys(JOB, NOW, told(seen)) == 0
    events = AuditLine.objects.filter(event__startswith="keys.").order_by("id")
    assert [(one.event, one.detail) for one in events][:2] == [
        ("keys.rotation_begun", {}),
        ("keys.rotated", {"rows": str(rows)}),
    ]


def test_a_new_key_for_the_hash_is_taken_over_too(child: Child, settings) -> None:
    settings.KINDZORG_HASH_KEY = "another key of more than forty characters."
    assert not Child.objects.filter(bsn_hash=keyed_hash(BSN)).exists()
    assert rotate_keys(JOB, NOW, told([])) == 1
    assert Child.objects.filter(bsn_hash=keyed_hash(BSN)).get() == child


def test_rotating_goes_on_where_it_was_stopped(child: Child, settings, monkeypatch) -> None:
    monkeypatch.setattr(rotation, "BATCH_OF_FILES", 1)
    settings.KINDZORG_ENCRYPTION_KEYS = (new_key(), *settings.KINDZORG_ENCRYPTION_KEYS)

    def stops(table: str, done: int, total: int) -> None:
        if table == "record.SourceDocument":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_keys(JOB, NOW, stops)
    rotated = [is_newest(token) for token in stored("record_sourcedocument", "raw")]
    assert sorted(rotated) == [False, True]
    rotate_keys(JOB, NOW, told([]))
    assert all(is_newest(token) for token in stored("record_sourcedocument", "raw"))


def test_a_row_of_a_lost_key_is_not_lost(child: Child, settings) -> None:
    settings.KINDZORG_ENCRYPTION_KEYS = (new_key(),)
    before = stored("people_child", "bsn")
    with pytest.raises(Unreadable):
        rotate_keys(JOB, NOW, told([]))
    assert stored("people_child", "bsn") == before


def test_rows_that_cannot_be_reached_are_not_passed_by(child: Child, settings, monkeypatch) -> None:
    settings.KINDZORG_ENCRYPTION_KEYS = (new_key(), *settings.KINDZORG_ENCRYPTION_KEYS)
    monkeypatch.setattr(rotation, "_batch", lambda *given: [])
    with pytest.raises(Unreadable, match="could not be changed"):
        rotate_keys(JOB, NOW, told([]))


# --- thawing -------------------------------------------------------------------------------------------------


def test_what_thaws_freezes_again_also_when_it_goes_wrong(child: Child) -> None:
    with thawed(["record_sourcedocument"]):
        SourceDocument.objects.update(name="c.json")
    with pytest.raises(ZeroDivisionError), thawed(["record_sourcedocument"]):
        raise ZeroDivisionError
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        SourceDocument.objects.update(name="d.json")


@pytest.mark.postgresql
def test_a_request_cannot_thaw(child: Child) -> None:
    with (
        pytest.raises(DatabaseError, match="must be owner"),
        behind_wall(JOB.id, TODAY, system=True),
        thawed(["record_sourcedocument"]),
    ):
        pass


@pytest.mark.django_db
def test_every_table_that_the_migrations_freeze_is_frozen() -> None:
    """SQLite makes a table anew when a column changes, and loses its triggers: `frozen_again` puts them back."""
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled = 'O'",
    }
    with connection.cursor() as cursor:
        cursor.execute(sql[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    tables = connection.introspection.table_names()  # A later migration may have taken one away.
    frozen = {table: verbs for table, verbs in FROZEN.items() if table in tables}
    declared = {f"{table}_frozen_{verb.lower()}" for table, verbs in frozen.items() for verb in verbs}
    assert len(declared) > 50 and declared <= there
