"""What there is to search: everything this reader may read of the child, by the same queries as the pages.

There is no second rule of who may see what: what a query keeps from the reader is not here, and so cannot be found.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from kindzorg.access import policy
from kindzorg.careplan.evaluations.queries import every_evaluation_later
from kindzorg.careplan.pages import agreement_row, evaluation_rows
from kindzorg.careplan.proposals.pages import proposal_row
from kindzorg.careplan.proposals.queries import proposals_later
from kindzorg.careplan.queries import every_version_later, part_for
from kindzorg.careplan.reports.queries import every_report_later
from kindzorg.careplan.rules import AgreementView, EvaluationView, GoalView, PlanView, VersionStatus
from kindzorg.careplan.wording import step_words
from kindzorg.careteam.queries import OpenedChild, team_for
from kindzorg.core.statements import Later, together
from kindzorg.core.vocabulary import Audience, LifeDomain
from kindzorg.needs.pages import Sitting
from kindzorg.needs.portrait.pages import cards
from kindzorg.needs.portrait.queries import portrait_later
from kindzorg.needs.queries import TO_ANSWER, Voice, respondent_of, scan_later
from kindzorg.needs.wording import said_by_family, together_page
from kindzorg.record.notes.queries import family_notes_later, notes_later
from kindzorg.record.notes.rules import entries
from kindzorg.record.pages import sections
from kindzorg.record.queries import known_later
from kindzorg.web.roles import role_name
from kindzorg.web.search.rules import Kind, Passage

Source = tuple[Later[Any], Callable[[Any], Iterator[Passage]]]
Seen = Mapping[UUID | None, Sequence[EvaluationView]]


def passages(request: Any, opened: OpenedChild) -> list[Passage]:
    """All of it, in two statements, however much there is; four for who sees only a part of the plan."""
    sources = list(_sources(request, opened))
    found = together([later for later, _told in sources])
    return [
        *(one for rows, (_later, told) in zip(found, sources, strict=True) for one in told(rows)),
        *_part_of_plan(request, opened),
        *_people(request, opened),
    ]


def _sources(request: Any, opened: OpenedChild) -> Iterator[Source]:
    about = (request.actor, opened.subject, request.today)

    def may(*permissions: str) -> bool:
        return any(policy.may(request.actor, one, *about[1:]) for one in permissions)

    if may("report.read", "report.read_part"):
        yield every_report_later(*about), partial(_reports, opened)
    if may("plan.read"):
        versions, evaluations = every_version_later(*about), every_evaluation_later(*about)
        split = len(versions.rows)
        both = Later(
            (*versions.rows, *evaluations.rows),
            lambda *rows: (versions.read(*rows[:split]), evaluations.read(*rows[split:])),
        )
        yield both, partial(_plan, opened)
    if may("plan.read", "plan.read_part"):
        yield proposals_later(*about), partial(_proposals, opened)
    if may("needs.read"):
        own = respondent_of(*about)
        voice = Voice(own, request.actor.id, request.actor.name) if may(TO_ANSWER[own]) else None
        yield scan_later(*about), partial(_needs, opened, voice)
    if may("record.read"):
        yield known_later(*about), partial(_file, opened)
    if may("note.read"):
        yield notes_later(*about), lambda views: _notes(opened, entries(views))
    if may("note.read_family"):
        yield family_notes_later(*about), partial(_notes, opened)
    if may("portrait.read"):
        yield portrait_later(*about), partial(_portrait, request, opened)


def _at(name: str, opened: OpenedChild, *more: Any) -> str:
    return reverse(name, args=[opened.child.id, *more])


def _reports(opened: OpenedChild, found: Sequence[Any]) -> Iterator[Passage]:
    for one in found:
        kept = one.attachment.alt if one.attachment and not one.attachment.gone else ""
        url = _at("report", opened, one.id)
        by = ", ".join(filter(None, (one.by, one.organisation)))
        texts = tuple(filter(None, (one.words, kept)))
        yield Passage(kind=Kind.REPORT, title="", texts=texts, at=one.happened_at, by=by, url=url)


def _plan(opened: OpenedChild, found: tuple[Sequence[PlanView], Seen]) -> Iterator[Passage]:
    """The newest plan as its versions say it: what is equal in several is found once, where it stands now."""
    versions, seen = found
    newest: dict[int, PlanView] = {}
    for one in versions:
        if one.version.number in newest:
            break  # From here on they are of an earlier plan, which has no page of its own.
        newest[one.version.number] = one
    now = _now(tuple(newest.values()))
    ordered = sorted(newest.values(), key=lambda one: one is not now)
    met: set[Any] = set()
    for view in ordered:
        number = None if view is now else view.version.number
        for passage in _version(opened, view, number):
            key = (passage.kind, passage.title, passage.texts)
            if key not in met:
                met.add(key)
                yield passage
    if now:
        yield from _evaluations(opened, now, seen)


def _now(versions: Sequence[PlanView]) -> PlanView | None:
    """The version that the pages of the plan show: the one in force, else the one that is decided about."""
    for wanted in (
        (VersionStatus.IN_FORCE,),
        (VersionStatus.OFFERED, VersionStatus.AGREED, VersionStatus.APPROVED),
    ):
        for one in versions:
            if one.version.status in wanted:
                return one
    return None


def _version(opened: OpenedChild, view: PlanView, number: int | None) -> Iterator[Passage]:
    for goal in view.goals:
        yield _goal(opened, goal, view, number)
        for one in goal.agreements:
            yield _agreement(opened, one, view, number)
    for one in view.loose:
        yield _agreement(opened, one, view, number)
    whole = _at("plan_full", opened) if number is None else _at("plan_version", opened, number)
    for none in view.no_goals:
        texts = tuple(filter(None, (none.content.why,)))
        yield Passage(kind=Kind.GOAL, title=none.content.need.words, texts=texts, at=_moment(view), url=whole)


def _moment(view: PlanView) -> Any:
    return view.version.in_force_at or view.version.created_at


def _goal(opened: OpenedChild, goal: GoalView, view: PlanView, number: int | None) -> Passage:
    url = (
        _at("plan_goal", opened, goal.id)
        if number is None
        else _at("plan_version_goal", opened, number, goal.id)
    )
    texts = tuple(step_words(goal.content, opened.audience)) + tuple(one.words for one in goal.content.needs)
    return Passage(kind=Kind.GOAL, title=goal.content.words, texts=texts, at=_moment(view), url=url)


def _agreement(opened: OpenedChild, one: AgreementView, view: PlanView, number: int | None) -> Passage:
    row = agreement_row(one, opened)
    said = (row["who"], row["where"], row["when"], row["situation"], row["protocol"])
    texts = tuple(str(each) for each in said if each)
    url = (
        _at("plan_agreement", opened, one.id)
        if number is None
        else _at("plan_version_agreement", opened, number, one.id)
    )
    return Passage(kind=Kind.AGREEMENT, title=row["what"], texts=texts, at=_moment(view), url=url)


def _evaluations(opened: OpenedChild, now: PlanView, seen: Seen) -> Iterator[Passage]:
    goals = {goal.id: step_words(goal.content, opened.audience) for goal in now.goals}
    where: dict[UUID | None, str] = {None: _at("plan_look", opened)}
    where |= {key: _at("plan_goal", opened, key) for key in goals}
    where |= {one.id: _at("plan_agreement", opened, one.id) for one in now.agreements}
    for key, found in seen.items():
        for row in evaluation_rows(
            found if key in where else (), goals.get(key, ()) if key else (), opened.audience
        ):
            texts = tuple(filter(None, (row["family_view"], row["words"])))
            told = {"at": row["at"], "by": row["by"], "url": where[key]}
            yield Passage(kind=Kind.EVALUATION, title=str(row["title"]), texts=texts, **told)


def _proposals(opened: OpenedChild, found: Sequence[Any]) -> Iterator[Passage]:
    for one in found:
        row = proposal_row(one, opened)
        texts = tuple(filter(None, (one.what, one.why, one.words, one.when, one.where, one.reason)))
        told = {"at": one.at, "by": row["by"], "url": row["url"]}
        yield Passage(kind=Kind.PROPOSAL, title=row["title"], texts=texts, **told)


def _needs(opened: OpenedChild, voice: Voice | None, filled: Any) -> Iterator[Passage]:
    """Everybody's words in the newest scan, with what holds from earlier ones."""
    if filled is None:
        return
    # As whom somebody reads decides the words of the questions, as on the page.
    sitting = Sitting(opened, filled, (), (), voice, None)
    # What goes well stands on no page for everybody; while a scan is open a child reads there only what it told itself.
    told = said_by_family(sitting)["opening"]
    for one in () if filled.open and opened.audience == Audience.CHILD else told:
        given = {"at": one["when"], "by": one["name"], "url": _at("needs", opened)}
        yield Passage(kind=Kind.NEED, title="", texts=(one["words"],), **given)
    for domain in LifeDomain:
        url = _at("needs_together", opened, domain)
        for topic in together_page(sitting, domain)["topics"]:
            for column in topic["columns"]:
                texts = tuple(str(row["value"]) for row in column.get("rows", ()))
                if texts:
                    given = {"at": column["when"], "by": column["name"], "url": url}
                    yield Passage(kind=Kind.NEED, title=topic["title"], texts=texts, **given)


def _file(opened: OpenedChild, file: Any) -> Iterator[Passage]:
    for section in sections(file, str(opened.audience)):
        for row in section["rows"]:
            texts = tuple(str(one) for one in (row["value"], row["tag"], *row["lines"]) if one)
            url = f"{_at('record', opened)}#{section['kind']}"
            yield Passage(
                kind=Kind.FILE, title=str(row["title"]), texts=texts, when=str(row["source"]), url=url
            )


def _notes(opened: OpenedChild, found: Sequence[Any]) -> Iterator[Passage]:
    for one in found:
        if one.words:
            given = {"at": one.at, "by": one.by, "url": _at("notes", opened)}
            yield Passage(kind=Kind.NOTE, title="", texts=(one.words,), **given)


def _portrait(request: Any, opened: OpenedChild, found: Sequence[Any]) -> Iterator[Passage]:
    for card in cards(request, opened, found, empty=False):
        for piece in card["pieces"]:
            given = {"at": piece["at"], "by": piece["who"], "url": _at("portrait", opened)}
            yield Passage(kind=Kind.PORTRAIT, title=card["title"], texts=(piece["words"],), **given)


def _part_of_plan(request: Any, opened: OpenedChild) -> Iterator[Passage]:
    """The own agreements of who reads no more of the plan than that."""
    about = (opened.subject, request.today)
    if policy.may(request.actor, "plan.read", *about) or not policy.may(
        request.actor, "plan.read_part", *about
    ):
        return
    found = part_for(request.actor, *about)
    for one in found.agreements if found else ():
        if found:
            yield _agreement(opened, one, found, None)


def _people(request: Any, opened: OpenedChild) -> Iterator[Passage]:
    if not policy.may(request.actor, "team.read", opened.subject, request.today):
        return
    for member in team_for(request.actor, opened.subject, request.today):
        who = member.professional or member.relative or member.organisation
        house = member.professional.organisation if member.professional else None
        texts = tuple(filter(None, (role_name(member.role), member.task, house.name if house else "")))
        yield Passage(kind=Kind.PERSON, title=str(who), texts=texts, url=_at("child_team", opened))
