"""The file that a nurse sends in, and the sentences for a file that cannot be taken."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kindzorg.fhir.payload import LIMIT, Refusal

WORDS = {
    Refusal.EMPTY: _("There is nothing in this file. Ask the sender to send it again."),
    Refusal.TOO_LARGE: _(
        "This file is too large: at most 20 MB. Ask the sender for a handover without films or scans."
    ),
    Refusal.ENCODING: _("This file is written in another character set. Ask the sender for UTF-8."),
    Refusal.XML: _("This file is XML. Ask the sender for the same handover as FHIR JSON."),
    Refusal.BINARY: _(
        "This is a PDF, a picture or an archive, not a handover. Ask the sender for FHIR JSON."
    ),
    Refusal.NOT_JSON: _("This file cannot be read: something is wrong in line %(line)s, place %(column)s."),
    Refusal.TRUNCATED: _("The end of this file is missing (line %(line)s). Ask the sender to send it again."),
    Refusal.TOO_DEEP: _(
        "This file is nested too deeply (more than %(limit)s levels). It is no ordinary handover."
    ),
    Refusal.DUPLICATE_KEY: _(
        "This file says the same thing twice in one place (%(key)s), so it is not clear which counts."
    ),
    Refusal.FORBIDDEN_CHARACTER: _(
        "There is a character in this file that cannot be kept. Ask the sender to send it again."
    ),
    Refusal.NOT_FHIR: _("This file is not a handover in FHIR R4. Ask the sender for FHIR R4 JSON."),
    Refusal.TOO_MANY: _("There are %(count)s parts in this file; at most %(limit)s can be read at once."),
    Refusal.TWO_CHILDREN: _("This file is about more than one child. Ask the sender for a file per child."),
    Refusal.OTHER_CHILD: _("This file is about another child than the one you chose."),
    "handover_no_child": _(
        "This file does not say about which child it is. Open the child's file and read it in there."
    ),
    "handover_no_leader": _(
        "You cannot begin a new file: that is done by a paediatric nurse of an organisation."
    ),
    "upload_failed": _(
        "Reading this file did not work, after three attempts. Nothing was taken. Try it again."
    ),
    "child_not_found": _("You do not see this child any more. Nothing was taken."),
    "refused": _("You may not read in a handover about this child any more. Nothing was taken."),
    "account_closed": _("The account that sent this file was closed. Nothing was taken."),
    "handover_known_maybe": _(
        "There is already a child with this name and birth date. Look whether it is the same child."
    ),
}
"""Sentences by error code."""


class HandoverForm(forms.Form):
    """A handover as a file."""

    file = forms.FileField(
        label=_("Which file did you receive?"),
        help_text=_("FHIR R4 as JSON or NDJSON, at most 20 MB."),
        allow_empty_file=True,
        error_messages={"required": _("Choose the file that you received.")},
        widget=forms.ClearableFileInput(
            attrs={"accept": ".json,.ndjson,application/json,application/fhir+json"}
        ),
    )
    source = forms.CharField(
        label=_("Who sent it?"),
        help_text=_("Only needed when the file does not say so itself."),
        required=False,
        max_length=200,
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > LIMIT:
            raise forms.ValidationError(WORDS[Refusal.TOO_LARGE])
        return file


class NewHandoverForm(HandoverForm):
    """A handover of a child that may be new here."""

    other_child = forms.BooleanField(label=_("It is another child: make a new file"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: tuple[tuple[Any, str], ...] = ()
        self.fields["other_child"].widget = forms.HiddenInput()

    def ask_whether_other(self, known: Any) -> None:
        """Show the children that it may be, and let the nurse say that it is another."""
        self.known = tuple(known)
        self.fields["other_child"].widget = forms.CheckboxInput()
