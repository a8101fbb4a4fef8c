"""What is typed on a how-to card, as values."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings

from kindzorg.careplan.howto.rules import LONGEST, LONGEST_TITLE, MOST_STEPS, HowTo, NewCardStep, NewHowTo
from kindzorg.careplan.wording import Say
from kindzorg.core.errors import Invalid
from kindzorg.record.files.pages import errors_for as file_errors
from kindzorg.record.files.pages import hint
from kindzorg.record.files.pages import say as say_of_files
from kindzorg.record.files.rules import ACCEPT, LONGEST_ALT, Prepared, check_alt, check_size, prepared
from kindzorg.ui.wording import word

FEWEST, SPARE = 4, 2


class HowToForm(forms.Form):
    """A card: a title, rows of steps with a photo where that helps, what to watch and whom to call. A row that is left
    empty is no step."""

    title = forms.CharField(max_length=LONGEST_TITLE)
    watch = forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
    call = forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any, files: Any, audience: str, card: HowTo) -> None:
        start: dict[str, Any] = {"title": card.title, "watch": card.watch, "call": card.call}
        super().__init__(data, files, initial={**start, "after": card.number})
        self.card, self.audience, self.said = card, audience, Say(audience, "howto")
        for name in ("title", "watch", "call"):
            self.fields[name].label = self.said[f"ask_{name}"]
        self.fields["title"].error_messages["required"] = self.said["card_title"]
        self.count = min(MOST_STEPS, max(FEWEST, len(card.steps) + SPARE))
        for number in range(self.count):
            self._add_step(number)

    def _add_step(self, number: int) -> None:
        step = self.card.steps[number] if number < len(self.card.steps) else None
        said, shown = self.said, number + 1
        words = forms.CharField(
            required=False,
            max_length=LONGEST,
            label=said["ask_step"].format(number=shown),
            initial=step.words if step else "",
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        file = forms.FileField(
            required=False,
            allow_empty_file=True,
            label=said["ask_photo"].format(number=shown),
            help_text=hint(self.audience),
            widget=forms.FileInput(attrs={"accept": ACCEPT}),
        )
        alt = forms.CharField(
            required=False, max_length=LONGEST_ALT, label=said["ask_alt"].format(number=shown)
        )
        self.fields |= {f"words_{number}": words, f"file_{number}": file, f"alt_{number}": alt}
        if step and step.photo and not step.photo.gone:
            self.fields[f"drop_{number}"] = forms.BooleanField(
                required=False, label=said["ask_drop"].format(number=shown)
            )

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """The steps as the page shows them: the words first, the photo folded."""
        for number in range(self.count):
            names = [f"{name}_{number}" for name in ("drop", "file", "alt")]
            more = [self[name] for name in names if name in self.fields]
            step = self.card.steps[number] if number < len(self.card.steps) else None
            yield {
                "words": self[f"words_{number}"],
                "more": more,
                "photo": step.photo if step else None,
                "open": any(one.errors for one in more),
            }

    def clean(self) -> dict[str, Any]:
        """Each photo ready to be kept, refused at its field where it cannot be; and at least one step."""
        given = super().clean() or {}
        for number in range(self.count):
            self._prepare(given, number)
            if given.get(f"file_{number}") and not given.get(f"words_{number}"):
                self.add_error(f"words_{number}", self.said["photo_without_words"])
        if not any(given.get(f"words_{number}") for number in range(self.count)):
            self.add_error("words_0", self.said["card_steps"].format(most=MOST_STEPS))
        return given

    def _prepare(self, given: dict[str, Any], number: int) -> None:
        chosen, alt = given.get(f"file_{number}"), given.get(f"alt_{number}", "")
        if chosen is None:
            return
        try:
            most = settings.KINDZORG_FILE_MEGABYTES
            check_size(chosen.size or 0, most)  # Before it is read.
            given[f"file_{number}"] = prepared(chosen.read(), most)
            check_alt(alt)
        except Invalid as error:
            for name in error.fields or ("file",):
                self.add_error(f"{name}_{number}", word(error, file_errors(error, self.audience)))

    def card_given(self) -> NewHowTo:
        """What was typed, of a form that is valid."""
        given = self.cleaned_data
        steps = [self._step(number) for number in range(self.count) if given.get(f"words_{number}")]
        told = {name: given[name] for name in ("title", "watch", "call", "after")}
        return NewHowTo(act=self.card.act, steps=steps, **told)

    def _step(self, number: int) -> NewCardStep:
        given = self.cleaned_data
        file, words = given.get(f"file_{number}"), given[f"words_{number}"]
        if isinstance(file, Prepared):
            return NewCardStep(words=words, photo=(file, given[f"alt_{number}"]))
        step = self.card.steps[number] if number < len(self.card.steps) else None
        kept = step.photo if step and not given.get(f"drop_{number}") else None
        return NewCardStep(words=words, kept_id=kept.id if kept else None)


class TipForm(forms.Form):
    """A tip."""

    words = forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any, audience: str) -> None:
        super().__init__(data)
        self.said = Say(audience, "howto")
        self.fields["words"].label = self.said["ask_tip"]
        self.fields["words"].error_messages["required"] = self.said["tip_says_nothing"]


def photo_words(audience: str) -> dict[str, str]:
    """What is said at a photo."""
    return {key: say_of_files(key, audience) for key in ("photo_open", "document_open", "gone")}
