"""A photo or document in a form of the room whose it is."""

from typing import Any

from django import forms
from django.conf import settings

from kindzorg.core.errors import Invalid
from kindzorg.record.files.pages import errors_for, hint, say
from kindzorg.record.files.rules import ACCEPT, LONGEST_ALT, Prepared, check_alt, check_size, prepared
from kindzorg.ui.wording import add_to_form


class AttachmentForm(forms.Form):
    """Adds a photo or document, which nobody has to give, and what is on it. The form is `multipart/form-data`."""

    file = forms.FileField(
        required=False, allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ACCEPT})
    )
    alt = forms.CharField(required=False, max_length=LONGEST_ALT)

    def __init__(self, data: Any, files: Any, audience: str, **options: Any) -> None:
        super().__init__(data, files, **options)
        self.audience = audience
        file, alt = self.fields["file"], self.fields["alt"]
        file.label, file.help_text = say("file", audience), hint(audience)
        alt.label, alt.help_text = say("alt", audience), say("alt_hint", audience)

    def clean(self) -> dict[str, Any]:
        """What was chosen, ready to be kept: refused at the field where it cannot be. A word alone keeps no file."""
        given = super().clean() or {}
        chosen = given.get("file")
        if chosen is None:
            return given
        try:
            most = settings.KINDZORG_FILE_MEGABYTES
            check_size(chosen.size or 0, most)  # Before it is read.
            given["file"] = prepared(chosen.read(), most)
            if "alt" not in self.errors:
                check_alt(given["alt"])
        except Invalid as error:
            add_to_form(self, error, errors_for(error, self.audience))
        return given

    def attachment(self) -> tuple[Prepared, str] | None:
        """What was chosen and what is on it; None where nothing was."""
        file = self.cleaned_data.get("file")
        return (file, self.cleaned_data["alt"]) if isinstance(file, Prepared) else None
