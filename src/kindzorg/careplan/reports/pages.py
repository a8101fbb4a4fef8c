"""Reports and the daybook in the reader's words."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from kindzorg.access import policy
from kindzorg.access.policy import EVERY_DOMAIN
from kindzorg.careplan import queries as plans
from kindzorg.careplan.reports.forms import Offered
from kindzorg.careplan.reports.queries import reports_for, tongues_of
from kindzorg.careplan.reports.rules import Asked, Reach, ReportView
from kindzorg.careplan.wording import Say, language
from kindzorg.careteam.marks.queries import marks_for
from kindzorg.careteam.marks.rules import MarkState
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import DomainError
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.record.files.pages import errors_for as file_errors
from kindzorg.record.files.pages import say as say_of_files
from kindzorg.record.notes.pages import mark_row
from kindzorg.record.notes.pages import say as say_of_notes
from kindzorg.record.translated.pages import say as say_of_words
from kindzorg.record.translated.pages import tongue_rows, words_address
from kindzorg.record.translated.rules import WordsOf

ERRORS = ("report_says_nothing", "report_too_long", "report_other_time", "report_about_two")


def domain_word(domain: LifeDomain | None, audience: str) -> str:
    """The life domain that it is about; the day where it is none in particular."""
    said = Say(audience, "reports")
    return text(f"ui.domains.{domain}", audience, language()) if domain else said["domain_day"]


def errors_for(error: DomainError, audience: str) -> Mapping[str, str]:
    """The sentence for one error, as `add_to_form` takes it."""
    if error.code in ERRORS:
        return {error.code: Say(audience, "reports")[error.code].format(**error.data)}
    return file_errors(error, audience)


def row(one: ReportView, opened: OpenedChild) -> dict[str, Any]:
    """An entry as a list shows it."""
    said = Say(opened.audience, "reports")
    return {
        "view": one,
        "id": one.id,
        "discipline": said[f"discipline_{one.discipline}"],
        "domain": domain_word(one.domain, opened.audience),
        "own": one.reach == Reach.FAMILY,
        "late": one.written_at.date() != one.happened_at.date(),
    }


def photo_words(audience: str) -> dict[str, str]:
    """What is said at a photo or document."""
    return {key: say_of_files(key, audience) for key in ("photo_open", "document_open", "gone")}


def ways_to_reports(request: Any, opened: OpenedChild) -> dict[str, Any]:
    """What the page of a goal or agreement says of reports about it: the way to them, and to write one. It costs no
    statement."""
    reads, part, writes = (
        policy.may(request.actor, f"report.{name}", opened.subject, request.today)
        for name in ("read", "read_part", "write")
    )
    if not (reads or part):
        return {}
    return {"reports_said": Say(opened.audience, "reports"), "may_report": writes}


def last_reports(found: Sequence[ReportView], opened: OpenedChild) -> dict[str, Any]:
    """The last reports of a goal or agreement, as its page shows them."""
    return {"last_reports": [row(one, opened) for one in found], "files_said": photo_words(opened.audience)}


def about_choices(request: Any, opened: OpenedChild) -> Sequence[tuple[str, str]]:
    """The goals and agreements of the plan that the reader sees. Three statements."""
    asked = (request.actor, opened.subject, request.today)
    if policy.may(request.actor, "plan.read", opened.subject, request.today):
        found = plans.shown_plan_for(*asked)
    elif policy.may(request.actor, "plan.read_part", opened.subject, request.today):
        found = plans.part_for(*asked)
    else:
        found = None
    if found is None:
        return []
    goals = [(f"goal:{one.id}", one.content.words[:80]) for one in found.goals]
    return [*goals, *((f"agreement:{one.id}", one.content.what[:80]) for one in found.agreements)]


def offered_to(request: Any, opened: OpenedChild, about: Sequence[tuple[str, str]]) -> Offered:
    """What somebody may choose who writes, and what stands ready by where that one came from."""
    seen = policy.may_domains(request.actor, "report.write", opened.subject, request.today)
    family = policy.may(request.actor, "report.write_family", opened.subject, request.today)
    keys = [f"{kind}:{request.GET.get(kind, '')}" for kind in ("goal", "agreement")]
    known = next((key for key, _ in about if key in keys), "")
    return Offered(
        now=request.now,
        domains=[(str(one), domain_word(one, opened.audience)) for one in LifeDomain if one in seen],
        whole=seen == EVERY_DOMAIN,
        about=about,
        family=family,
        start={"about": known},
    )


def tongues(request: Any, opened: OpenedChild, found: Sequence[ReportView]) -> dict[str, Any]:
    """Under each entry in which language it is, and its translations. One statement at most."""
    may = policy.may(request.actor, "report.write", opened.subject, request.today)
    there = tongues_of(request.actor, opened.subject, found)
    return tongue_rows(opened, WordsOf.REPORT, there, may=may)


def list_page(request: Any, opened: OpenedChild, asked: Asked) -> dict[str, Any]:
    """The entries that were asked for, and the ways to newer and older ones."""
    found, more = reports_for(request.actor, opened.subject, asked, request.today)
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}

    def page(number: int) -> str:
        return "?" + urlencode({**kept, "page": number})

    return {
        **tongues(request, opened, found),
        "rows": [row(one, opened) for one in found],
        "older": page(asked.page + 1) if more else "",
        "newer": page(asked.page - 1) if asked.page > 1 else "",
        "filtered": bool(kept),
        "may_report": policy.may(request.actor, "report.write", opened.subject, request.today),
        "files_said": photo_words(opened.audience),
    }


def one_page(
    request: Any, opened: OpenedChild, one: ReportView, earlier: Sequence[ReportView]
) -> dict[str, Any]:
    """One entry with what was said before, the marks on it, and what the reader may do."""
    given = (request.actor, opened.subject, request.today)
    own, sets = (policy.may(given[0], name, *given[1:]) for name in ("mark.set_own", "mark.set"))
    found = [
        mark for mark in marks_for(*given) if mark.object_id == one.id and mark.state != MarkState.LIFTED
    ]
    marks = [mark_row(request, opened, mark, own=own) for mark in found]
    mine = one.by_id == request.actor.id
    writes = policy.may(request.actor, "report.write", opened.subject, request.today)
    free = not marks if own else len(marks) < 2
    return {
        **tongues(request, opened, [one]),
        "translate_url": words_address(opened, WordsOf.REPORT, one.id) if writes and one.words else "",
        "translate": say_of_words("add", opened.audience),
        "row": {**row(one, opened), "marks": marks},
        "earlier": [before for before in earlier if before.words],
        "t": {key: say_of_notes(key, opened.audience) for key in ("confirm", "lift", "keep")},
        "files_said": photo_words(opened.audience),
        "may_correct": mine and bool(one.words),
        "may_keep": free and bool(one.words) and (sets or (own and mine)),
        "may_ask": one.reach == Reach.TEAM and bool(one.words),
    }
