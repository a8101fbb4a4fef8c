"""Two files become one, and two again: nothing is lost, nothing moves, and undoing it is exact."""

from typing import Any

import pytest
from django.apps import apps

from kindzorg.audit.models import AuditLine
from kindzorg.careplan.queries import plan_for
from kindzorg.careteam.authority.actions import record_restriction
from kindzorg.careteam.authority.rules import NewRestriction
from kindzorg.careteam.models import CourtRestriction, Grant, Membership, ParentalAuthority, Wish
from kindzorg.careteam.queries import (
    child_for,
    children_for,
    opened_children,
    reads_restricted,
    team_for,
)
from kindzorg.careteam.rules import RestrictionKind
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.core.walls import behind_wall
from kindzorg.fhir.handover import Sent, import_for_child
from kindzorg.journey.actions import take_step
from kindzorg.journey.rules import Phase
from kindzorg.keeping.merging.actions import NewMerge, keep_apart, merge_files, part_files
from kindzorg.keeping.merging.queries import doubles_for, merge_for, merges_for, waiting_for
from kindzorg.keeping.merging.rules import UNDONE_WITHIN, MergeReason
from kindzorg.keeping.models import FileMerge, TwoChildren
from kindzorg.keeping.tests.conftest import NOW, Pair, seen_by
from kindzorg.notices.models import Notice
from kindzorg.people.actions import merge_child, part_child
from kindzorg.people.models import Child, Relative
from kindzorg.record.notes.actions import write_note
from kindzorg.record.notes.queries import restricted_notes_for
from kindzorg.record.notes.rules import NewNote, Part

BSN = "999990019"


def team_ids(pair: Pair, *names: str) -> tuple[Any, ...]:
    """The memberships in the absorbed file of people with these names; all without names."""
    rows = Membership.objects.filter(child_id=pair.absorbed.child_id).select_related(
        "professional", "relative"
    )
    return tuple(one.id for one in rows if not names or (one.professional or one.relative).name in names)


def merged(pair: Pair, *names: str, why: MergeReason = MergeReason.TOLD) -> FileMerge:
    along = team_ids(pair, *names) if names else ()
    return pair.do(merge_files, pair.absorbed.child_id, NewMerge(why, "moeder zegt het", along))


def content_of(child_id: Any) -> dict[str, list[Any]]:
    """Every row of every table that carries this child, but its trail."""
    tables = [
        one for one in apps.get_models() if any(f.attname == "child_id" for f in one._meta.concrete_fields)
    ]
    return {
        one._meta.label: list(one._base_manager.filter(child_id=child_id).order_by("pk").values())
        for one in tables
        if one is not AuditLine
    }


# --- merging -------------------------------------------------------------------------------------------------


def test_the_other_file_is_read_through_the_one_that_goes_on_and_stays_as_it_was(pair: Pair) -> None:
    pair.absorbed.in_force(goals=2)
    before = content_of(pair.absorbed.child_id)
    merged(pair)
    assert content_of(pair.absorbed.child_id) == before
    nurse = pair.nurse
    with behind_wall(nurse.id, pair.moment.date()):
        opened = child_for(nurse, pair.absorbed.child_id, pair.moment.date())
        assert opened.subject.merged_into == pair.kept.child_id
        plan = plan_for(nurse, opened.subject, pair.moment.date())
        assert plan and len(plan.goals) == 2
        listed = {one.child.id for one in opened_children(nurse, pair.moment.date())}
    assert listed == {pair.kept.child_id}
    with pytest.raises(Refused):
        take_step(nurse, opened.subject, Phase.NEEDS, pair.now())


def test_whoever_had_the_other_file_alone_sees_it_no_more_and_who_has_the_first_sees_both(pair: Pair) -> None:
    assert seen_by(pair.absorbed, "gp", pair.absorbed.child_id)
    merged(pair, "Doctor")
    for who in ("gp", "nurse", "mother"):
        assert not seen_by(pair.absorbed, who, pair.absorbed.child_id)
        assert not seen_by(pair.absorbed, who, pair.kept.child_id)
    for child in (pair.kept.child_id, pair.absorbed.child_id):
        assert seen_by(pair.absorbed, "doctor", child)
        assert seen_by(pair.kept, "mother", child)


def test_who_comes_along_joins_once_with_account_and_authority(pair: Pair) -> None:
    father = Relative.objects.get(id=pair.absorbed.relatives["father"])
    Relative.objects.filter(id=father.id).update(name="Vader Anders")
    # The mother is one account in both files.
    account = pair.kept.users["mother"]
    Relative.objects.filter(id=pair.absorbed.relatives["mother"]).update(user=account, name="Mama")
    merge = merged(pair, "Mama", "Vader Anders", "Gp", "Nurse")
    people = [one.professional or one.relative for one in brought(merge)]
    assert sorted(one.name for one in people) == ["Gp", "Nurse", "Vader Anders"]
    assert Relative.objects.filter(child_id=pair.kept.child_id, user=account).count() == 1
    came = Relative.objects.get(child_id=pair.kept.child_id, name="Vader Anders")
    held = ParentalAuthority.objects.get(child_id=pair.kept.child_id, relative=came)
    assert (held.kind, held.source) == ("joint", "register (merged file)")
    assert seen_by(pair.absorbed, "father", pair.kept.child_id)


def test_what_a_court_forbids_comes_along_and_keeps_him_out_of_both(pair: Pair) -> None:
    """The father of the second file is known in the first by account; nobody there knew of the court's decision."""
    account = pair.kept.users["father"]
    Relative.objects.filter(id=pair.absorbed.relatives["father"]).update(user=account)
    nurse = pair.nurse
    other = pair.subject(pair.absorbed.child_id)
    new = NewRestriction(pair.absorbed.relatives["father"], RestrictionKind.SEE, "Rechtbank, 1 september")
    record_restriction(nurse, other, new, pair.now())
    assert seen_by(pair.kept, "father", pair.kept.child_id)
    merge = merged(pair)
    for child_id in (pair.kept.child_id, pair.absorbed.child_id):
        assert not seen_by(pair.kept, "father", child_id) and seen_by(pair.kept, "mother", child_id)
    row = CourtRestriction.objects.get(child_id=pair.kept.child_id)
    assert (row.relative_id, row.source) == (
        pair.kept.relatives["father"],
        "Rechtbank, 1 september (merged file)",
    )
    pair.do(part_files, merge.id, "opnieuw bekeken")
    merged(pair)
    assert CourtRestriction.objects.filter(child_id=pair.kept.child_id).count() == 1


def test_restricted_notes_of_the_other_file_are_read_by_who_reads_them_here(pair: Pair) -> None:
    nurse, on = pair.nurse, pair.moment.date()
    new = NewNote(LifeDomain.SAFETY, "alleen voor ons", part=Part.RESTRICTED)
    write_note(nurse, pair.subject(pair.absorbed.child_id), new, pair.now())
    merged(pair)
    told = []
    for who in ("nurse", "doctor", "teacher", "mother"):
        actor = pair.kept.actor(who)
        with behind_wall(actor.id, on):
            subject = child_for(actor, pair.absorbed.child_id, on).subject
            rows = restricted_notes_for(actor, subject, on) if reads_restricted(actor, subject, on) else []
            told += [(who, one.words) for one in rows]
    assert told == [("nurse", "alleen voor ons"), ("doctor", "alleen voor ons")]


def brought(merge: FileMerge) -> list[Membership]:
    return list(Membership.objects.filter(id__in=merge.brought).select_related("professional", "relative"))


def test_a_relative_without_account_is_known_by_name_and_relation(pair: Pair) -> None:
    Relative.objects.filter(name="Mother").update(user=None)
    count = Relative.objects.filter(child_id=pair.kept.child_id).count()
    merge = merged(pair, "Mother")
    assert merge.brought == []
    assert Relative.objects.filter(child_id=pair.kept.child_id).count() == count


def test_what_the_file_lacks_it_takes_over_and_its_number_too(pair: Pair) -> None:
    Child.objects.filter(id=pair.kept.child_id).update(birth_date=None, family_name="")
    child = Child.objects.get(id=pair.absorbed.child_id)
    child.bsn, child.gender = BSN, "female"
    child.save()
    merge = merged(pair)
    assert sorted(merge.filled) == ["birth_date", "bsn", "family_name", "gender"]
    kept = Child.objects.get(id=pair.kept.child_id)
    assert (kept.bsn, kept.birth_date, kept.family_name, kept.given_name) == (
        BSN,
        child.birth_date,
        "Tst",
        "Noor",
    )


def test_both_teams_are_told_and_it_stands_in_both_trails(pair: Pair) -> None:
    merge = merged(pair, "Gp")
    told = set(
        Notice.objects.filter(kind="files_merged", object_id=merge.id).values_list("recipient_id", flat=True)
    )
    both = {pair.kept.users["mother"].id, pair.absorbed.users["mother"].id, pair.absorbed.users["doctor"].id}
    assert both <= told and pair.nurse.id not in told
    lines = dict(AuditLine.objects.filter(event__startswith="child.merged").values_list("child_id", "event"))
    assert lines == {pair.kept.child_id: "child.merged", pair.absorbed.child_id: "child.merged_away"}


# --- what stands in the way ----------------------------------------------------------------------------------


def test_two_numbers_are_never_merged(pair: Pair) -> None:
    for child_id, number in ((pair.kept.child_id, BSN), (pair.absorbed.child_id, "111222333")):
        child = Child.objects.get(id=child_id)
        child.bsn = number
        child.save()
    with pytest.raises(Conflict) as refused:
        merged(pair)
    assert refused.value.code == "different_numbers"
    assert not FileMerge.objects.exists()


def test_what_the_child_wrote_down_is_never_put_away(pair: Pair) -> None:
    now = {"owner_id": pair.absorbed.organisations["home"], "created_at": NOW, "starts": NOW.date()}
    child = pair.absorbed.child_id
    Wish.objects.create(child_id=child, kind="closed_after_death", words="niet", written_by_id=child, **now)
    with pytest.raises(Conflict) as refused:
        merged(pair)
    assert refused.value.code == "child_spoke"


def test_a_merged_file_is_not_merged_again_nor_with_itself(pair: Pair) -> None:
    merged(pair)
    with pytest.raises(Refused):
        merged(pair)
    with pytest.raises(Conflict) as refused:
        pair.do(merge_files, pair.kept.child_id, NewMerge(MergeReason.TOLD))
    assert refused.value.code == "same_file"
    assert FileMerge.objects.count() == 1


def test_only_who_may_merge_both_may_merge(pair: Pair) -> None:
    new = NewMerge(MergeReason.TOLD)
    for world, who in (
        (pair.kept, "mother"),
        (pair.kept, "doctor"),
        (pair.kept, "colleague"),
        (pair.absorbed, "nurse"),
    ):
        actor = world.actor(who)
        with pytest.raises((Refused, Missing)):
            subject = child_for(actor, pair.kept.child_id, pair.moment.date()).subject
            merge_files(actor, subject, pair.absorbed.child_id, new, pair.now())
    assert Child.objects.filter(merged_into__isnull=False).count() == 0


# --- undoing -------------------------------------------------------------------------------------------------


def test_undoing_is_exact(pair: Pair) -> None:
    pair.absorbed.in_force()
    Child.objects.filter(id=pair.kept.child_id).update(birth_date=None)
    child = Child.objects.get(id=pair.absorbed.child_id)
    child.bsn = BSN
    child.save()
    before = Child.objects.filter(id__in=(pair.kept.child_id, child.id)).order_by("id")
    people = [{**row, "revision": 0, "changed_at": None, "bsn": None} for row in before.values()]
    other = content_of(child.id)
    team = {one.id for one in team_of(pair)}
    merge = merged(pair, "Gp", "Father")
    assert len(team_of(pair)) > len(team)
    parting = pair.do(part_files, merge.id, "het is haar nichtje")
    assert [{**row, "revision": 0, "changed_at": None, "bsn": None} for row in before.values()] == people
    assert Child.objects.get(id=child.id).bsn == BSN and Child.objects.get(id=pair.kept.child_id).bsn is None
    assert content_of(child.id) == other
    assert {one.id for one in team_of(pair)} == team
    assert seen_by(pair.absorbed, "gp", child.id) and not seen_by(pair.absorbed, "gp", pair.kept.child_id)
    assert (
        str(parting)
        and merges_for(pair.nurse, pair.subject(pair.kept.child_id), pair.moment.date())[0].row.parting
    )
    assert AuditLine.objects.filter(event="child.parted").values("child_id").distinct().count() == 2
    assert not Grant.objects.filter(
        scope_id=pair.kept.child_id, user=pair.absorbed.users["gp"], until=None
    ).exists()


def team_of(pair: Pair) -> list[Membership]:
    return list(team_for(pair.nurse, pair.subject(pair.kept.child_id), pair.moment.date()))


def test_what_was_corrected_since_stays(pair: Pair) -> None:
    Child.objects.filter(id=pair.kept.child_id).update(family_name="", gender="")
    Child.objects.filter(id=pair.absorbed.child_id).update(gender="female")
    merge = merged(pair)
    Child.objects.filter(id=pair.kept.child_id).update(family_name="Nieuw")
    pair.do(part_files, merge.id, "twee kinderen")
    kept = Child.objects.get(id=pair.kept.child_id)
    assert (kept.family_name, kept.gender) == ("Nieuw", "")


def test_undoing_asks_a_reason_and_has_a_term(pair: Pair) -> None:
    merge = merged(pair)
    with pytest.raises(Invalid):
        pair.do(part_files, merge.id, "  ")
    with pytest.raises(Missing):
        pair.do(part_files, pair.kept.child_id, "geen samenvoeging")
    pair.moment += UNDONE_WITHIN
    with pytest.raises(Conflict) as late:
        pair.do(part_files, merge.id, "te laat")
    assert late.value.code == "term_over"
    pair.moment -= UNDONE_WITHIN
    pair.do(part_files, merge.id, "op tijd")
    with pytest.raises(Conflict) as twice:
        pair.do(part_files, merge.id, "nog eens")
    assert twice.value.code == "not_merged"
    # After it, they can be merged again.
    assert merged(pair).id != merge.id
    assert merge_for(pair.nurse, pair.subject(pair.kept.child_id), merge.id, pair.moment.date()) == merge


def test_what_somebody_else_did_first_is_said(pair: Pair) -> None:
    """The rows are locked: the second of two who act at once finds it done."""
    nurse, kept, other = pair.nurse, pair.subject(pair.kept.child_id), pair.subject(pair.absorbed.child_id)
    merge_child(nurse, kept, other, pair.now())
    with pytest.raises(Conflict) as twice:
        merge_child(nurse, kept, other, pair.now())
    assert twice.value.code == "already_merged"
    part_child(nurse, kept, pair.absorbed.child_id, pair.now())
    with pytest.raises(Conflict) as parted:
        part_child(nurse, kept, pair.absorbed.child_id, pair.now())
    assert parted.value.code == "not_merged"


def test_files_with_one_number_are_not_parted_into_two(pair: Pair) -> None:
    merge = merged(pair)
    for child in Child.objects.filter(id__in=(pair.kept.child_id, pair.absorbed.child_id)).order_by(
        "merged_into"
    ):
        child.bsn = BSN
        child.save()
    with pytest.raises(Invalid) as refused:
        pair.do(part_files, merge.id, "twee kinderen")
    assert refused.value.code == "bsn_in_use"


# --- suspicions ----------------------------------------------------------------------------------------------


def suspicions(pair: Pair) -> list[tuple[Any, Any, str]]:
    nurse, on = pair.nurse, pair.moment.date()
    with behind_wall(nurse.id, on):
        found = doubles_for(nurse, opened_children(nurse, on), on)
    return [(one.one.child.id, one.other.child.id, str(one.reason)) for one in found]


def test_a_suspicion_is_told_to_who_may_merge_both_and_to_nobody_else(pair: Pair) -> None:
    pairs = sorted((pair.kept.child_id, pair.absorbed.child_id))
    assert suspicions(pair) == [(*pairs, "birth_and_name")]
    nurse, on = pair.nurse, pair.moment.date()
    [waits] = waiting_for(nurse, opened_children(nurse, on), on)
    assert (waits.child_id, waits.object_id, waits.kind) == (*pairs, "file_double")
    for world, who in ((pair.kept, "doctor"), (pair.kept, "mother"), (pair.absorbed, "nurse")):
        actor = world.actor(who)
        assert not waiting_for(actor, opened_children(actor, on), on)


def test_two_children_are_not_suspected_again(pair: Pair) -> None:
    row = pair.do(keep_apart, pair.absorbed.child_id)
    assert pair.do(keep_apart, pair.absorbed.child_id) == row == TwoChildren.objects.get()
    assert suspicions(pair) == [] and str(row)
    stranger = pair.absorbed.child_id
    mother = pair.kept.actor("mother")
    with pytest.raises(Refused):
        keep_apart(mother, pair.subject(pair.kept.child_id, mother), stranger, pair.now())


def test_a_number_that_a_sender_tells_finds_the_other_file(pair: Pair) -> None:
    Child.objects.filter(id=pair.absorbed.child_id).update(birth_date=None)
    child = Child.objects.get(id=pair.absorbed.child_id)
    child.bsn = BSN
    child.save()
    assert suspicions(pair) == []
    patient = (
        b'{"resourceType": "Patient", "id": "1", "birthDate": "2021-05-01",'
        b'"identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "%s"}]}' % BSN.encode()
    )
    import_for_child(pair.nurse, pair.kept.child_id, Sent("a.json", patient, "Ziekenhuis"), pair.now())
    assert [reason for _, _, reason in suspicions(pair)] == ["same_number"]


def test_a_merged_file_is_suspected_no_more(pair: Pair) -> None:
    merge = merged(pair)
    assert suspicions(pair) == [] and str(merge)
    listed = children_for(pair.nurse, pair.moment.date()).values_list("id", flat=True)
    assert pair.absorbed.child_id not in listed


def test_authority_that_stands_in_the_file_that_goes_on_is_not_written_twice(pair: Pair) -> None:
    mother = pair.kept.relatives["mother"]
    Membership.objects.filter(child_id=pair.kept.child_id, relative_id=mother).update(
        until=pair.moment.date()
    )
    held = ParentalAuthority.objects.filter(child_id=pair.kept.child_id, relative_id=mother)
    before = list(held.values_list("id", "source"))
    assert [one.relative_id for one in brought(merged(pair, "Mother"))] == [mother]
    assert list(held.values_list("id", "source")) == before
