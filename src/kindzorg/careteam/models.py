"""Four things kept apart: relation (in `people`), authority, competence (not here yet) and access grants."""

from django.db import models

from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.rules import AuthorityKind, ConsentDecision
from kindzorg.core.models import Base, one_of
from kindzorg.core.vocabulary import Ground
from kindzorg.people.models import ChildItem


class Membership(ChildItem):
    """Somebody, or an organisation, that takes part in the care of a child (betrokkene)."""

    role = models.CharField(max_length=30)
    professional = models.ForeignKey("people.Professional", null=True, on_delete=models.PROTECT)
    relative = models.ForeignKey("people.Relative", null=True, on_delete=models.PROTECT)
    organisation = models.ForeignKey("people.Organisation", null=True, on_delete=models.PROTECT)
    task = models.CharField(max_length=200, blank=True)
    reply_time = models.CharField(max_length=120, blank=True)
    leads = models.BooleanField(default=False)
    starts = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "child"], name="careteam_member_org")]
        constraints = [one_of("role", Role, "careteam_membership_role")]

    def __str__(self) -> str:
        return f"{self.role} of {self.child_id}"


class ParentalAuthority(ChildItem):
    """That a relative holds authority over the child (gezag), from when until when, and how that is known."""

    relative = models.ForeignKey("people.Relative", on_delete=models.PROTECT, related_name="authorities")
    kind = models.CharField(max_length=12)
    source = models.CharField(max_length=200)
    starts = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [one_of("kind", AuthorityKind, "careteam_authority_kind")]

    def __str__(self) -> str:
        return f"{self.kind} authority of {self.relative_id}"


class Consent(ChildItem):
    """A decision on sharing with a party, per legal ground (toestemming). Append-only: a later row replaces it."""

    party = models.ForeignKey("people.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=12)
    decided_by_id = models.UUIDField()
    decided_by = models.CharField(max_length=200)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            one_of("decision", ConsentDecision, "careteam_consent_decision"),
            one_of("ground", Ground, "careteam_consent_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.ground}"


class Grant(Base):
    """A right of entry of an account: to one child, an organisation, a network or the installation."""

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    scope = models.CharField(max_length=14)
    scope_id = models.UUIDField(null=True)
    domains = models.CharField(max_length=60, default="all")
    opens_children = models.BooleanField()
    emergency = models.BooleanField(default=False)
    starts = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "scope", "scope_id"], name="careteam_grant_user"),
            models.Index(fields=["scope_id", "scope"], name="careteam_grant_scope"),
        ]
        constraints = [
            one_of("role", Role, "careteam_grant_role"),
            one_of("scope", Scope, "careteam_grant_scope_word"),
        ]

    def __str__(self) -> str:
        return f"{self.role} over {self.scope} {self.scope_id}"
