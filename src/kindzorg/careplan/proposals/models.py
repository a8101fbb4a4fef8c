"""Proposals to change the plan, and what became of them."""

from django.db import models
from django.db.models import Q

from kindzorg.careplan.models import Agreement, ByPerson, Goal, PlanVersion
from kindzorg.careplan.proposals.rules import ProposalKind, ProposalState
from kindzorg.core.models import one_of


class Proposal(ByPerson):
    """What anybody who sees the plan proposes to change in it, and why; never changed. Where it stands: ProposalStep.

    Of something new its life domain, or the goal that an agreement is to serve. `words`, `where` and `when` are the
    own wording of how it would read; empty leaves that part to who writes it.
    """

    kind = models.CharField(max_length=14)
    goal = models.ForeignKey(Goal, null=True, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    domain = models.CharField(max_length=12, blank=True)
    what = models.TextField()
    why = models.TextField(blank=True)
    words = models.TextField(blank=True)
    where = models.CharField(max_length=300, blank=True)
    when = models.CharField(max_length=300, blank=True)
    role = models.CharField(max_length=30)
    on_behalf_of = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["child", "-created_at"], name="careplan_proposal_child")]
        constraints = [
            one_of("kind", ProposalKind, "careplan_proposal_kind"),
            models.CheckConstraint(
                condition=Q(kind=ProposalKind.GOAL, goal__isnull=False, agreement=None)
                | Q(kind=ProposalKind.AGREEMENT, goal=None, agreement__isnull=False)
                | Q(kind=ProposalKind.NEW_GOAL, goal=None, agreement=None) & ~Q(domain="")
                | Q(kind=ProposalKind.NEW_AGREEMENT, agreement=None) & (Q(goal__isnull=False) | ~Q(domain=""))
                | Q(kind=ProposalKind.PLAN, goal=None, agreement=None, domain=""),
                name="careplan_proposal_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class ProposalStep(ByPerson):
    """What became of a proposal: accepted into a draft (`version`, and what it became there), declined, withdrawn."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    version = models.ForeignKey(PlanVersion, null=True, on_delete=models.PROTECT, related_name="+")
    goal = models.ForeignKey(Goal, null=True, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["proposal", "-created_at", "-id"], name="careplan_proposal_last")]
        constraints = [one_of("state", ProposalState, "careplan_proposal_state")]

    def __str__(self) -> str:
        return self.state
