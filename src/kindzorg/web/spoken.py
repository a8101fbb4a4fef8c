"""Which language somebody of the family speaks, and whether an interpreter is needed: written down with who said so."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.careteam.queries import open_child
from kindzorg.careteam.spoken.actions import say_spoken
from kindzorg.careteam.spoken.queries import spoken_of
from kindzorg.careteam.spoken.rules import SPOKEN, SpokenView
from kindzorg.core.vocabulary import Truth
from kindzorg.journey.interpreters import language_choices, say
from kindzorg.journey.views import child_frame
from kindzorg.ui.fields import OptionsRow


class SpokenForm(forms.Form):
    """A language, and yes, no or not known."""

    language = forms.ChoiceField()
    interpreter = forms.ChoiceField(widget=OptionsRow)

    def __init__(self, data: Any, audience: str, one: SpokenView) -> None:
        super().__init__(data, initial={"language": one.language, "interpreter": one.interpreter})
        language, interpreter = self.fields["language"], self.fields["interpreter"]
        language.label, interpreter.label = (
            say("language", audience, name=one.name),
            say("interpreter", audience),
        )
        # A language that somebody was registered with before may be none of the list.
        others = [] if one.language in SPOKEN else [("", "")]
        language.choices = [*others, *language_choices(audience)]  # type: ignore[attr-defined]
        answers = [(str(one), say(f"answer_{one}", audience)) for one in Truth]
        interpreter.choices = answers  # type: ignore[attr-defined]


def spoken(request: Any, child_id: UUID, relative_id: UUID) -> HttpResponse:
    """The language of one of the family. Their own, or for who keeps the team."""
    opened = open_child(request.actor, child_id, "team.read", "team.read", request.now)
    one, own = spoken_of(request.actor, opened.subject, relative_id, request.today)
    if not own:
        policy.require(request.actor, "team.change", opened.subject, request.today)
    form = SpokenForm(request.POST or None, opened.audience, one)
    if request.method == "POST" and form.is_valid():
        said = (form.cleaned_data["language"], Truth(form.cleaned_data["interpreter"]))
        say_spoken(request.actor, opened.subject, relative_id, said, request.now)
        return redirect("child_team", child_id)
    words = {key: say(key, opened.audience) for key in ("title", "lead", "save")}
    context = {**child_frame(request, opened, "child_team"), "t": words, "form": form, "name": one.name}
    return render(request, "web/spoken.html", context)
