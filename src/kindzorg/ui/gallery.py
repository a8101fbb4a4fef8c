"""Invented examples for the gallery. The people in it do not exist; the texts stand in content/gallery.yaml."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext

from kindzorg.core.texts import content, pick, text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.ui import fields, marks, pictures
from kindzorg.ui.gallery_form import ExampleForm

TODAY = date(2026, 11, 26)
MORNING = datetime(2026, 11, 26, 9, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
DOMAINS = tuple(str(domain) for domain in LifeDomain)
TONES = ("neutral", "brand", "alarm", "warning", "success", "info", *DOMAINS)
ICONS = (
    "arrow-left", "calendar-days", "check", "clock", "file-text", "heart", "house", "message-circle", "moon",
    "phone", "printer", "search", "shield-check", "sprout", "triangle-alert", "users", "volume-2",
)  # fmt: skip

Texts = dict[str, str]


def texts() -> Texts:
    """The example texts in the language of the page."""
    language = (get_language() or "nl")[:2]
    return {key: pick(value, "professional", language) for key, value in content("ui", "gallery").items()}


def context(theme: str) -> dict[str, Any]:
    """Everything that the templates of the gallery show."""
    t = texts()
    return {
        "t": t,
        "theme": theme if theme in {"light", "dark"} else "",
        "form_errors": False,
        "today": TODAY,
        "domains": DOMAINS,
        "tones": TONES,
        "icons": ICONS,
        "animals": pictures.ANIMALS,
        "pictograms": pictograms(),
        "faces": pictures.FACES,
        "statuses": list(marks.STATUSES),
        "face_choices": fields.FACE_WORDS,
        "moments": [MORNING + timedelta(days=days, hours=4) for days in (-1, 0, 1, 5, 90)],
        "nav_items": nav(t),
        **first_screen(t),
        **plan(t),
        **patterns(t),
        **people(t),
        **forms_shown(),
    }


def pictograms() -> list[dict[str, str]]:
    """Every pictogram with its name, as a child would call it."""
    language = (get_language() or "nl")[:2]
    return [
        {"name": name, "said": text(f"ui.pictograms.{name}", "child", language)}
        for name in pictures.PICTOGRAMS
    ]


def nav(t: Texts) -> list[dict[str, Any]]:
    icons = ("house", "map", "siren", "message-circle", "menu")
    items: list[dict[str, Any]] = [
        {"url": "#main", "label": label, "icon": icon}
        for label, icon in zip(t["nav"].split("|"), icons, strict=True)
    ]
    items[0]["current"] = True
    items[2]["alarm"] = True
    items[3]["count"] = 2
    return items


def first_screen(t: Texts) -> dict[str, Any]:
    return {
        "agenda": [
            {
                "time": "14.00",
                "title": t["marit_comes"],
                "line": t["marit_line"],
                "person": "Marit Langeveld",
            },
            {
                "time": "16.30",
                "title": t["flush"],
                "line": t["flush_line"],
                "icon": "sprout",
                "domain": "development",
            },
        ],
        "waiting": [
            {
                "title": t["your_part"],
                "line": t["your_part_line"],
                "url": "#",
                "label": t["primary"],
                "primary": True,
            },
            {"title": t["may_look"], "line": t["may_look_line"], "url": "#", "label": t["secondary"]},
        ],
        "tiles": [{"domain": domain, "line": t[f"tile_{domain}"]} for domain in DOMAINS],
    }


def plan(t: Texts) -> dict[str, Any]:
    goals = {
        "medical": [("breathe", 3, "agreements"), ("cannula", 2, "father")],
        "development": [("talk", 1, "speech")],
        "social": [("work", 4, "day"), ("brother", 2, "grandma")],
        "safety": [("safe", 3, "seen")],
    }
    return {
        "phases": [
            {"label": t["phase_1"], "state": "done", "url": "#"},
            {"label": t["phase_2"], "state": "done", "url": "#"},
            {"label": t["phase_3"], "state": "current", "url": "#"},
            {"label": t["phase_4"], "state": "todo"},
        ],
        "plan_columns": [
            (domain, [(t[f"goal_{goal}"], step, t[f"line_{line}"]) for goal, step, line in cards])
            for domain, cards in goals.items()
        ],
        "week_days": t["days"].split(),
        "week_rows": week_rows(t),
        "attention": [
            {"tag": t["open_night"], "tone": "alarm", "text": t["open_night_text"], "url": "#"},
            {"tag": t["proposal"], "tone": "warning", "text": t["proposal_text"], "url": "#"},
            {"tag": t["indication"], "tone": "info", "text": t["indication_text"]},
        ],
    }


def week_rows(t: Texts) -> list[dict[str, Any]]:
    nursery, parents = {"text": t["nursery"], "domain": "social"}, {"text": t["parents"]}
    open_cell = {"text": t["nobody"], "open": True}
    joris, amber, marit = ({"text": name, "domain": "medical"} for name in ("Joris", "Amber", "Marit"))
    day, evening, night = t["parts"].split()
    return [
        {
            "label": day,
            "cells": [nursery, nursery, parents, nursery, {"text": t["line_grandma"]}, parents, parents],
        },
        {"label": evening, "cells": [parents, parents, parents, parents, parents, marit, parents]},
        {"label": night, "cells": [joris, joris, amber, open_cell, joris, amber, amber]},
    ]


def patterns(t: Texts) -> dict[str, Any]:
    return {
        "tasks": [
            {"title": t["task_sleep"], "url": "#", "status": "done"},
            {"title": t["task_food"], "url": "#", "status": "busy", "hint": t["task_hint"]},
            {"title": t["task_play"], "url": "#", "status": "todo"},
            {"title": t["task_nurse"], "url": "#", "status": "waiting"},
            {"title": t["task_send"], "status": "blocked"},
        ],
        "summary": [
            {"key": gettext("Where is care given?"), "value": t["answer_home"], "change_url": "#"},
            {"key": gettext("How is the night going?"), "value": "", "change_url": "#"},
        ],
        "next_steps": [t["next_1"], t["next_2"]],
        "trail": [
            {"url": "#", "label": "Yusuf"},
            {"url": "#", "label": t["our_plan"]},
            {"label": t["goal_talk"]},
        ],
        "tabs": [
            {"url": "#", "label": t["tab_all"], "current": True},
            {"url": "#", "label": t["tab_mine"], "count": 3},
        ],
        "table_heads": t["table_heads"].split("|"),
        "table_rows": [row.split("|") for row in t["table_rows"].split(";")],
    }


def people(t: Texts) -> dict[str, Any]:
    marit = {"name": "Marit Langeveld", "role": t["nurse"], "organisation": "Kinderthuiszorg Noord"}
    return {
        "marit": {**marit, "until": date(2027, 1, 14), "reply_time": t["reply"], "phone": "06 12 34 56 78"},
        "events": [
            {
                "when": MORNING,
                "title": t["event_plan"],
                "icon": "check",
                "who": "Dr. A. van Dijk",
                "domain": "medical",
            },
            {
                "when": MORNING - timedelta(days=1),
                "title": t["event_home"],
                "body": t["event_home_line"],
                "icon": "house",
            },
            {
                "when": date(2026, 11, 12),
                "title": t["event_talk"],
                "icon": "message-circle",
                "domain": "social",
            },
        ],
        "answers": [
            {"name": "Yusuf", "text": t["side_child"], "child_id": 1, "when": TODAY, "domain": "social"},
            {
                "name": "Samira",
                "role": t["mother"],
                "text": t["side_parent"],
                "when": MORNING,
                "domain": "development",
            },
            {"name": "Marit Langeveld", "role": t["nurse"], "text": "", "domain": "medical"},
        ],
        "print_facts": [(t["phase_3"], "7"), ("Kinderthuiszorg", "Noord")],
    }


def forms_shown() -> dict[str, Any]:
    """The form before it is filled in, and after it was sent with mistakes: the error names the field."""
    wrong = ExampleForm({"wrong-wish": "unknown", "wrong-readers": ["parents"]}, prefix="wrong")
    return {
        "empty_form": ExampleForm(initial={"wish": "self", "readers": ["parents", "nurse"]}),
        "wrong_form": wrong,
    }
