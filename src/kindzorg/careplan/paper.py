"""The plan on paper: what the two templates in letters/ show."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kindzorg.careplan.pages import plan_page, signing_page
from kindzorg.careplan.rules import PlanView, Signing
from kindzorg.careplan.wording import day, language, say, version_name
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.texts import text

AGREED = ("what", "who", "where", "when", "law", "period", "occasion", "situation", "state")


def _agreement(row: dict[str, Any]) -> dict[str, str]:
    protocol = " ".join(filter(None, (row["protocol"], row["protocol_link"])))
    return {name: row[name] for name in AGREED} | {"protocol": protocol}


def _domains(plan: PlanView, opened: OpenedChild, on: date, audience: str) -> list[dict[str, Any]]:
    """Each goal stands under its first domain, so that paper says it once."""
    shown = plan_page(plan, opened, on)
    return [
        {
            "key": str(column["domain"]),
            "name": text(f"ui.domains.{column['domain']}", audience, language()),
            "goals": [_goal(row) for row in column["goals"] if row["domain"] == column["domain"]],
            "no_goals": [{"need": one.need.words, "why": one.why} for one in column["no_goals"]],
        }
        for column in shown["columns"]
    ]


def _goal(row: dict[str, Any]) -> dict[str, Any]:
    review = row["view"].review_due
    return {
        "words": row["words"],
        "step": row["step"],
        "steps": [one["words"] for one in row["steps"]],
        "step_words": row["step_words"],
        "review": day(review),
        "kind": row["kind"],
        "whose": row["whose"],
        "state": row["tag"],
        "agreements": [_agreement(one) for one in row["agreements"]],
    }


def _head(plan: PlanView, opened: OpenedChild, on: date, title: str) -> dict[str, Any]:
    begun = plan.version.in_force_at
    since = _("in force since %(day)s") % {"day": day(timezone.localdate(begun))} if begun else ""
    return {
        "language": language(),
        "title": f"{title}: {opened.child}",
        "version": version_name(plan.version),
        "since": since or say("not_in_force", opened.audience),
        "printed": _("printed on %(day)s") % {"day": day(on)},
        "footer": say("paper_footer", opened.audience),
        "restricted": _("This is the part of the plan that you may see.") if plan.restricted else "",
    }


def _day_of(moment: datetime | None) -> str:
    return day(timezone.localdate(moment)) if moment else ""


def _signed(signing: Signing, opened: OpenedChild) -> list[dict[str, str]]:
    """Who said what and when, and how that came here where the person did not sign here."""
    answers = {"yes": _("yes"), "no": _("no"), "": _("no answer yet")}
    rows = [
        {
            "name": one["name"],
            "answer": answers[one["answer"]],
            "at": _day_of(one["at"]),
            "heard": one["heard"],
        }
        for one in signing_page(signing, opened)["people"]
    ]
    if last := signing.approval:
        words = {"yes": _("approved"), "no": _("not approved"), "objects": _("objects")}
        rows.append({"name": last.name, "answer": words[last.answer], "at": _day_of(last.at), "heard": ""})
    return rows


def plan_data(plan: PlanView, signing: Signing, opened: OpenedChild, on: date) -> dict[str, Any]:
    """The whole plan, with who agreed."""
    labels = {
        "steps": _("Steps"),
        "review": _("Look again on"),
        "where": _("Where"),
        "when": _("When"),
        "who": _("Who"),
        "law": _("Law and payer"),
        "protocol": _("Protocol"),
        "state": _("State"),
        "what": _("What"),
        "no_goals": say("no_goals_title", "professional"),
        "loose": say("loose_title", "professional"),
        "signed": _("Who agreed"),
        "now": _("now"),
        "answer": _("Answer"),
        "day": _("Day"),
        "name": _("Name"),
    }
    return {
        **_head(plan, opened, on, say("title", "professional")),
        "domains": _domains(plan, opened, on, "professional"),
        "loose": [_agreement(row) for row in plan_page(plan, opened, on)["loose"]],
        "signed": _signed(signing, opened),
        "labels": labels,
    }


def family_data(plan: PlanView, opened: OpenedChild, on: date) -> dict[str, Any]:
    """The plan in plain words."""
    return {
        **_head(plan, opened, on, say("paper_family_title", opened.audience)),
        "intro": say("family_intro", opened.audience),
        "domains": _domains(plan, opened, on, "child" if opened.audience == "child" else "parent"),
        "loose": [_agreement(row) for row in plan_page(plan, opened, on)["loose"]],
        "labels": {
            "now": _("Now"),
            "review": _("We look again on"),
            "no_goals": say("no_goals_title", "parent"),
            "loose": say("loose_title", "parent"),
        },
    }
