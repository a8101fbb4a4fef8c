"""What the pages of phase 2 show: who sits at the scan, what is next, and everybody's words beside one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.access.ages import age
from kindzorg.access.roles import Role
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.texts import content, text
from kindzorg.journey.rules import Phase
from kindzorg.journey.views import child_frame
from kindzorg.needs import queries
from kindzorg.needs.answers import Seat
from kindzorg.needs.queries import FilledScan, Voice
from kindzorg.needs.rules import (
    Answers,
    Respondent,
    ScanDefinition,
    Status,
    Topic,
    current,
    minutes_left,
)
from kindzorg.needs.seats import Way, beside_on, way_for
from kindzorg.ui.marks import STATUSES

STATUS = {Status.NOT_STARTED: "todo", Status.BUSY: "busy", Status.DONE: "done"}


def language() -> str:
    """The language of the page."""
    return (get_language() or "nl")[:2]


@dataclass(frozen=True, slots=True)
class Sitting:
    """One reader at the scan of one child, answering as `voice`: for themselves, or typing for another."""

    opened: OpenedChild
    filled: FilledScan | None
    family: Sequence[Any]
    voices: tuple[Voice, ...]
    voice: Voice | None
    age: int | None
    event: str = ""

    @property
    def audience(self) -> str:
        """For whom the questions are worded: who answers them, else who reads."""
        return str(self.voice.respondent.audience if self.voice else self.opened.audience)

    @property
    def typing(self) -> bool:
        """Whether the answers are typed for somebody else."""
        return bool(self.voice and self.voice.entered_by)

    @property
    def scan(self) -> ScanDefinition:
        """The definition of the scan. Raises Missing when there is no scan."""
        return self.some.answers.scan

    @property
    def some(self) -> FilledScan:
        """The scan. Raises Missing when there is none."""
        if self.filled is None:
            raise Missing("no_open_scan", child_id=self.opened.child.id)
        return self.filled

    def own(self, answers: Answers | None) -> Answers | None:
        """What the one who answers gave, of these answers."""
        if answers is None or self.voice is None:
            return None
        voice = self.voice

        def of(given: Sequence[Any]) -> Any:
            return tuple(
                a for a in given if (a.respondent, a.person_id) == (voice.respondent, voice.person_id)
            )

        return current(
            replace(
                answers,
                opening=of(answers.opening),
                strengths=of(answers.strengths),
                first_pass=of(answers.first_pass),
                topics=of(answers.topics),
                carrying=of(answers.carrying),
            )
        )

    @property
    def mine(self) -> Answers:
        """What the one who answers gave in this scan."""
        return self.own(self.some.answers) or Answers(version=self.some.row.version)

    @property
    def seats(self) -> Sequence[Seat]:
        """In which form the child answered, and beside whom, in this scan and before."""
        filled = self.filled
        return (
            *(filled.before.seats if filled and filled.before else ()),
            *(filled.answers.seats if filled else ()),
        )

    @property
    def way(self) -> Way:
        """In which form the child answers; who is not the child answers all."""
        return way_for(self.age, self.seats) if is_child(self) else Way.WHOLE

    @property
    def nurse_first(self) -> bool:
        """Whether the child can say something to its nurse first: not where a parent types."""
        own = self.voices[0].respondent if self.voices else None
        return is_child(self) and own is not Respondent.PARENT

    @property
    def earlier(self) -> Answers | None:
        """What the one who answers gave in earlier scans."""
        return self.own(self.filled.before) if self.filled else None


def sit(request: Any, child_id: UUID, event: str) -> Sitting:
    """Open the scan to read (written to the trail), or to answer. `?for=` names the person who speaks.

    Without an event nothing is shown, so that no read is written: the page only leads on. What is sent in is
    written by its action, and by `show` when the page comes back.
    Raises Refused when the reader may neither read nor answer, or may not speak for that person.
    """
    if request.method == "POST" or not event:
        opened = child_for(request.actor, child_id, request.today)
    else:
        opened = _open(request, child_id, event)
    actor, subject, on = request.actor, opened.subject, request.today
    family = queries.family_for(actor, subject, on)
    voices = queries.voices_for(actor, subject, on, family)
    asked = request.GET.get("for", "")
    voice = next((one for one in voices if asked in ("", str(one.person_id))), None)
    if asked and voice is None:
        raise Refused("refused", permission="needs.answer", child_id=child_id)
    birth_date = opened.child.birth_date
    years = age(birth_date, on) if birth_date else None
    filled = queries.scan_for(actor, subject, on, voices)
    return _seated(Sitting(opened, filled, family, voices, voice, years, event), on)


def _seated(sitting: Sitting, on: date) -> Sitting:
    """With who sits beside the child today, so that it stands with its answers."""
    voice = sitting.voice
    if voice is None or not is_child(sitting):
        return sitting
    return replace(sitting, voice=replace(voice, beside=beside_on(on, sitting.seats, voice.entered_by)))


def _open(request: Any, child_id: UUID, event: str) -> OpenedChild:
    """A parent without authority may not read the scan, and comes in to answer."""
    roles = {grant.role for grant in request.actor.grants if grant.scope_id == child_id}
    answers = roles == {Role.PARENT_WITHOUT_AUTHORITY}
    return open_child(
        request.actor, child_id, "needs.answer_parent" if answers else "needs.read", event, request.now
    )


def sit_to_answer(request: Any, child_id: UUID, event: str = "needs.question_read") -> tuple[Sitting, Voice]:
    """Open the scan on a page with a question. Raises Missing when no scan is open or nothing is asked of one."""
    sitting = sit(request, child_id, event)
    if sitting.voice is None or not sitting.some.open:
        raise Missing("no_open_scan", child_id=child_id)
    return sitting, sitting.voice


def show(request: Any, sitting: Sitting, page: str, context: Mapping[str, Any]) -> HttpResponse:
    """A page of the scan inside the frame of the child; one that comes back after a mistake is a look too."""
    if request.method == "POST":
        _open(request, sitting.opened.child.id, sitting.event)
    frame = child_frame(request, sitting.opened, "needs")
    return render(
        request, f"needs/{page}.html", {**frame, **_common(request, sitting, frame["journey"]), **context}
    )


def _common(request: Any, sitting: Sitting, journey: Any) -> dict[str, Any]:
    """What every page of the scan may show: who speaks, texts in the reader's wording, the ways on."""
    audience, said = sitting.audience, language()
    child_id = sitting.opened.child.id
    words = {
        "skip": "form.skip.label",
        "nothing_needed": "form.nothing_needed.label",
        "later_title": "form.later.label",
        "title": "opening.title",
        "intro": "opening.intro",
        "opening_question": "opening.healthy.question",
        "carrying_intro": "carrying.intro",
        "carrying_notice": "carrying.notice",
    }
    return {
        "voice": sitting.voice,
        "audience": audience,
        "child_asked": is_child(sitting),
        "pictures": not sitting.way.telling,
        "typing": sitting.typing,
        "filled": sitting.filled,
        "hub_url": reverse("needs", args=[child_id]) + suffix(sitting),
        "t": {key: text(f"needs.pages.{key}", audience, said) for key in content("needs", "pages")},
        "may_read": policy.may(request.actor, "needs.read", sitting.opened.subject, request.today),
        **{name: text(f"needs.{key}", audience, said) for name, key in words.items()},
        **{f"{name}_url": address(sitting, name) for name in ("next", "check", "carrying", "thanks")},
        "may_begin": _may_begin(request, sitting, journey),
        "readers_url": _readers_url(request, sitting),
        "other_url": address(sitting, "carrying_of", "other"),
    }


def _readers_url(request: Any, sitting: Sitting) -> str:
    about = sitting.opened.subject, request.today
    may = any(policy.may(request.actor, f"mark.{one}", *about) for one in ("set", "set_own"))
    return address(sitting, "readers") if may and sitting.filled else ""


def _may_begin(request: Any, sitting: Sitting, journey: Any) -> bool:
    """Whether a scan can begin: in phase 2, and from the plan a rescan by who may lead the journey back."""
    if sitting.voice is None or journey is None or (sitting.filled and sitting.filled.open):
        return False
    if journey.phase == Phase.CAREPLAN and sitting.filled:
        return policy.may(request.actor, "journey.step", sitting.opened.subject, request.today)
    return bool(journey.phase == Phase.NEEDS)


def suffix(sitting: Sitting) -> str:
    """What an address carries when somebody types for another."""
    return f"?for={sitting.voice.person_id}" if sitting.voice and sitting.voice.entered_by else ""


def address(sitting: Sitting, page: str, *keys: object) -> str:
    """The address of a page of this scan, for the same voice."""
    return reverse(f"needs_{page}", args=[sitting.opened.child.id, *keys]) + suffix(sitting)


def minutes_words(sitting: Sitting) -> str:
    """How long one's part still takes, in words; empty when it is done."""
    if sitting.voice is None:
        return ""
    whose = (sitting.voice.respondent, sitting.voice.person_id)
    left = minutes_left(sitting.some.answers, *whose, telling=sitting.way.telling)
    label = text("needs.form.minutes.label", sitting.audience, language())
    return label.format(minutes=left) if left else ""


def topic_words(topic: Topic, audience: str) -> dict[str, Any]:
    """A topic as a page names it."""
    return {
        "id": topic.id,
        "title": topic.title(audience, language()),
        "hint": topic.hint(audience, language()),
        "domain": str(topic.domain),
    }


def status_words(status: Status) -> str:
    """A status as the task list words it."""
    return str(STATUSES[STATUS[status]][0])


def others(sitting: Sitting) -> list[dict[str, Any]]:
    """The family members for whom one may type."""
    hub_url = reverse("needs", args=[sitting.opened.child.id])
    return [
        {"name": one.name, "respondent": one.respondent, "url": f"{hub_url}?for={one.person_id}"}
        for one in sitting.voices
        if one.entered_by
    ]


def is_child(sitting: Sitting) -> bool:
    """Whether it is the child who answers."""
    return sitting.voice is not None and sitting.voice.respondent is Respondent.CHILD


def plan_address(sitting: Sitting) -> str:
    """The page of the plan, where there is one."""
    try:
        return reverse("plan", args=[sitting.opened.child.id])
    except NoReverseMatch:
        return ""
