"""The plan's tables: identity (what lives as long as the plan), content (per version), events (append-only)."""

from django.db import models
from django.db.models import F, Q

from kindzorg.careplan.agreements.rules import GOES_ON, AgreementState, Occasion, WhoKind
from kindzorg.careplan.evaluations.rules import WayOn, Works
from kindzorg.careplan.goals.rules import GoalKind, GoalState
from kindzorg.careplan.versions.rules import UNDER_WAY, SignatureAnswer, SignedHow, VersionStatus
from kindzorg.core.models import one_of
from kindzorg.people.models import ChildItem


class ByPerson(ChildItem):
    """An item of a child that somebody gave: who, in which organisation, as they were called then."""

    by_id = models.UUIDField()
    by = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


# --- identity ----------------------------------------------------------------------------------------------


class CarePlan(ChildItem):
    """The one plan of a journey (overkoepelend zorgplan). `owner` is the controller of the journey."""

    journey = models.OneToOneField("journey.CareJourney", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"plan of {self.child_id}"


class PlanVersion(ByPerson):
    """A version of the plan. Its content stands in GoalText, AgreementTerms, DomainChoice and Removal.

    `needs` is a copy of the needs that the plan answers to; it is content too.
    """

    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, default=VersionStatus.DRAFT)
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=500, blank=True)
    practical = models.BooleanField(default=False)
    needs = models.JSONField(default=list)
    offered_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["child", "status"], name="careplan_version_child")]
        constraints = [
            one_of("status", VersionStatus, "careplan_version_status"),
            models.UniqueConstraint(fields=["plan", "number"], name="careplan_version_number"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(status=VersionStatus.IN_FORCE), name="careplan_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(status__in=[str(s) for s in UNDER_WAY]),
                name="careplan_one_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} ({self.status})"


class Goal(ChildItem):
    """What a goal is as long as the plan lives; what it says stands in GoalText, where it stands in GoalStep."""

    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.id)


class Agreement(ChildItem):
    """What an agreement is as long as the plan lives. `owner` made it, `created_at` is its date."""

    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.id)


# --- content -----------------------------------------------------------------------------------------------


class VersionContent(ChildItem):
    """A row of content of one version, frozen by a trigger once the version leaves draft.

    `revision` counts the changes in the draft: the optimistic lock that a form carries.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True


class GoalText(VersionContent):
    """What a goal says in one version. `domains` and `steps` are lists of words, `needs` of served needs."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="texts")
    words = models.TextField()
    domains = models.JSONField()
    whose = models.CharField(max_length=12)
    kind = models.CharField(max_length=8)
    steps = models.JSONField()
    review_on = models.DateField(null=True)
    needs = models.JSONField(default=list)

    class Meta:
        constraints = [
            one_of("kind", GoalKind, "careplan_goal_kind"),
            models.UniqueConstraint(fields=["version", "goal"], name="careplan_goal_in_version"),
        ]

    def __str__(self) -> str:
        return self.words


class AgreementTerms(VersionContent):
    """What an agreement says in one version: who, what, where, when, why, and who pays under which law."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="terms")
    what = models.TextField()
    who_kind = models.CharField(max_length=14)
    who_name = models.CharField(max_length=200, blank=True)
    who_organisation = models.CharField(max_length=200, blank=True)
    professional = models.ForeignKey(
        "people.Professional", null=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    relative = models.ForeignKey("people.Relative", null=True, on_delete=models.PROTECT, related_name="+")
    where = models.CharField(max_length=300, blank=True)
    when = models.CharField(max_length=300, blank=True)
    goal = models.ForeignKey(Goal, null=True, on_delete=models.PROTECT, related_name="+")
    need = models.JSONField(null=True)
    law = models.CharField(max_length=12, blank=True)
    payer = models.CharField(max_length=200, blank=True)
    form = models.CharField(max_length=8, blank=True)
    protocol = models.CharField(max_length=200, blank=True)
    protocol_link = models.CharField(max_length=500, blank=True)
    starts = models.DateField(null=True)
    until = models.DateField(null=True)
    occasion = models.CharField(max_length=8, blank=True, default="", db_default="")
    situation = models.CharField(max_length=500, blank=True, default="", db_default="")
    carried = models.CharField(max_length=8, blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["agreement"], name="careplan_terms_agreement")]
        constraints = [
            one_of("occasion", Occasion, "careplan_terms_occasion", blank=True),
            models.CheckConstraint(
                condition=Q(carried__in=["", *map(str, GOES_ON)]), name="careplan_terms_carried"
            ),
            one_of("who_kind", WhoKind, "careplan_terms_who"),
            models.UniqueConstraint(fields=["version", "agreement"], name="careplan_agreement_in_version"),
        ]

    def __str__(self) -> str:
        return self.what


class DomainChoice(VersionContent):
    """That a need consciously has no goal in this version ("bewust geen doel"), and why."""

    need_key = models.CharField(max_length=60)
    need = models.JSONField()
    domain = models.CharField(max_length=12)
    why = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "need_key"], name="careplan_choice_once")]

    def __str__(self) -> str:
        return f"no goal for {self.need_key}"


class Removal(VersionContent):
    """That a goal or agreement is left out in this version, and why, or by which agreement of it that one is replaced.
    Content too, but not copied further."""

    goal = models.ForeignKey(Goal, null=True, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    replaced_by = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(goal__isnull=True) ^ Q(agreement__isnull=True), name="careplan_removal_of_one"
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | (Q(goal=None) & ~Q(replaced_by=F("agreement"))),
                name="careplan_removal_replaced",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


# --- events ------------------------------------------------------------------------------------------------


class Signature(ByPerson):
    """A yes, a no or an objection on a version, with why and when. The last of a person counts; none is changed.

    What was said outside the product is recorded by somebody (`by`): then `how`, `said_on`, whose answer it is
    (`signer`) and that one's account, if there was one.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=20)
    relative = models.ForeignKey("people.Relative", null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    answer = models.CharField(max_length=8)
    reason = models.TextField(blank=True)
    how = models.CharField(max_length=10, default=SignedHow.SELF, db_default=SignedHow.SELF)
    said_on = models.DateField(null=True)
    signer = models.CharField(max_length=200, blank=True, default="", db_default="")
    signer_user_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            one_of("answer", SignatureAnswer, "careplan_signature_answer"),
            one_of("how", SignedHow, "careplan_signature_how"),
            models.CheckConstraint(
                condition=Q(how=SignedHow.SELF, said_on=None, signer="", signer_user_id=None)
                | (~Q(how=SignedHow.SELF) & Q(said_on__isnull=False) & ~Q(signer="")),
                name="careplan_signature_heard",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.answer}"


class GoalStep(ByPerson):
    """A step in the life of a goal; its state is the last one."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="goal_steps")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["goal", "-created_at", "-id"], name="careplan_goal_last")]
        constraints = [one_of("state", GoalState, "careplan_goal_state")]

    def __str__(self) -> str:
        return self.state


class AgreementStep(ByPerson):
    """A step of an agreement: asked, more information asked, agreed, declined, done, lapsed.

    `replaced_by` is the agreement that came in place of one that lapsed, where another did."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="steps")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16)
    reason = models.TextField(blank=True)
    replaced_by = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["agreement", "-created_at", "-id"], name="careplan_agreement_last")]
        constraints = [one_of("state", AgreementState, "careplan_agreement_state")]

    def __str__(self) -> str:
        return self.state


class Evaluation(ByPerson):
    """How a part of the plan goes, what the family thought, and how to go on: a goal with its step; an agreement, or
    the whole plan (neither of the two), with whether it works. Made under a version, about the thing itself."""

    goal = models.ForeignKey(Goal, null=True, on_delete=models.PROTECT, related_name="evaluations")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="evaluations")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(null=True)
    works = models.CharField(max_length=8, null=True)
    family_view = models.TextField(blank=True)
    words = models.TextField(blank=True)
    way_on = models.CharField(max_length=10)
    next_review_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["goal", "-created_at", "-id"], name="careplan_evaluation_last"),
            models.Index(fields=["agreement", "-created_at", "-id"], name="careplan_evaluation_agreed"),
            models.Index(
                fields=["version"],
                condition=Q(goal__isnull=True, agreement__isnull=True),
                name="careplan_evaluation_whole",
            ),
        ]
        constraints = [
            one_of("way_on", WayOn, "careplan_evaluation_way_on"),
            one_of("works", Works, "careplan_evaluation_works"),
            models.CheckConstraint(condition=Q(step__range=(1, 5)), name="careplan_evaluation_step"),
            models.CheckConstraint(
                condition=Q(
                    goal__isnull=False, agreement__isnull=True, step__isnull=False, works__isnull=True
                )
                | Q(goal__isnull=True, step__isnull=True, works__isnull=False),
                name="careplan_evaluation_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.step}" if self.step else str(self.works)


class StoredOutcome(ByPerson):
    """A PlanOutcome as it was frozen at a closing, as plain data. Never changed."""

    journey = models.ForeignKey("journey.CareJourney", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(PlanVersion, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.JSONField()

    def __str__(self) -> str:
        return f"outcome of {self.child_id}"


# The tables of the week, of proposals, reports, reviews and cards stand beside their rules; Django looks for them here.
from kindzorg.careplan.annex import models as annex  # noqa: E402
from kindzorg.careplan.cards import models as cards  # noqa: E402
from kindzorg.careplan.cover import models as cover  # noqa: E402
from kindzorg.careplan.evaluations import models as evaluations  # noqa: E402
from kindzorg.careplan.howto import models as howto  # noqa: E402
from kindzorg.careplan.learning import models as learning  # noqa: E402
from kindzorg.careplan.meetings import models as meetings  # noqa: E402
from kindzorg.careplan.procedures import models as procedures  # noqa: E402
from kindzorg.careplan.proposals import models as proposals  # noqa: E402
from kindzorg.careplan.reports import models as reports  # noqa: E402
from kindzorg.careplan.reviews import models as reviews  # noqa: E402
from kindzorg.careplan.stepback import models as stepback  # noqa: E402
from kindzorg.careplan.visits import models as visits  # noqa: E402

__tables__ = (
    visits,
    cover,
    evaluations,
    proposals,
    reports,
    reviews,
    stepback,
    meetings,
    cards,
    learning,
    howto,
    annex,
    procedures,
)
