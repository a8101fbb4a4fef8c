"""What the pages of phase 2 show: who sits at the scan, what is next, and everybody's words beside one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.access.ages import age
from kindzorg.access.roles import Role
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.texts import content, text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.rules import Phase
from kindzorg.journey.views import child_frame
from kindzorg.needs import queries
from kindzorg.needs.definition import OPENING
from kindzorg.needs.queries import FilledScan, Voice
from kindzorg.needs.rules import (
    Answers,
    Cell,
    Respondent,
    ScanDefinition,
    ScanReader,
    Status,
    Topic,
    current,
    hub,
    later_topics,
    minutes_left,
    open_topics,
)
from kindzorg.ui.marks import STATUSES

STATUS = {Status.NOT_STARTED: "todo", Status.BUSY: "busy", Status.DONE: "done"}
PARTS = dict(zip(OPENING, ("opening", "strengths"), strict=True))


def language() -> str:
    """The language of the page."""
    return (get_language() or "nl")[:2]


@dataclass(frozen=True, slots=True)
class Step:
    """One page of somebody's part of the scan."""

    page: str
    key: str
    done: bool
    domain: LifeDomain | None = None


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
    return Sitting(opened, queries.scan_for(actor, subject, on, voices), family, voices, voice, years, event)


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


def steps_of(sitting: Sitting) -> tuple[Step, ...]:
    """The pages of one's part in order: opening, strengths, four choices, the topics chosen, carrying power."""
    mine, who = sitting.mine, sitting.voice.respondent if sitting.voice else Respondent.NURSE
    passed = {given.domain for given in mine.first_pass if given.passed}
    finished = {answer.topic for answer in mine.topics if answer.answered or answer.skipped}
    chosen = open_topics(mine.first_pass, who, sitting.scan)
    opening = [Step("said", part, bool(getattr(mine, name))) for part, name in PARTS.items()]
    return (
        *(opening if sitting.scan.paces[who].opening else ()),
        *(Step("first", domain, domain in passed, domain) for domain in LifeDomain),
        *(Step("topic", topic.id, topic.id in finished, topic.domain) for topic in chosen),
        Step("carrying", "", bool(mine.carrying)),
    )


def next_address(sitting: Sitting, page: str = "", key: str = "") -> str:
    """The first thing still open after this page (from the beginning without one); then the answers to check."""
    steps = steps_of(sitting)
    here = next((i for i, step in enumerate(steps) if (step.page, step.key) == (page, key)), -1)
    for step in steps[here + 1 :]:
        if not step.done:
            return address(sitting, step.page, *([step.key] if step.key else []))
    return address(sitting, "check")


def go_on(request: Any, sitting: Sitting, page: str, key: str = "") -> HttpResponse:
    """After an answer: read the scan again and go to what is still open."""
    filled = queries.scan_for(request.actor, sitting.opened.subject, request.today, sitting.voices)
    return redirect(next_address(replace(sitting, filled=filled), page, key))


def place(sitting: Sitting, page: str, key: str = "") -> dict[str, Any]:
    """How far one is: "question 4 of 10", and the domain that colours the page."""
    steps = steps_of(sitting)
    here = next((i for i, step in enumerate(steps, 1) if (step.page, step.key) == (page, key)), 0)
    domain = steps[here - 1].domain if here else None
    return {"place": here, "places": len(steps), "domain": domain and str(domain)}


def minutes_words(sitting: Sitting) -> str:
    """How long one's part still takes, in words; empty when it is done."""
    if sitting.voice is None:
        return ""
    left = minutes_left(sitting.some.answers, sitting.voice.respondent, sitting.voice.person_id)
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


def later_of(sitting: Sitting) -> list[dict[str, Any]]:
    """The topics chosen that are kept for another day."""
    if sitting.voice is None:
        return []
    mine = sitting.mine
    finished = {answer.topic for answer in mine.topics}
    later = later_topics(mine.first_pass, sitting.voice.respondent, sitting.scan)
    return [
        {**topic_words(topic, sitting.audience), "url": address(sitting, "topic", topic.id)}
        for topic in later
        if topic.id not in finished
    ]


def status_words(status: Status) -> str:
    """A status as the task list words it."""
    return str(STATUSES[STATUS[status]][0])


def own_cells(sitting: Sitting) -> dict[str, dict[str, Any]]:
    """One's own part, per domain: status, where it goes on, and how many topics are answered."""
    who = sitting.voice.respondent if sitting.voice else Respondent.NURSE
    cells = hub(sitting.mine, sitting.voice.person_id if sitting.voice else None)
    return {str(domain): _own_cell(sitting, domain, cells[domain][who]) for domain in LifeDomain}


def _own_cell(sitting: Sitting, domain: LifeDomain, cell: Cell) -> dict[str, Any]:
    still = [step for step in steps_of(sitting) if step.domain is domain and not step.done]
    page = (still[0].page, still[0].key) if still else ("first", domain)
    return {
        "domain": str(domain),
        "title": text(f"needs.opening.domain.{domain}", sitting.audience, language()),
        "status": STATUS[cell.status],
        "words": status_words(cell.status),
        "url": address(sitting, *page),
        "answered": cell.answered,
        "opened": cell.opened,
    }


def topic_page(sitting: Sitting, topic: Topic) -> dict[str, Any]:
    """What stands around the form of a topic: its name, one's earlier answer, and what may be undone."""
    given = [answer for answer in sitting.mine.topics if answer.topic == topic.id]
    from_earlier = not given and any(a.topic == topic.id for a in _earlier_topics(sitting))
    rescan = text("needs.closing.rescan", sitting.audience, language()) if from_earlier else ""
    found = place(sitting, "topic", topic.id)
    return {
        **found,
        "topic": topic_words(topic, sitting.audience),
        "domain": str(topic.domain),
        "given": given[0] if given and not given[0].skipped else None,
        "was_skipped": bool(given and given[0].skipped),
        "rescan_words": rescan,
        "take_back_url": address(sitting, "take_back", topic.id),
        "together_url": address(sitting, "together_topic", topic.domain, topic.id),
    }


def _earlier_topics(sitting: Sitting) -> tuple[Any, ...]:
    return sitting.earlier.topics if sitting.earlier else ()


def topic_initial(sitting: Sitting, topic: str) -> dict[str, Any]:
    """What the form of a topic begins with: one's last answer, also that of an earlier scan."""
    known = (*_earlier_topics(sitting), *sitting.mine.topics)
    given = next((answer for answer in reversed(known) if answer.topic == topic), None)
    if given is None:
        return {"nurse_first": sitting.scan.topic(topic).nurse_first}
    return {name: getattr(given, name) for name in given.__slots__ if name not in ("topic", "skipped")}


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


def ways(sitting: Sitting) -> list[dict[str, str]]:
    """The other pages of one's part: carrying power, the answers, and in a rescan what changed."""
    pages = ["carrying", "check"] + (["changes"] if sitting.some.before else [])
    words = {"carrying": "carrying", "check": "check", "changes": "changed"}
    found = [
        {
            "title": text(f"needs.pages.{words[page]}", sitting.audience, language()),
            "url": address(sitting, page),
        }
        for page in pages
    ]
    if sitting.some.reader is ScanReader.FROM_12:
        title = text("needs.pages.together", sitting.audience, language())
        found.append({"title": title, "url": address(sitting, "together", LifeDomain.MEDICAL)})
    return found


def plan_address(sitting: Sitting) -> str:
    """The page of the plan, where there is one."""
    try:
        return reverse("plan", args=[sitting.opened.child.id])
    except NoReverseMatch:
        return ""
