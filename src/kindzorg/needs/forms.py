"""The questions of the scan as forms, and what was filled in as typed answers."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.answers import Seat
from kindzorg.needs.definition import FieldKind, FormField
from kindzorg.needs.queries import Voice
from kindzorg.needs.rules import (
    Amount,
    Carrying,
    Feeling,
    FirstPass,
    Helper,
    Importance,
    Respondent,
    Topic,
    TopicAnswer,
    Whose,
)
from kindzorg.needs.seats import Beside, Way
from kindzorg.ui.fields import Option, OptionsRow, faces_field

WORDS = {
    "nothing_needed_and_asked": _("Nothing is needed, and something is asked. Choose one of the two."),
    "nothing_needed_and_topics": _(
        "Topics are chosen, and also that there is nothing. Choose one of the two."
    ),
    "first_pass_empty": _(
        "Choose at least one topic, or say that there is nothing here. Or skip this question."
    ),
    "topics_not_offered": _("One of the topics is not asked any more. Choose again."),
    "answer_empty": _("Fill in something, or skip this topic."),
    "member_needed": _("Write about whom this is."),
    "carrying_empty": _("Choose at least one answer, or skip this question."),
    "scan_domains_unanswered": _("The scan cannot be closed yet. Not every life domain has an answer."),
    "needs_not_now": _("The needs scan cannot begin in this phase."),
}
TEXT_LENGTH = 4000
# Fields of a topic that a child sees at once, and that it may find under "tell more", in each form.
CHILD_FIRST = {
    Way.PICTURES: ("feeling",),
    Way.SHORT: ("feeling", "now"),
    Way.WHOLE: ("feeling", "now", "wish", "needed", "importance"),
}
CHILD_MORE = {
    Way.PICTURES: ("now",),
    Way.SHORT: ("wish", "helpers", "needed", "importance"),
    Way.WHOLE: ("managed", "helpers", "from_whom"),
}
BESIDE = (Beside.MOTHER, Beside.FATHER, Beside.FAMILY, Beside.NURSE, Beside.OTHER)


def _words_field(label: str, hint: str = "", rows: int = 3) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, widget=area, required=False, max_length=TEXT_LENGTH)


class SaidForm(forms.Form):
    """Free words to one question. Empty words are a way of passing on."""

    mark_optional = False

    def __init__(self, *args: Any, part: str, audience: str, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question = text(f"needs.opening.{part}.question", audience, language)
        hint = text(f"needs.opening.{part}.hint", audience, language)
        self.fields["words"] = _words_field(question, hint, rows=6)


class FirstPassForm(forms.Form):
    """Which topics of a domain to talk about, or nothing at all."""

    mark_optional = False

    def __init__(
        self,
        *args: Any,
        domain: LifeDomain,
        topics: tuple[Topic, ...],
        audience: str,
        language: str,
        hints: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.domain = domain
        choices = [
            (
                t.id,
                Option(
                    t.title(audience, language), t.hint(audience, language) if hints else "", pictogram=t.id
                ),
            )
            for t in topics
        ]
        self.fields["topics"] = forms.MultipleChoiceField(
            label=text(f"needs.opening.first_pass.{domain}", audience, language),
            help_text=text("needs.opening.first_pass.hint", audience, language),
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["nothing_needed"] = forms.BooleanField(
            label=text("needs.opening.first_pass.none", audience, language), required=False
        )

    def answer(self, voice: Voice, now: datetime) -> FirstPass:
        """What was chosen."""
        chosen = self.cleaned_data
        return FirstPass(
            **voice.given(now),
            domain=self.domain,
            topics=tuple(chosen["topics"]),
            nothing_needed=chosen["nothing_needed"],
        )


class TopicForm(forms.Form):
    """The short form of a topic: what is essential first, the rest under "tell more"."""

    mark_optional = False

    def __init__(
        self,
        *args: Any,
        asked: tuple[FormField, ...],
        respondent: Respondent,
        language: str,
        way: Way = Way.WHOLE,
        nurse_first: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        audience = str(respondent.audience)
        self.respondent = respondent
        child = respondent is Respondent.CHILD
        self.first = tuple(f.id for f in asked if (f.id in CHILD_FIRST[way] if child else f.essential))
        for field in asked:
            if not child or field.id in (*CHILD_FIRST[way], *CHILD_MORE[way]):
                self.fields[field.id] = _question(field, audience, language)
        if way is not Way.PICTURES:
            self.fields["nothing_needed"] = _tick("nothing_needed", audience, language)
        if child and nurse_first:
            self.fields["nurse_first"] = _tick("nurse_first", audience, language)

    @property
    def essential(self) -> list[Any]:
        """The fields that are shown at once."""
        return [self[name] for name in self.first]

    @property
    def more(self) -> list[Any]:
        """The fields under "tell more"."""
        return [
            self[name]
            for name in self.fields
            if name not in (*self.first, "nothing_needed", "nurse_first", "written_in")
        ]

    @property
    def more_open(self) -> bool:
        """Whether something stands under "tell more", or is wrong there."""
        return any(field.errors or field.value() for field in self.more)

    def answer(self, voice: Voice, now: datetime, topic: str) -> TopicAnswer:
        """What was filled in, typed."""
        said = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
            if name != "written_in"
        }
        typed: dict[str, Any] = {
            "importance": Importance(said["importance"]) if said.get("importance") else None,
            "feeling": Feeling(said["feeling"]) if said.get("feeling") else None,
            "from_whom": tuple(Helper(word) for word in said.get("from_whom", ())),
        }
        return TopicAnswer(**voice.given(now), topic=topic, **{**said, **typed})


def _question(field: FormField, audience: str, language: str) -> forms.Field:
    label = field.label(audience, language)
    choices = [(choice, field.choice(choice, audience, language)) for choice in field.choices]
    if field.id == "feeling":
        return faces_field(label, choices)
    hint = "" if field.id == "importance" else text(f"needs.form.{field.id}.hint", audience, language)
    if field.kind is FieldKind.CHOICE:
        return forms.ChoiceField(label=label, choices=choices, widget=OptionsRow, required=False)
    if field.kind is FieldKind.CHOICES:
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(
            label=label, help_text=hint, choices=choices, widget=widget, required=False
        )
    return _words_field(label, hint)


def _tick(name: str, audience: str, language: str) -> forms.BooleanField:
    label = text(f"needs.form.{name}.label", audience, language)
    hint = text(f"needs.form.{name}.hint", audience, language)
    return forms.BooleanField(label=label, help_text=hint, required=False)


class SeatForm(forms.Form):
    """In which form a child answers, and who sits beside it. `here`: whether it answers at this keyboard."""

    mark_optional = False

    def __init__(self, *args: Any, here: bool, audience: str, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

        def say(key: str) -> str:
            return text(f"needs.seat.{key}", audience, language)

        if here:
            who = [(str(one), say(f"beside_{one}")) for one in BESIDE]
            self.fields["beside"] = forms.ChoiceField(
                label=say("beside"),
                choices=[("", say("beside_nobody")), *who],
                widget=OptionsRow,
                required=False,
            )
        ways = [
            (str(way), Option(say(f"way_{way}"), say(f"way_{way}_hint"), pictogram=PICTURES[way]))
            for way in Way
        ]
        self.fields["way"] = forms.ChoiceField(
            label=say("way"),
            choices=[("", Option(say("way_age"), say("way_age_hint"))), *ways],
            widget=forms.RadioSelect,
            required=False,
        )

    def seat(self, voice: Voice, now: datetime) -> Seat:
        """What was chosen."""
        said = self.cleaned_data
        beside = Beside(said["beside"]) if said.get("beside") else None
        given = {**voice.given(now), "beside": beside}
        return Seat(**given, way=Way(said["way"]) if said["way"] else None)


PICTURES = {Way.PICTURES: "feelings", Way.SHORT: "talking", Way.WHOLE: "adulthood"}


class WhoForm(forms.Form):
    """Of each thing that a child said in one part: whether it is for its nurse first."""

    mark_optional = False

    def __init__(self, *args: Any, answers: Iterable[TopicAnswer], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = text("needs.form.nurse_first.label", "child", language)
        for one in answers:
            self.fields[one.topic] = forms.BooleanField(label=label, initial=one.nurse_first, required=False)

    def changed(self, answers: Iterable[TopicAnswer], voice: Voice, now: datetime) -> list[TopicAnswer]:
        """The answers that are for somebody else now."""
        said = self.cleaned_data
        return [
            replace(one, **{**voice.given(now), "beside": one.beside}, nurse_first=said[one.topic])
            for one in answers
            if one.topic in said and said[one.topic] != one.nurse_first
        ]


class CarryingForm(forms.Form):
    """Load and carrying power of one family member, in five words. `known` members need no name."""

    mark_optional = False

    def __init__(self, *args: Any, known: bool, audience: str, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scale = [(amount, text(f"needs.carrying.scale.{amount}", audience, language)) for amount in Amount]
        if not known:
            label = text("needs.carrying.member.label", audience, language)
            self.fields["member"] = forms.CharField(
                label=label, max_length=80, error_messages={"required": WORDS["member_needed"]}
            )
            self.fields["whose"] = forms.ChoiceField(
                label=_("Who is this in your family?"),
                choices=[(Whose.PARENTS, _("A parent or carer")), (Whose.SIBLINGS, _("A brother or sister"))],
                widget=OptionsRow,
                error_messages={"required": _("Choose who this is in your family.")},
            )
        for part in ("load", "power"):
            label = text(f"needs.carrying.{part}.label", audience, language)
            self.fields[part] = forms.ChoiceField(
                label=label, choices=scale, widget=OptionsRow, required=False
            )
        self.fields["words"] = _words_field(text("needs.carrying.words.label", audience, language))

    def answer(self, voice: Voice, now: datetime, about: Mapping[str, Any]) -> Carrying:
        """What was filled in; `about` gives member and whose for a known member."""
        said = self.cleaned_data
        return Carrying(
            **voice.given(now),
            member=about.get("member") or said["member"].strip(),
            whose=about.get("whose") or Whose(said["whose"]),
            load=Amount(said["load"]) if said["load"] else None,
            power=Amount(said["power"]) if said["power"] else None,
            words=said["words"].strip(),
        )


class CloseForm(forms.Form):
    """Closing asks nothing but the press of a button; it carries what is lacking."""
