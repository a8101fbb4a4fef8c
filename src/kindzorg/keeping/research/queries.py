"""Who objected, and which children may be counted."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.keeping.models import ResearchObjection
from kindzorg.keeping.research.rules import ResearchWord, standing
from kindzorg.people.models import Child


def countable_children(actor: Actor, on: date) -> QuerySet[Child]:
    """The children who may be counted for research, statistics or quality: the one way to count for anything but care.

    Without whom somebody objected for, in the child's file or in one that was merged into it (BW 7:458, AVG 21). It
    gives who may be counted, not what for: the conditions of 7:458(1) are the researcher's to meet.
    """
    policy.require(actor, "research.count", None, on)
    rows = ResearchObjection.objects
    own, whole = OuterRef("child"), OuterRef("child__merged_into")
    later = rows.filter(
        Q(child=own) | Q(child=whole) | Q(child__merged_into=own) | Q(child__merged_into=whole),
        Q(by_id=OuterRef("by_id")) | Q(whole=True),
        id__gt=OuterRef("id"),
    )
    objected = rows.filter(~Exists(later), refuses=True)
    return Child.objects.filter(merged_into=None).exclude(
        Exists(objected.filter(Q(child=OuterRef("id")) | Q(child__merged_into=OuterRef("id"))))
    )


def words_for(actor: Actor, subject: Subject, on: date) -> Sequence[ResearchWord]:
    """The objections that hold for this child, also from a file that was merged into its own, oldest first.

    One statement.
    """
    policy.require(actor, "research.object", subject, on)
    mine = Q(child_id=subject.child_id) | Q(child__merged_into_id=subject.child_id)
    rows = ResearchObjection.objects.filter(mine).order_by("id")
    return standing(ResearchWord(row.by_id, row.by, row.created_at, row.refuses, row.whole) for row in rows)
