"""An error in words, also where an organisation worded it anew; and a hint is never markup."""

from django import forms

from kindzorg.core.errors import Invalid
from kindzorg.ui.wording import word


def test_only_a_place_is_filled() -> None:
    error = Invalid("full", most=3, said="50 %")
    words = {"full": "100 % vol: hoogstens %(most)s, %s en %(other)s. %(said)s"}
    assert word(error, words) == "100 % vol: hoogstens 3, %s en %(other)s. 50 %"


def test_a_name_in_a_hint_is_no_markup() -> None:
    class Asks(forms.Form):
        words = forms.CharField(help_text="Wat zegt <b>Noor</b>?")

    shown = str(Asks()["words"].as_field_group())
    assert "&lt;b&gt;Noor" in shown and "<b>" not in shown
