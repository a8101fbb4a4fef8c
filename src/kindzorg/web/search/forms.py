"""What is typed to search with."""

from collections.abc import Mapping
from typing import Any

from django import forms

from kindzorg.ui.fields import whole_number
from kindzorg.web.search.rules import LONGEST, Kind


class SearchForm(forms.Form):
    """The words, and of which kind something must be. Whatever else an address says is left out."""

    q = forms.CharField(max_length=LONGEST, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.CharField(required=False, widget=forms.Select)

    def __init__(self, data: Any, words: Mapping[str, str]) -> None:
        super().__init__(data)
        self.fields["q"].label, self.fields["q"].help_text = words["ask"], words["hint"]
        self.fields["q"].error_messages |= {"max_length": words["too_long"], "required": words["nothing"]}
        self.fields["kind"].label = words["ask_kind"]
        kinds = [("", words["kind_all"]), *((str(one), words[f"kind_{one}"]) for one in Kind)]
        self.fields["kind"].widget.choices = kinds  # type: ignore[attr-defined]

    def typed(self) -> str:
        """What is looked for; nothing where it is too much."""
        return str(self.cleaned_data.get("q", "")) if self.is_valid() else ""

    def chosen(self) -> Kind | None:
        """The kind that is asked for, if there is one."""
        kind = self.data.get("kind", "")
        return Kind(kind) if kind in set(Kind) else None

    def page(self) -> int:
        """Which page of what is found."""
        return min(max(whole_number(self.data.get("page", "")) or 1, 1), 1000)
