"""The plan with all its versions, and how the care ends or goes on."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kindzorg.careplan.pages import agreement_row, evaluation_rows, goal_row, said_so_far, version_tag
from kindzorg.careplan.proposals.pages import proposal_rows
from kindzorg.careplan.queries import every_evaluation_for, every_version_for, proposals_for
from kindzorg.careplan.rules import AgreementView, EvaluationView, GoalView, PlanView, SignatureView
from kindzorg.careplan.wording import step_words, version_name
from kindzorg.careteam.queries import OpenedChild
from kindzorg.closure.pages import record_rows
from kindzorg.closure.pages import say as say_of_closure
from kindzorg.closure.queries import checklist_for, records_for, transition_for
from kindzorg.closure.rules import Chapter as TransitionChapter
from kindzorg.closure.rules import ClosureRecord
from kindzorg.ui.wording import quoted
from kindzorg.web.copies.parts import Item, Section, domain_words, filled, said, section, words

Seen = Mapping[UUID | None, Sequence[EvaluationView]]


def plan(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """Every version, newest first: its goals with their agreements, and what each of the family said of it.

    What was seen over time stands once, at the version in which a goal is met first.
    """
    about = (request.actor, opened.subject, request.today)
    versions = every_version_for(*about)
    seen = dict(every_evaluation_for(*about)) if versions else {}
    sections = []
    for number, found in enumerate(versions):
        sections.append(_version(found, opened, seen, request, first=number == 0))
        for key in [goal.id for goal in found.goals] + [one.id for one in found.agreements]:
            seen.pop(key, None)
    rows = proposal_rows(proposals_for(*about), opened)
    return filled(*sections, section("proposals", _("Proposals"), [_proposal(row) for row in rows]))


def _proposal(row: Mapping[str, Any]) -> Item:
    one = row["view"]
    fields = said(
        ("about", _("What it is about"), row["title"]),
        ("why", _("Why"), one.why),
        ("wording", _("How it would read"), " · ".join(filter(None, (one.words, one.when, one.where)))),
        ("standing", _("Standing"), row["state"]),
        ("became", _("What became of it"), row["became"]),
        ("answer", _("Answer"), one.reason),
        ("answered_by", _("Answered by"), one.answered_by),
    )
    return Item(_("Proposal"), fields, words=one.what, at=one.at, by=row["by"])


def _version(found: PlanView, opened: OpenedChild, seen: Seen, request: Any, *, first: bool) -> Section:
    audience, version = opened.audience, found.version
    fields = said(
        ("standing", _("Standing"), version_tag(version, audience)["words"]),
        ("in_force", _("In force since"), version.in_force_at),
        ("ended", _("Ended"), version.ended_at),
        ("why", _("Why"), version.why),
    )
    told = said_so_far(version, opened)
    signed = [_signed(one) for one in told["people"]] + (
        [_approved(told["approval"])] if told["approval"] else []
    )
    whole = _evaluations(seen.get(None, ()) if first else (), (), audience)
    items = [
        Item(
            _("About this version"),
            fields,
            at=version.created_at,
            by=version.drafted_by,
            inside=(*signed, *whole),
        ),
        *(_goal(goal, opened, seen, request) for goal in found.goals),
        *(_agreement(one, opened, seen) for one in found.loose),
        *(_no_goal(one.content, audience) for one in found.no_goals),
    ]
    return section(
        f"version_{version.id}", f"{version_name(version)}, {version_tag(version, audience)['words']}", items
    )


def _signed(one: Mapping[str, Any]) -> Item:
    answers = {"yes": _("said yes"), "no": _("said no")}
    heard = said(("heard", _("How"), one["heard"]))
    return Item(f"{one['name']}: {answers[one['answer']]}", heard, words=one["reason"], at=one["at"])


def _approved(one: SignatureView) -> Item:
    answers = {"yes": _("approved"), "no": _("not approved"), "objects": _("objects")}
    return Item(f"{one.name}: {answers[one.answer]}", words=one.reason, at=one.at)


def _goal(goal: GoalView, opened: OpenedChild, seen: Seen, request: Any) -> Item:
    row, audience, content = goal_row(goal, opened, request.today), opened.audience, goal.content
    steps = step_words(content, audience)
    fields = said(
        ("domains", _("Life domain"), domain_words(content.domains, audience)),
        ("whose", _("Whose goal"), row["whose"]),
        ("kind", _("Reach or keep"), row["kind"]),
        ("standing", _("Standing"), row["tag"]),
        ("now", _("How far it is now"), row["step_words"]),
        ("steps", _("The five steps"), [f"{number}. {step}" for number, step in enumerate(steps, 1)]),
        ("review_on", _("Look again on"), goal.review_due),
        ("needs", _("Why this goal"), [need.words for need in content.needs]),
    )
    inside = (
        *(_agreement(one, opened, seen) for one in goal.agreements),
        *_evaluations(seen.get(goal.id, ()), steps, audience),
    )
    return Item(row["title"], fields, inside=inside)


def _agreement(one: AgreementView, opened: OpenedChild, seen: Seen) -> Item:
    row = agreement_row(one, opened)
    fields = said(
        ("who", _("Who"), row["who"]),
        ("where", _("Where"), row["where"]),
        ("when", _("When"), row["when"]),
        ("why", _("Why"), row["why"]),
        ("law", _("Law and payer"), row["law"]),
        ("protocol", _("Protocol"), " ".join(filter(None, (row["protocol"], row["protocol_link"])))),
        ("period", _("Period"), row["period"]),
        ("occasion", _("Only when something happens"), row["occasion"]),
        ("situation", _("When it is for"), row["situation"]),
        ("standing", _("Standing"), row["state"]),
        ("reason", _("Reason"), one.reason),
    )
    return Item(row["what"], fields, inside=_evaluations(seen.get(one.id, ()), (), opened.audience))


def _no_goal(content: Any, audience: str) -> Item:
    fields = said(
        ("domain", _("Life domain"), domain_words([content.domain], audience)), ("why", _("Why"), content.why)
    )
    return Item(_("No goal: “%(need)s”") % {"need": content.need.words}, fields)


def _evaluations(found: Sequence[EvaluationView], steps: Sequence[str], audience: str) -> tuple[Item, ...]:
    return tuple(
        Item(
            _("Looked at together: %(found)s") % {"found": row["title"]},
            said(
                ("family_view", _("What the family finds"), row["family_view"]),
                ("way_on", _("How it goes on"), row["way_on"]),
                ("next_on", _("Look again on"), row["next_on"]),
            ),
            words=row["words"],
            at=row["at"],
            by=row["by"],
        )
        for row in evaluation_rows(found, steps, audience)
    )


def closure(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """How the care ended, each time that it did; the list and the plan towards 18."""
    about, audience = (request.actor, opened.subject, request.today), opened.audience
    texts = transition_for(*about)
    return filled(
        section(
            "endings", words("endings", audience), [_ending(one, audience) for one in records_for(*about)]
        ),
        section(
            "transition",
            words("transition", audience),
            [_chapter(one, texts[one], audience) for one in TransitionChapter if one in texts],
        ),
        section(
            "towards_18",
            words("towards_18", audience),
            [_point(one, audience) for one in checklist_for(*about)],
        ),
    )


def _ending(record: ClosureRecord, audience: str) -> Item:
    needs = tuple(
        Item(quoted(row["need"]), said(("settled", _("What was arranged"), row["words"])))
        for row in record_rows(record, audience)
    )
    fields = said(("contact", _("Whom to call"), record.contact))
    title = say_of_closure(f"ending.{record.ending}", audience)
    return Item(title, fields, words=record.note, at=record.decided_on, by=record.decided_by, inside=needs)


def _chapter(chapter: TransitionChapter, text: Any, audience: str) -> Item:
    return Item(
        say_of_closure(f"chapter.{chapter}", audience), words=text.words, at=text.created_at, by=text.by
    )


def _point(point: Any, audience: str) -> Item:
    fields = said(
        ("before", _("Before"), point.item.due), ("done", _("Done"), _("yes") if point.done else _("no"))
    )
    return Item(
        say_of_closure(f"checklist.{point.item.id}", audience), fields, by=point.mark.by if point.mark else ""
    )
