"""The week in the reader's words, and as a picture."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.careplan.agreements.rules import Who, WhoKind
from kindzorg.careplan.cover.queries import (
    WeekView,
    coming_for,
    may_see_week,
    meets_week_at_start,
    own_in,
    speaks_for,
)
from kindzorg.careplan.cover.rules import CareDemand, CoverState, Gap, OtherNurse, Stretch
from kindzorg.careplan.visits.rules import (
    DAY,
    WEEKDAYS,
    ZONE,
    Occurrence,
    Place,
    Rhythm,
    Window,
    instant,
    parts_of,
)
from kindzorg.careplan.weeks import Asked, Week
from kindzorg.careteam.competences.queries import Able
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.texts import content, text
from kindzorg.core.vocabulary import LifeDomain

STAMP = "%Y-%m-%dT%H:%M"
# The picture: a column per day, an hour is HOUR high; in units of the drawing.
COLUMN, HOUR, LEFT, TOP = 100, 20, 34, 26
SMALL_HOURS = time(3)
FAMILY = (WhoKind.RELATIVE, WhoKind.OTHER)


def say(key: str, audience: str, **given: object) -> str:
    """A text of the week's pages for a reader."""
    return text(f"careplan.week.{key}", audience, (get_language() or "nl")[:2]).format(**given)


class Say:
    """All texts of the week's pages for one reader: `{{ t.title }}`."""

    def __init__(self, audience: str) -> None:
        self.audience = audience

    def __getitem__(self, key: str) -> str:
        return say(key, self.audience)


def act_words(acts: Iterable[str], audience: str) -> str:
    """The acts, one after another."""
    language = (get_language() or "nl")[:2]
    return ", ".join(text(f"careteam.acts.{act}", audience, language).lower() for act in acts)


def domain_words(domain: LifeDomain, audience: str) -> str:
    """A life domain by name."""
    return text(f"ui.domains.{domain}", audience, (get_language() or "nl")[:2])


def hours(window: Window | Occurrence | Stretch) -> str:
    """From when until when, as the clock shows it."""
    return f"{window.start.astimezone(ZONE):%H:%M}–{window.end.astimezone(ZONE):%H:%M}"


def day_words(at: datetime | date) -> str:
    """The day of the week and the date."""
    day = at.astimezone(ZONE).date() if isinstance(at, datetime) else at
    return date_format(day, "l j E")


def who_line(who: Who) -> str:
    """Who comes, with the organisation where that says more."""
    more = who.organisation and who.organisation != who.name
    return f"{who.name}, {who.organisation}" if more else who.name


def _weekdays(rule: str) -> list[int]:
    """The days of the week in a rule, Monday is 0; none where it names none, or every day."""
    named = parts_of(rule).get("BYDAY", "").split(",") if rule else []
    days = [number for number, word in enumerate(WEEKDAYS) if word in named]
    return days if len(days) < len(WEEKDAYS) else []


def rhythm_words(rhythm: Rhythm) -> str:
    """From when until when, and on which days of the week."""
    days = _weekdays(rhythm.rule)
    end = (datetime.combine(rhythm.starts_on, rhythm.start) + timedelta(minutes=rhythm.minutes)).time()
    words = ", ".join(str(WEEKDAYS_ABBR[day]) for day in days)
    return f"{rhythm.start:%H:%M}–{end:%H:%M}" + (f" ({words})" if words else "")


def demand_row(one: CareDemand, audience: str) -> dict[str, Any]:
    """What is needed: when, what, and who may do it."""
    return {
        "demand": one,
        "when": rhythm_words(one.said.rhythm),
        "acts": act_words(one.said.acts, audience),
        "domain": domain_words(one.said.domain, audience),
        "may": say(f"may_{one.said.may_cover}", audience),
    }


def able_rows(people: Iterable[Able], audience: str) -> list[dict[str, Any]]:
    """Who can do what, seen by whom, until when, and whether the law reserves it."""
    return [
        {"name": one.name, "acts": [_able_row(act, *seen, audience) for act, seen in one.acts.items()]}
        for one in people
    ]


def _able_row(act: str, by: str, until: date, audience: str) -> dict[str, Any]:
    return {
        "words": act_words([act], audience),
        "seen": say("able_seen", audience, who=by),
        "until": say("able_until", audience, day=date_format(until, "j E Y")),
        "reserved": content("careteam", "acts")[act]["reserved"],
    }


def gap_words(gap: Stretch, audience: str) -> str:
    """Why hours are not covered."""
    if gap.gap == Gap.NOT_ABLE:
        return say("gap_not_able", audience, acts=act_words(gap.acts, audience))
    return say("gap_nobody", audience)


def gap_url(child_id: UUID, gap: Stretch) -> str:
    """The page on which somebody is sought for these hours."""
    when = {"from": gap.start.strftime(STAMP), "to": gap.end.strftime(STAMP)}
    return f"{reverse('week_gap', args=[child_id, gap.demand.id])}?{urlencode(when)}"


def gap_rows(
    gaps: Sequence[Stretch], view: WeekView, opened: OpenedChild, request: Any
) -> list[dict[str, Any]]:
    """Hours that nobody covers and that are not past, each with who was asked."""
    may = policy.may(request.actor, "schedule.change", opened.subject, request.today)
    return [_gap_row(one, view, opened, may) for one in gaps if one.end > request.now]


def _gap_row(gap: Stretch, view: WeekView, opened: OpenedChild, may: bool) -> dict[str, Any]:
    return {
        "gap": True,
        "day": day_words(gap.start),
        "hours": hours(gap),
        "words": gap_words(gap, opened.audience),
        "asked": [
            *filter(None, (_asked_words(one, opened.audience) for one in view.asked if _about(one, gap)))
        ],
        "url": gap_url(opened.child.id, gap) if may else "",
        "start": gap.start,
    }


def _about(one: Asked, gap: Stretch) -> bool:
    same = one.demand_id == gap.demand.id
    return same and one.window.start < gap.end and gap.start < one.window.end


def _asked_words(one: Asked, audience: str) -> str:
    if one.state == CoverState.ASKED:
        return say("asked_waiting", audience, who=one.who.name)
    if one.state == CoverState.DECLINED and audience != "child":
        return say("asked_declined", audience, who=one.who.name, reason=one.reason)
    return ""


def visit_row(one: Occurrence, view: WeekView, opened: OpenedChild, request: Any) -> dict[str, Any]:
    """One visit: when, who, where, for what, and what is different."""
    audience = opened.audience
    mine = speaks_for(request.actor, one.who, one.user_id)
    may = policy.may(request.actor, "schedule.change", opened.subject, request.today)
    answers = policy.may(request.actor, "schedule.answer", opened.subject, request.today)
    return {
        "gap": False,
        "day": day_words(one.start),
        "hours": hours(one),
        "who": one.who.name if audience == "child" else who_line(one.who),
        "place": say(f"place_{one.series.place}", audience),
        "pictogram": _moment(one),
        "what": "" if audience == "child" else view.what.get(one.series.id, ""),
        "off": one.cancelled,
        "reason": "" if audience == "child" else one.reason,
        "moved": one.moved,
        "instead": say("instead", audience, who=one.instead_of) if one.instead_of else "",
        "own": mine,
        "url": reverse("week_visit", args=[opened.child.id, one.series.id, one.on.isoformat()])
        if may or (mine and answers)
        else "",
        "start": one.start,
    }


def other_words(one: OtherNurse, audience: str) -> str:
    """Who gives nursing and is no paediatric nurse, from which day, with which reserved acts."""
    said = say("other_line", audience, who=one.who, day=day_words(one.on))
    return f"{said} ({act_words(one.acts, audience)})" if one.acts else said


def week_page(view: WeekView, opened: OpenedChild, request: Any) -> dict[str, Any]:
    """The page: what is open, the picture, and the same as a list with a heading per day, today first."""
    monday = view.window.start.astimezone(ZONE).date()
    open_now = gap_rows(view.gaps, view, opened, request)
    rows = [visit_row(one, view, opened, request) for one in view.visits] + open_now
    # A child is not told weeks ahead that nobody comes yet: that is for the grown-ups to mend.
    later = [one for one in view.ahead if one.start >= view.window.end and opened.audience != "child"]
    days = [_day(monday + number * DAY, rows, request.today) for number in range(7)]
    past = [one for one in days if one["past"] and monday <= request.today < monday + 7 * DAY]
    return {
        "open": open_now,
        "others": [other_words(one, opened.audience) for one in view.others],
        "later": gap_rows(later, view, opened, request)[:5],
        "covered": bool(view.demands) and not open_now,
        "days": [one for one in days if one not in past],
        "earlier": past,
        "picture": picture(view, monday, request.today),
        **week_steps(monday),
        "now_week": monday <= request.today < monday + 7 * DAY,
        "whole": view.whole,
    }


def week_steps(monday: date) -> dict[str, Any]:
    """The week from this Monday, and how an address names the week before it and the one after."""
    return {
        "monday": monday,
        "last": monday + 6 * DAY,
        "previous": f"{monday - 7 * DAY:%G-W%V}",
        "following": f"{monday + 7 * DAY:%G-W%V}",
    }


def _day(day: date, rows: Sequence[Mapping[str, Any]], today: date) -> dict[str, Any]:
    there = [one for one in rows if one["start"].astimezone(ZONE).date() == day]
    there.sort(key=lambda one: (one["start"], one["gap"]))
    return {"date": day, "words": day_words(day), "today": day == today, "past": day < today, "rows": there}


def coming(request: Any, opened: OpenedChild, week: Week) -> dict[str, Any]:
    """For the start page: who is there now or comes next, three at most, and the words around it."""
    there = coming_for(request.actor, opened.subject, week, request.now)[:3]
    rows = [
        {
            "time": f"{one.start.astimezone(ZONE):%H:%M}",
            "title": one.who.name,
            "line": say(f"place_{one.series.place}", opened.audience),
            "person": one.who.name,
            "pictogram": _moment(one),
            "domain": "social" if one.who.kind in FAMILY else "medical",
        }
        for one in there
    ]
    return {
        "coming": rows,
        "says_none": meets_week_at_start(request.actor, opened, request.today),
        "week_words": Say(opened.audience),
        "sees_week": bool(rows) or _sees(request, opened),
    }


def _moment(one: Occurrence) -> str:
    """The pictogram of a visit: the night when it is there in the small hours, else the place."""
    begins, ends = one.start.astimezone(ZONE), one.end.astimezone(ZONE)
    at_night = begins <= datetime.combine(ends.date(), SMALL_HOURS, ZONE) < ends
    return "nights" if at_night else str(one.series.place)


def visits_for(request: Any, opened: OpenedChild, visits: Iterable[Occurrence]) -> dict[str, Any]:
    """For the page of an agreement: its next visits, whether the reader may plan one for it, and the words."""
    may = policy.may(request.actor, "schedule.answer", opened.subject, request.today)
    rows = [
        {
            "day": day_words(one.start),
            "hours": hours(one),
            "who": one.who.name if opened.audience == "child" else who_line(one.who),
            "place": say(f"place_{one.series.place}", opened.audience),
            "moved": one.moved,
        }
        for one in visits
    ]
    words = say("plan_button", opened.audience)
    return {"next_visits": rows, "may_plan": may, "plan_words": words, "t": Say(opened.audience)}


def _sees(request: Any, opened: OpenedChild) -> bool:
    return may_see_week(request.actor, opened.subject, request.today)


def own_today(request: Any, weeks: Mapping[UUID, Week], names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """For the start page of who visits: the own visits of today, over all children whose weeks were read."""
    window = Window(request.now, instant(request.today + DAY, time()))
    found = [
        (one, names[child_id], child_id)
        for child_id, week in weeks.items()
        for one in own_in(request.actor, week, window)
        if child_id in names
    ]
    return [
        {
            "time": f"{one.start.astimezone(ZONE):%H:%M}",
            "title": f"{name}: {hours(one)}",
            "line": say(f"place_{one.series.place}", "professional"),
            "url": reverse("week", args=[child_id]),
            "person": name,
        }
        for one, name, child_id in sorted(found, key=lambda one: one[0].start)
    ]


# --- the picture -------------------------------------------------------------------------------------------


def picture(view: WeekView, monday: date, today: date) -> dict[str, Any]:
    """Shapes on a grid of seven days: who is there, and loudly, in shape and word, where nobody is."""
    blocks = [
        (one.start, one.end, _kind(one), one.who.name.split(" ")[0])
        for one in view.visits
        if not one.cancelled
    ]
    shapes: list[dict[str, Any]] = []
    for number in range(7):
        day = monday + number * DAY
        there = [(*cut, kind, name) for start, end, kind, name in blocks if (cut := _cut(start, end, day))]
        shapes += _lanes(there, LEFT + number * COLUMN)
        holes = [cut for one in view.gaps if (cut := _cut(one.start, one.end, day))]
        shapes += [
            _shape((begin, end, "open", "!"), LEFT + number * COLUMN, COLUMN - 6) for begin, end in holes
        ]
    return {
        "width": LEFT + 7 * COLUMN,
        "height": TOP + 24 * HOUR + 6,
        "shapes": shapes,
        "hours": [{"y": TOP + hour * HOUR, "words": f"{hour:02}"} for hour in range(0, 24, 3)],
        "days": [_column(monday + number * DAY, number, today) for number in range(7)],
        "top": TOP,
        "tall": 24 * HOUR,
        "left": LEFT,
    }


def _column(day: date, number: int, today: date) -> dict[str, Any]:
    x = LEFT + number * COLUMN
    return {"x": x, "middle": x + COLUMN // 2 - 3, "words": date_format(day, "D j"), "today": day == today}


def _kind(one: Occurrence) -> str:
    if one.series.place != Place.HOME:
        return "away"
    return "family" if one.who.kind in FAMILY else "care"


def _cut(start: datetime, end: datetime, day: date) -> tuple[int, int] | None:
    """The minutes of this day, as the clock shows them, that lie between two moments; None for none."""
    first, last = start.astimezone(ZONE), end.astimezone(ZONE)
    begin = 0 if first.date() < day else first.hour * 60 + first.minute
    finish = 24 * 60 if last.date() > day else last.hour * 60 + last.minute
    outside = first.date() > day or last.date() < day
    return None if outside or finish <= begin else (begin, finish)


def _lanes(there: Sequence[tuple[int, int, str, str]], left: int) -> list[dict[str, Any]]:
    """Who is there at the same time stands beside one another."""
    ends: list[int] = []
    placed: list[tuple[int, tuple[int, int, str, str]]] = []
    for one in sorted(there):
        lane = next((number for number, end in enumerate(ends) if end <= one[0]), len(ends))
        ends[lane:] = [*([one[1]] if lane == len(ends) else [one[1], *ends[lane + 1 :]])]
        placed.append((lane, one))
    wide = (COLUMN - 6) // max(1, len(ends))
    return [_shape(one, left + lane * wide, wide) for lane, one in placed]


def _shape(one: tuple[int, int, str, str], left: int, wide: int) -> dict[str, Any]:
    begin, end, kind, name = one
    top, tall = TOP + begin * HOUR / 60, max(4.0, (end - begin) * HOUR / 60)
    return {
        "x": left,
        "y": round(top, 1),
        "width": max(4, wide - 2),
        "height": round(tall, 1),
        "kind": kind,
        "name": name[: max(1, wide // 8)] if tall >= 17 else "",
        "text_x": left + 5,
        "text_y": round(top + 14, 1),
    }
