"""The palliative annex: begun together, said in own words, agreed, and what the family lets show."""

from datetime import timedelta

from django.utils import timezone

from kindzorg.careplan.annex.actions import (
    TreatmentSaid,
    answer_treatment,
    choose,
    say_on_beginning,
    write_annex_piece,
    write_talk,
    write_treatment,
)
from kindzorg.careplan.annex.models import TreatmentAgreement
from kindzorg.careplan.annex.rules import (
    AnnexQuestion,
    AnnexTopic,
    AnnexVoice,
    NewAnnexPiece,
    NewTreatment,
    TreatmentChoice,
    TreatmentKind,
)
from kindzorg.careplan.talks.rules import NewTalk, TalkKind
from kindzorg.demo.story import Deed, Story


def want(story: Story, deed: Deed) -> None:
    """Somebody of the family, or the paediatrician, wants to begin."""
    say_on_beginning(deed.actor, deed.subject, True, deed.now)


def say(story: Story, deed: Deed) -> None:
    """What somebody says on `topics`, in a `voice`; without words: not wanting to speak of it now."""
    voice = AnnexVoice(deed.get("voice", "together"))
    for topic, words in deed.get("topics").items():
        new = NewAnnexPiece(AnnexTopic(topic), voice, words or "", skipped=not words)
        write_annex_piece(deed.actor, deed.subject, new, deed.now)


def treat(story: Story, deed: Deed) -> None:
    """What was agreed per kind of treatment: `treatments: {resuscitation: {choice, why}}`, discussed `with` whom."""
    on = timezone.localdate(deed.now)
    for kind, said in deed.get("treatments").items():
        review = on + timedelta(days=int(said["review"])) if said.get("review") else None
        new = NewTreatment(
            kind=TreatmentKind(kind),
            choice=TreatmentChoice(said["choice"]),
            why=said.get("why", ""),
            discussed_with=deed.get("with"),
            discussed_on=on,
            valid_from=on,
            review_on=review,
            name=said.get("name", ""),
        )
        write_treatment(deed.actor, deed.subject, new, deed.now)


def agree(story: Story, deed: Deed) -> None:
    """Somebody agrees to the agreements of these `kinds`."""
    for kind in deed.get("kinds"):
        row = TreatmentAgreement.objects.filter(child_id=deed.subject.child_id, kind=kind).latest("revision")
        answer_treatment(deed.actor, deed.subject, row.id, TreatmentSaid(True), deed.now)


def let(story: Story, deed: Deed) -> None:
    """The family says yes to these `questions`."""
    for question in deed.get("questions"):
        choose(deed.actor, deed.subject, AnnexQuestion(question), True, deed.now)


def talk(story: Story, deed: Deed) -> None:
    """A talk that was held or is planned, or the day of the next look."""
    on = story.day(deed.get("on_day")) if deed.get("on_day") else timezone.localdate(deed.now)
    new = NewTalk(TalkKind(deed.get("kind", "held")), on, deed.get("with"), deed.get("words"))
    write_talk(deed.actor, deed.subject, new, deed.now)
