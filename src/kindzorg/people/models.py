"""Children, the people around them, organisations, and accounts."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from kindzorg.access.assurance import Assurance
from kindzorg.access.roles import Hat
from kindzorg.core.fields import EncryptedJSONField, EncryptedTextField, KeyedHashField
from kindzorg.core.ids import new_id
from kindzorg.core.models import Base, one_of
from kindzorg.core.vocabulary import Audience, Ground, Truth
from kindzorg.people.accounts.rules import Method
from kindzorg.people.rules import OrganisationKind, Qualification, Relation


class Region(Base):
    """A region of a network for integrated child care (NIK). Names are data: not all are verified."""

    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Organisation(Base):
    """A hospital, home-care organisation, school, municipality ... (organisatie)."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT)
    phone = models.CharField(max_length=30, blank=True)
    reply_time = models.CharField(max_length=120, blank=True)
    # Another after each change in what is its own; empty while nothing is.
    own_stamp = models.UUIDField(null=True)
    style = models.ForeignKey("people.HouseStyle", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            one_of("kind", OrganisationKind, "people_organisation_kind"),
            models.UniqueConstraint(fields=["name", "region"], name="people_organisation_name"),
        ]

    def __str__(self) -> str:
        return self.name


class OwnText(Base):
    """How an organisation words one text of content (eigen tekst): a version each time, the last of which counts.

    Empty `words`: the text as it is shipped, again. `of` is the mark of what was shipped when this was written.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    audience = models.CharField(max_length=12)
    language = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    words = models.TextField(blank=True)
    of = models.CharField(max_length=12)
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            one_of("audience", Audience, "people_own_text_audience"),
            models.UniqueConstraint(
                fields=["organisation", "key", "audience", "language", "number"],
                name="people_own_text_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} for {self.audience} in {self.language}, {self.number}"


class HouseStyle(Base):
    """A name, a logo and colours of an organisation (huisstijl). Never changed; `Organisation.style` says which counts.

    `colours`: "light" and "dark", each token -> "#rrggbb". The logo is a JPEG without anything beside the picture.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60, blank=True)
    logo = models.BinaryField(null=True)
    colours = models.JSONField(default=dict)
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-created_at"], name="people_house_style")]

    def __str__(self) -> str:
        return f"style {self.id} of {self.organisation_id}"


class User(AbstractBaseUser):
    """An account: a person who signs in. What the person may do stands in grants, never here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField()
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=8, default="nl")
    # The explanations that this person has closed, by their keys with a space between: they stay closed everywhere.
    explained = models.TextField(blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = BaseUserManager()  # type: ignore[assignment,var-annotated]

    def __str__(self) -> str:
        return self.name


class SignIn(Base):
    """One time that somebody signed in, or showed more surely who they are (inlogmoment). Append-only."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=60, blank=True)
    method = models.CharField(max_length=20)
    acr = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=12)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="people_sign_in_user")]
        constraints = [
            one_of("method", Method, "people_sign_in_method"),
            one_of("level", Assurance, "people_sign_in_level"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} by {self.method}, {self.level}"


class SignInFailure(Base):
    """One time that it went wrong (mislukte inlogpoging): only what slows guessers down, and only for an hour.

    Account, address and device are keyed hashes: nobody reads from this table what was typed, or where.
    """

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    device = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "created_at"], name="people_failure_account"),
            models.Index(fields=["address", "created_at"], name="people_failure_address"),
        ]

    def __str__(self) -> str:
        return f"failure at {self.created_at:%Y-%m-%d %H:%M}"


class SignInKey(Base):
    """By what a provider of OpenID Connect knows the owner of a prepared account: an employee number, for example."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=60)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "value"], name="people_sign_in_key_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.provider}"


class KeptForm(Base):
    """What somebody was typing when the session ended, until the same person signs in again (bewaard formulier).

    `page` is where it was typed, `action` where it was sent (empty when it was not sent yet). Encrypted, for this
    account alone, gone after a day. It may be about a child; what it says is read by nobody, so it names none.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=500)
    action = models.CharField(max_length=500, blank=True)
    fields = EncryptedJSONField()

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="people_kept_form_user")]

    def __str__(self) -> str:
        return f"kept for {self.user_id}"


class CalendarFeed(Base):
    """The calendar that somebody's telephone fetches without signing in (agenda op de telefoon); one lives per hat.

    Of its secret only a hash is kept. It holds nothing of a child: what is in it is read anew at each fetch, as its
    owner of that moment, and no surer than the session in which it was made (`level`).
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    hat = models.CharField(max_length=12)
    level = models.CharField(max_length=12)
    secret_hash = models.CharField(max_length=64, unique=True)
    revoked_at = models.DateTimeField(null=True)
    last_fetched_at = models.DateTimeField(null=True)
    counted_from = models.DateTimeField(null=True)
    counted = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            one_of("hat", Hat, "people_calendar_hat"),
            one_of("level", Assurance, "people_calendar_level"),
            models.UniqueConstraint(
                fields=["user", "hat"],
                condition=models.Q(revoked_at__isnull=True),
                name="people_calendar_once",
            ),
        ]

    def __str__(self) -> str:
        return f"calendar of {self.user_id} for {self.hat}"


class Professional(Base):
    """A professional in one organisation (zorgprofessional). One person can be several."""

    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="professionals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    qualification = models.CharField(max_length=30)
    discipline = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    source_key = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [one_of("qualification", Qualification, "people_professional_qualification")]

    def __str__(self) -> str:
        return self.name


class Child(Base):
    """The child (kind). May have no name, birth date or citizen service number yet: a newborn is a child too."""

    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True)
    gender = models.CharField(max_length=10, blank=True)
    bsn = EncryptedTextField(null=True)
    bsn_hash = KeyedHashField(of="bsn")
    language = models.CharField(max_length=8, default="nl")
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT)
    user = models.OneToOneField(User, null=True, on_delete=models.PROTECT, related_name="as_child")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    died_on = models.DateField(null=True)
    changed_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["region"], name="people_child_region_i")]
        # A file that was merged into another keeps its number; the other may then have it too.
        constraints = [
            models.UniqueConstraint(
                fields=["bsn_hash"],
                condition=models.Q(merged_into__isnull=True),
                name="people_child_bsn_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or str(self.id)


class ChildItem(Base):
    """A row of a child's data: it carries the child (the wall needs it), its owner and its legal ground."""

    child = models.ForeignKey("people.Child", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=12, default=Ground.WGBO)

    class Meta:
        abstract = True


class Relative(ChildItem):
    """A parent, carer, brother, sister or other near one of one child (ouder, verzorger, naaste)."""

    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="relatives")
    name = models.CharField(max_length=200)
    relation = models.CharField(max_length=20)
    birth_date = models.DateField(null=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=8, default="nl")
    interpreter = models.CharField(max_length=10, default=Truth.UNKNOWN, db_default=Truth.UNKNOWN)
    # Who said that, and when.
    interpreter_by = models.CharField(max_length=200, blank=True, default="", db_default="")
    interpreter_at = models.DateTimeField(null=True)
    source_key = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            one_of("relation", Relation, "people_relative_relation"),
            one_of("interpreter", Truth, "people_relative_interpreter"),
            one_of("ground", Ground, "people_relative_ground"),
        ]

    def __str__(self) -> str:
        return self.name
