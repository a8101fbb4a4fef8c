"""The tables of the palliative annex. They are of the plan: `careplan.models` names them. All are frozen."""

from django.db import models

from kindzorg.careplan.annex.rules import (
    AnnexQuestion,
    AnnexTopic,
    AnnexVoice,
    TreatmentChoice,
    TreatmentKind,
)
from kindzorg.careplan.models import ByPerson
from kindzorg.careplan.talks.rules import TalkKind
from kindzorg.careplan.versions.rules import SignedHow
from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of


class AnnexRow(ByPerson):
    """A row of the annex: who gave it, in which role."""

    by_role = models.CharField(max_length=30)

    class Meta:
        abstract = True


class AnnexPiece(AnnexRow):
    """What somebody said on one topic (wat telt, wat wij weten, wat wij wensen). The newest of each voice counts.

    `speaker` is the account of a parent, the child's id for a voice that is one person's or everybody's. `entry_id`
    is the id of the first wording.
    """

    entry_id = models.UUIDField()
    topic = models.CharField(max_length=12)
    voice = models.CharField(max_length=8)
    speaker = models.UUIDField()
    revision = models.PositiveIntegerField()
    words = EncryptedTextField(blank=True)
    skipped = models.BooleanField(default=False)

    class Meta:
        constraints = [
            one_of("topic", AnnexTopic, "careplan_annexpiece_topic"),
            one_of("voice", AnnexVoice, "careplan_annexpiece_voice"),
            models.UniqueConstraint(
                fields=["child", "topic", "voice", "speaker", "revision"], name="careplan_annexpiece_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} by {self.voice}, {self.revision}"


class TreatmentAgreement(AnnexRow):
    """What was agreed of one kind of treatment (behandelafspraak); each change is a new row of the same entry.

    `asked` are those who must agree, as the law stood on the day (BW 7:447, 7:450(2), 7:465).
    """

    entry_id = models.UUIDField()
    kind = models.CharField(max_length=14)
    name = EncryptedTextField(blank=True)
    choice = models.CharField(max_length=10)
    why = EncryptedTextField(blank=True)
    discussed_with = EncryptedTextField(blank=True)
    discussed_on = models.DateField(null=True)
    valid_from = models.DateField()
    review_on = models.DateField(null=True)
    revision = models.PositiveIntegerField()
    asked = models.JSONField(default=list)

    class Meta:
        constraints = [
            one_of("kind", TreatmentKind, "careplan_treatment_kind"),
            one_of("choice", TreatmentChoice, "careplan_treatment_choice"),
            models.UniqueConstraint(fields=["entry_id", "revision"], name="careplan_treatment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.choice}, {self.revision}"


class AnnexWord(AnnexRow):
    """A yes or no: to beginning, to who reads along, to what shows outside, to a treatment agreement.

    `stands` is what holds for the whole family after it. `party` and `relative_id` say for whom of those who must
    agree it was given; `how` and `said_on` how it came here, where that person did not say it here.
    """

    question = models.CharField(max_length=10)
    yes = models.BooleanField()
    stands = models.BooleanField()
    family = models.BooleanField()
    agreement = models.ForeignKey(TreatmentAgreement, null=True, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField(blank=True)
    party = models.CharField(max_length=20, blank=True)
    relative_id = models.UUIDField(null=True)
    signer = models.CharField(max_length=200, blank=True)
    how = models.CharField(max_length=10, default=SignedHow.SELF)
    said_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["child", "id"], name="careplan_annexword_child")]
        constraints = [
            one_of("question", AnnexQuestion, "careplan_annexword_question"),
            one_of("how", SignedHow, "careplan_annexword_how"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {'yes' if self.yes else 'no'}"


class AnnexTalk(AnnexRow):
    """A talk about what lies ahead (gesprek over vooruitkijken, ACP), held or planned; or the day of the next look."""

    kind = models.CharField(max_length=8)
    on = models.DateField()
    with_whom = EncryptedTextField(blank=True)
    words = EncryptedTextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["child", "on"], name="careplan_annextalk_child")]
        constraints = [one_of("kind", TalkKind, "careplan_annextalk_kind")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.on}"
