"""What is typed to find a text, and to word it anew."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language

from kindzorg.core.errors import DomainError
from kindzorg.core.languages import NAMES
from kindzorg.core.texts import content, text
from kindzorg.core.vocabulary import Audience
from kindzorg.people.house.rules import LONGEST, TextPlace, dutch_of, places_in
from kindzorg.ui.fields import whole_number
from kindzorg.web.house.catalogue import rooms

READERS = {Audience.CHILD: "child", Audience.PARENT: "parent", Audience.PROFESSIONAL: "staff"}


def say(key: str, **given: object) -> str:
    """A text of these pages."""
    return text(f"web.own_texts.{key}", Audience.PROFESSIONAL, (get_language() or "nl")[:2]).format(**given)


def named(what: str) -> str:
    """The name of a room ("room.web") or a topic ("web.news"); of a topic that is fixed the name of its room."""
    known, language = content("web", "own_topics"), (get_language() or "nl")[:2]
    there = what if what in known else f"room.{what.partition('.')[0]}"
    return text(f"web.own_topics.{there}", Audience.PROFESSIONAL, language)


def words_of_page() -> Mapping[str, str]:
    """All that the pages say without anything filled in."""
    language = (get_language() or "nl")[:2]
    return {
        key: text(f"web.own_texts.{key}", Audience.PROFESSIONAL, language)
        for key in content("web", "own_texts")
    }


class FindForm(forms.Form):
    """Words of a text, where it stands, who reads it and in which language."""

    q = forms.CharField(required=False, max_length=120, widget=forms.TextInput(attrs={"type": "search"}))
    room = forms.ChoiceField(required=False)
    audience = forms.ChoiceField(required=False, initial=str(Audience.PARENT))
    language = forms.ChoiceField(required=False, choices=list(NAMES.items()))

    mark_optional = False

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        labels = {"q": "ask", "room": "ask_room", "audience": "ask_audience", "language": "ask_language"}
        for name, key in labels.items():
            self.fields[name].label = say(key)
        self.fields["q"].help_text = say("ask_hint")
        self.fields["room"].choices = [  # type: ignore[attr-defined]
            ("", say("all_rooms")),
            *((one, named(f"room.{one}")) for one in rooms()),
        ]
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            (str(one), say(READERS[one])) for one in (Audience.PARENT, Audience.CHILD, Audience.PROFESSIONAL)
        ]

    def asked(self) -> dict[str, str]:
        """What is looked for; what an address says beside the choices is left out."""
        given = self.cleaned_data if self.is_valid() else {}
        return {
            "q": given.get("q") or "",
            "room": given.get("room") or "",
            "audience": given.get("audience") or str(Audience.PARENT),
            "language": given.get("language") or "nl",
        }

    def page(self) -> int:
        """Which page of what is found."""
        return min(max(whole_number(self.data.get("page", "")) or 1, 1), 1000)


class WordsForm(forms.Form):
    """The words, and the version that they replace."""

    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}))
    instead_of = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any, place: TextPlace, words: str, number: int) -> None:
        super().__init__(data, initial={"words": words, "instead_of": number})
        field = self.fields["words"]
        field.label, field.widget.attrs["lang"] = say("ask_words"), place.language
        field.widget.attrs["dir"] = "auto"
        field.error_messages["required"] = say("words_required")
        if places := sorted(places_in(dutch_of(place))):
            field.help_text = say("places_hint", places=", ".join(places))


def errors_for(error: DomainError) -> Mapping[str, str]:
    """The sentence for one error, as `add_to_form` takes it. A per cent sign in it is no place."""
    given = {"longest": LONGEST, "places": "", "sign": "", "theirs": "", **error.data}
    return {error.code: say(error.code, **given).replace("%", "%%")}
