"""What is typed at "Wie heeft gekeken": who and when one looks for, a question, an answer."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kindzorg.audit.queries import Party
from kindzorg.audit.rules import Sought
from kindzorg.ui.fields import DateInput

OTHERS = "others"
WORDS = {
    "question_needed": _("Write what you want to know."),
    "answer_needed": _("Write the answer."),
    "answered_already": _("%(by)s answered this meanwhile. Both answers are here; theirs was sent."),
}


class SoughtForm(forms.Form):
    """Who, of which organisation, and when. Everything may stay empty."""

    mark_optional = False
    who = forms.ChoiceField(label=_("Who"), required=False)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=DateInput)
    until = forms.DateField(label=_("Up to and including"), required=False, widget=DateInput)

    def __init__(self, data: Any, parties: Sequence[Party]) -> None:
        super().__init__(data)
        people = {str(one.id): one.name for one in parties}
        houses = {str(one.organisation_id): one.organisation for one in parties if one.organisation_id}
        everyone = [("", gettext("everyone")), (OTHERS, gettext("everyone but myself"))]
        self.fields["who"].choices = [*everyone, *people.items()]  # type: ignore[attr-defined]
        by_name = sorted(houses.items(), key=lambda house: house[1])
        self.fields["organisation"].choices = [("", gettext("all")), *by_name]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A period begins before it ends."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", gettext("This day comes before the first."))
        return given

    def sought(self, before: datetime | None) -> Sought:
        """What is looked for, of a form that is valid."""
        given = self.cleaned_data
        who, house, until = given["who"], given["organisation"], given["until"]
        return Sought(
            person_id=UUID(who) if who and who != OTHERS else None,
            others=who == OTHERS,
            organisation_id=UUID(house) if house else None,
            since=_midnight(given["since"]),
            until=_midnight(until, days=1),
            before=before,
        )


def moment(written: str) -> datetime | None:
    """A moment as it travels in an address; None for anything else."""
    try:
        found = parse_datetime(written)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    """The moment at which a day begins. No line is older or younger than these years, and no clock goes further."""
    if day is None:
        return None
    day = min(max(day, date(1900, 1, 1)), date(9000, 1, 1)) + timedelta(days)
    return timezone.make_aware(datetime.combine(day, time.min))


class QuestionForm(forms.Form):
    """A question about something that somebody did."""

    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        error_messages={"required": WORDS["question_needed"]},
    )

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label


class AnswerForm(forms.Form):
    """The answer of the privacy officer."""

    words = forms.CharField(
        label=_("Your answer"),
        help_text=_("The family reads it as you write it. Plain words, short sentences."),
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=8000,
        error_messages={"required": WORDS["answer_needed"]},
    )


class KeptForm(forms.Form):
    """A seal as it was kept elsewhere."""

    kept = forms.CharField(
        label=_("The seal that you kept"),
        help_text=_("The number, a colon, and 64 letters and digits."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_kept(self) -> tuple[int, str]:
        """Number and digest, in small letters."""
        number, _, digest = str(self.cleaned_data["kept"]).strip().lower().partition(":")
        if not re.fullmatch("[0-9]{1,18}", number) or len(digest) != 64:
            raise forms.ValidationError(gettext("This is no seal. Type the number, a colon, and the rest."))
        return int(number), digest
