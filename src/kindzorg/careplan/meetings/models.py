"""Meetings about a child, what everybody brings to them, their minutes, and the time that they take."""

from django.db import models

from kindzorg.careplan.meetings.rules import Says, TimeKind
from kindzorg.careplan.models import Agreement, ByPerson
from kindzorg.careplan.proposals.models import Proposal
from kindzorg.core.fields import EncryptedJSONField, EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import LifeDomain


class Meeting(ByPerson):
    """A multidisciplinary meeting (MDO): when and where, who chairs, who takes notes. Never changed: see MeetingEnd."""

    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=250, blank=True)
    chair = models.CharField(max_length=200)
    scribe = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["child", "-starts_at"], name="careplan_meeting_child")]

    def __str__(self) -> str:
        return f"meeting at {self.starts_at}"


class MeetingWords(ByPerson):
    """What somebody says for a meeting, of one life domain; without one of anything, for who sees every domain."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    domain = models.CharField(max_length=12, blank=True)
    words = EncryptedTextField(blank=True)
    role = models.CharField(max_length=30)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.by} for {self.meeting_id}"


class MeetingPoint(MeetingWords):
    """What somebody puts on the agenda (agendapunt)."""

    class Meta:
        indexes = [models.Index(fields=["meeting"], name="careplan_point_meeting")]
        constraints = [one_of("domain", LifeDomain, "careplan_point_domain", blank=True)]


class MeetingAnswer(MeetingWords):
    """Whether somebody comes, sends word (the words), or cannot. The last one counts."""

    says = models.CharField(max_length=8)

    class Meta:
        indexes = [models.Index(fields=["meeting"], name="careplan_m_answer_meeting")]
        constraints = [
            one_of("domain", LifeDomain, "careplan_m_answer_domain", blank=True),
            one_of("says", Says, "careplan_m_answer_says"),
        ]


class MeetingNote(MeetingWords):
    """The minutes of one life domain, or of the whole. Another wording is a new row; the last one counts."""

    class Meta:
        indexes = [models.Index(fields=["meeting"], name="careplan_m_note_meeting")]
        constraints = [one_of("domain", LifeDomain, "careplan_m_note_domain", blank=True)]


class MeetingDecision(MeetingWords):
    """What was decided, and the proposal that it became; the agreement, where that stands in the draft already."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["meeting"], name="careplan_m_decision_meeting")]
        constraints = [one_of("domain", LifeDomain, "careplan_m_decision_domain", blank=True)]


class MeetingEnd(ByPerson):
    """That a meeting was held and its minutes are closed, or that it does not go on. `present` are names; `agenda` is
    what stood on it, as it was then."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="end")
    held = models.BooleanField()
    words = EncryptedTextField(blank=True)
    present = models.JSONField(default=list)
    agenda = EncryptedJSONField(default=list)

    def __str__(self) -> str:
        return "held" if self.held else "dropped"


class TimeSpent(ByPerson):
    """Time that somebody spent around a child, beside the care itself (onzichtbare werkzaamheden): in minutes, of a
    kind, on a day. `by` wrote it down, `person` spent it, in `house`."""

    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField()
    person = models.CharField(max_length=200)
    house = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14)
    minutes = models.PositiveSmallIntegerField()
    on_day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["house", "on_day"], name="careplan_time_house")]
        constraints = [
            one_of("kind", TimeKind, "careplan_time_kind"),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=1440), name="careplan_time_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes"
