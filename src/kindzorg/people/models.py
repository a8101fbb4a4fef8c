"""Children, the people around them, organisations, and accounts."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from kindzorg.core.fields import EncryptedTextField, KeyedHashField
from kindzorg.core.ids import new_id
from kindzorg.core.models import Base, one_of
from kindzorg.core.vocabulary import Ground
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

    class Meta:
        constraints = [
            one_of("kind", OrganisationKind, "people_organisation_kind"),
            models.UniqueConstraint(fields=["name", "region"], name="people_organisation_name"),
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """An account: a person who signs in. What the person may do stands in grants, never here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField()
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=8, default="nl")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    objects = BaseUserManager()  # type: ignore[assignment,var-annotated]

    def __str__(self) -> str:
        return self.name


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
    source_key = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            one_of("relation", Relation, "people_relative_relation"),
            one_of("ground", Ground, "people_relative_ground"),
        ]

    def __str__(self) -> str:
        return self.name
