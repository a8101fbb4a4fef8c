"""Four things kept apart: relation (in `people`), authority, competence (in its alcove) and access grants."""

from django.db import models
from django.db.models import Q

from kindzorg.access import sight
from kindzorg.access.grounds import Side
from kindzorg.access.parties import ConsentStanding
from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.coaching.models import CoachStep as CoachStep
from kindzorg.careteam.competences.models import Competence as Competence
from kindzorg.careteam.invitations.rules import InvitedAs
from kindzorg.careteam.representation.rules import RepresentationKind
from kindzorg.careteam.responsibilities.models import Responsibility as Responsibility
from kindzorg.careteam.rules import (
    AuthorityKind,
    ConsentDecision,
    ConsentPurpose,
    ConsentWay,
    HidesFrom,
    MarkedKind,
    RestrictionKind,
    WishKind,
)
from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import Base, one_of
from kindzorg.core.vocabulary import Ground
from kindzorg.people.models import ChildItem


class Membership(ChildItem):
    """Somebody, or an organisation, that takes part in the care of a child (betrokkene).

    `domains` and `sight_until` say what the family's consent leaves open to the organisation (`access.sight`).
    `through` names who let them in; `works_for` an organisation that is not in the directory, of a paid helper.
    """

    role = models.CharField(max_length=30)
    professional = models.ForeignKey("people.Professional", null=True, on_delete=models.PROTECT)
    relative = models.ForeignKey("people.Relative", null=True, on_delete=models.PROTECT)
    organisation = models.ForeignKey("people.Organisation", null=True, on_delete=models.PROTECT)
    task = models.CharField(max_length=200, blank=True)
    reply_time = models.CharField(max_length=120, blank=True)
    leads = models.BooleanField(default=False)
    through = models.CharField(max_length=200, blank=True, default="", db_default="")
    works_for = models.CharField(max_length=200, blank=True, default="", db_default="")
    starts = models.DateField()
    until = models.DateField(null=True)
    domains = models.CharField(max_length=120, default=sight.ALL, db_default=sight.ALL, blank=True)
    sight_until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "child"], name="careteam_member_org")]
        constraints = [one_of("role", Role, "careteam_membership_role")]

    def __str__(self) -> str:
        return f"{self.role} of {self.child_id}"


class ParentalAuthority(ChildItem):
    """That somebody holds authority over the child (gezag), from when until when, and how that is known.

    An institution holds it through the relative that stands for it: `organisation` names the institution.
    """

    relative = models.ForeignKey("people.Relative", on_delete=models.PROTECT, related_name="authorities")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=14)
    source = models.CharField(max_length=200)
    checked_on = models.DateField(null=True)
    starts = models.DateField()
    until = models.DateField(null=True)
    ended_why = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints = [one_of("kind", AuthorityKind, "careteam_authority_kind")]

    def __str__(self) -> str:
        return f"{self.kind} authority of {self.relative_id}"


class Representation(ChildItem):
    """That somebody represents the grown child (vertegenwoordiging): how, how that is known, from when until when.

    Recorded from the 17th birthday; `starts` is never before the 18th (BW 1:381(1), 7:465). Ended, never deleted.
    """

    relative = models.ForeignKey("people.Relative", on_delete=models.PROTECT, related_name="representations")
    kind = models.CharField(max_length=10)
    source = models.CharField(max_length=200)
    checked_on = models.DateField(null=True)
    starts = models.DateField()
    until = models.DateField(null=True)
    ended_why = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints = [one_of("kind", RepresentationKind, "careteam_representation_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.child_id}"


class CourtRestriction(ChildItem):
    """That a court keeps a relative from looking or from deciding (BW 1:253a, 1:377c(1)). Ended, never deleted.

    It holds from the moment it is recorded; a second professional confirms that the source says so.
    """

    relative = models.ForeignKey("people.Relative", on_delete=models.PROTECT, related_name="restrictions")
    kind = models.CharField(max_length=8)
    source = models.CharField(max_length=200)
    recorded_by_id = models.UUIDField()
    recorded_by = models.CharField(max_length=200)
    confirmed_by_id = models.UUIDField(null=True)
    confirmed_by = models.CharField(max_length=200, blank=True, db_default="")
    confirmed_on = models.DateField(null=True)
    starts = models.DateField()
    until = models.DateField(null=True)
    ended_why = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints = [one_of("kind", RestrictionKind, "careteam_restriction_kind")]

    def __str__(self) -> str:
        return f"{self.relative_id} may not {self.kind}"


class Capacity(ChildItem):
    """Whether the child can weigh its own interests, as a professional assessed (wilsbekwaamheid). Append-only: the
    last one counts, until its day of review is over."""

    can_decide = models.BooleanField()
    reason = EncryptedTextField()
    assessed_by_id = models.UUIDField()
    assessed_by = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)
    starts = models.DateField()
    until = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["child", "-starts"], name="careteam_capacity_child")]

    def __str__(self) -> str:
        return f"capacity of {self.child_id} on {self.starts}"


class Wish(ChildItem):
    """What the child put in writing (wilsverklaring). Taken back by its author, never changed or deleted."""

    kind = models.CharField(max_length=18)
    words = EncryptedTextField()
    written_by_id = models.UUIDField()
    starts = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [one_of("kind", WishKind, "careteam_wish_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.child_id}"


class Mark(ChildItem):
    """That one entry is not for the parents or not for the child (markering). Lifted, never deleted.

    `object_id` is the entry. The child marks its own, and that holds; what a professional marks holds for a few days,
    and on from the day that a second one confirms it.
    """

    object_kind = models.CharField(max_length=12)
    object_id = models.UUIDField()
    hides_from = models.CharField(max_length=7)
    by_child = models.BooleanField()
    reason = EncryptedTextField(blank=True)
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)
    confirmed_by_id = models.UUIDField(null=True)
    confirmed_by = models.CharField(max_length=200, blank=True)
    confirmed_on = models.DateField(null=True)
    lifted_by = models.CharField(max_length=200, blank=True)
    starts = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["child", "hides_from"], name="careteam_mark_child")]
        constraints = [
            one_of("object_kind", MarkedKind, "careteam_mark_kind"),
            one_of("hides_from", HidesFrom, "careteam_mark_hides"),
        ]

    def __str__(self) -> str:
        return f"{self.object_kind} not for {self.hides_from}"


class Consent(ChildItem):
    """What one person decided on sharing with a party (toestemming). Append-only: a later row goes before it.

    The party is exactly one of organisation, professional, relative. `standing` is where the family's consent for
    that party stood after this decision: where more people must agree, one yes alone leaves it awaited.
    """

    organisation = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    professional = models.ForeignKey(
        "people.Professional", null=True, on_delete=models.PROTECT, related_name="+"
    )
    relative = models.ForeignKey("people.Relative", null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=14)
    domains = models.CharField(max_length=60, default=sight.ALL)
    decision = models.CharField(max_length=12)
    standing = models.CharField(max_length=8)
    side = models.CharField(max_length=14)
    way = models.CharField(max_length=12)
    decided_by_id = models.UUIDField()
    decided_by = models.CharField(max_length=200)
    recorded_by_id = models.UUIDField(null=True)
    recorded_by = models.CharField(max_length=200, blank=True)
    until = models.DateField(null=True)
    reason = EncryptedTextField(null=True)

    class Meta:
        indexes = [models.Index(fields=["child", "created_at"], name="careteam_consent_child")]
        constraints = [
            one_of("decision", ConsentDecision, "careteam_consent_decision"),
            one_of("ground", Ground, "careteam_consent_ground"),
            one_of("purpose", ConsentPurpose, "careteam_consent_purpose"),
            one_of("standing", ConsentStanding, "careteam_consent_standing"),
            one_of("side", Side, "careteam_consent_side"),
            one_of("way", ConsentWay, "careteam_consent_way"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, professional__isnull=True, relative__isnull=True)
                | Q(organisation__isnull=True, professional__isnull=False, relative__isnull=True)
                | Q(organisation__isnull=True, professional__isnull=True, relative__isnull=False),
                name="careteam_consent_one_party",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.purpose}"


class ConsentRequest(ChildItem):
    """That a professional asked the family to share with a party (toestemming gevraagd). Append-only.

    It is answered by whoever must answer, one by one: by a later `Consent` of that person for the same party.
    """

    organisation = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    professional = models.ForeignKey(
        "people.Professional", null=True, on_delete=models.PROTECT, related_name="+"
    )
    relative = models.ForeignKey("people.Relative", null=True, on_delete=models.PROTECT, related_name="+")
    domains = models.CharField(max_length=60, default=sight.ALL)
    until = models.DateField(null=True)
    asked_by_id = models.UUIDField()
    asked_by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["child", "created_at"], name="careteam_asked_child")]
        constraints = [
            one_of("ground", Ground, "careteam_asked_ground"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, professional__isnull=True, relative__isnull=True)
                | Q(organisation__isnull=True, professional__isnull=False, relative__isnull=True)
                | Q(organisation__isnull=True, professional__isnull=True, relative__isnull=False),
                name="careteam_asked_one_party",
            ),
        ]

    def __str__(self) -> str:
        return f"asked by {self.asked_by}"


class EmergencyAccess(ChildItem):
    """That a professional looked along in an emergency (noodtoegang): who, why, until when. Append-only.

    `organisation` is where the professional works: its privacy officer reviews it, until `review_by`.
    """

    grant = models.ForeignKey("careteam.Grant", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    taken_by_id = models.UUIDField()
    taken_by = models.CharField(max_length=200)
    reason = EncryptedTextField()
    ends_at = models.DateTimeField()
    review_by = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "created_at"], name="careteam_emergency_org"),
            models.Index(fields=["child", "created_at"], name="careteam_emergency_child"),
        ]
        constraints = [one_of("ground", Ground, "careteam_emergency_ground")]

    def __str__(self) -> str:
        return f"emergency access of {self.taken_by}"


class EmergencyReview(ChildItem):
    """What the privacy officer found of an emergency access (beoordeling). Append-only; one for each access."""

    access = models.OneToOneField(EmergencyAccess, on_delete=models.PROTECT, related_name="review")
    justified = models.BooleanField()
    note = EncryptedTextField()
    reviewed_by_id = models.UUIDField()
    reviewed_by = models.CharField(max_length=200)

    class Meta:
        constraints = [one_of("ground", Ground, "careteam_review_ground")]

    def __str__(self) -> str:
        return f"{'justified' if self.justified else 'not justified'}: {self.access_id}"


class Grant(Base):
    """A right of entry of an account: to one child, an organisation, a network or the installation.

    `agreed` are the domains it was given for, `domains` those that the family's consent leaves open of them, and
    `sight_until` the day on which the last of these closes. `ends_at` ends emergency access within the day.
    """

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    scope = models.CharField(max_length=14)
    scope_id = models.UUIDField(null=True)
    agreed = models.CharField(max_length=60, default=sight.ALL, db_default=sight.ALL)
    domains = models.CharField(max_length=120, default=sight.ALL, blank=True)
    sight_until = models.DateField(null=True)
    opens_children = models.BooleanField()
    emergency = models.BooleanField(default=False)
    starts = models.DateField()
    until = models.DateField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "scope", "scope_id"], name="careteam_grant_user"),
            models.Index(fields=["scope_id", "scope"], name="careteam_grant_scope"),
        ]
        constraints = [
            one_of("role", Role, "careteam_grant_role"),
            one_of("scope", Scope, "careteam_grant_scope_word"),
            # What an organisation sees of a child stands with its part in the care (Membership), not here.
            models.CheckConstraint(
                condition=Q(scope=Scope.CHILD) | Q(domains=sight.ALL), name="careteam_grant_narrow_child"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} over {self.scope} {self.scope_id}"


class Invitation(ChildItem):
    """That somebody is invited to take part (uitnodiging): by whom, in what role, what for and until when.

    Of the token only a hash is kept, and of the code that is spoken where the birth date is not known a keyed one.
    `person` is the name that the one who invites uses. Sending again makes a new row; the old one is revoked.
    `said_by` are those of the family who said to a professional that this person may look along, and `said_way` how.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    invited_as = models.CharField(max_length=12)
    role = models.CharField(max_length=30, blank=True)
    person = models.CharField(max_length=200)
    relative = models.ForeignKey("people.Relative", null=True, on_delete=models.PROTECT, related_name="+")
    professional = models.ForeignKey("people.Professional", null=True, on_delete=models.PROTECT)
    works_for = models.CharField(max_length=200, blank=True)
    task = models.CharField(max_length=200, blank=True)
    until = models.DateField(null=True)
    invited_by_id = models.UUIDField()
    invited_by = models.CharField(max_length=200)
    invited_by_role = models.CharField(max_length=30)
    invited_by_organisation = models.CharField(max_length=200, blank=True)
    said_by = models.TextField(blank=True, default="", db_default="")
    said_way = models.CharField(max_length=12, blank=True, default="", db_default="")
    expires_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    wrong_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    used_by_id = models.UUIDField(null=True)
    revoked_at = models.DateTimeField(null=True)
    not_me_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["child", "created_at"], name="careteam_invitation_child")]
        constraints = [
            one_of("invited_as", InvitedAs, "careteam_invited_as"),
            one_of("role", Role, "careteam_invitation_role", blank=True),
            one_of("ground", Ground, "careteam_invitation_ground"),
            one_of("said_way", ConsentWay, "careteam_invitation_way", blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.invited_as} for {self.child_id}"
