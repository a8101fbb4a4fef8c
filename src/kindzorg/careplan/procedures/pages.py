"""What is going to happen, and how the child wants it, in the reader's words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.text import capfirst

from kindzorg.access import policy
from kindzorg.access.ages import age
from kindzorg.access.roles import Role
from kindzorg.careplan.procedures.queries import is_itself, wished_at
from kindzorg.careplan.procedures.rules import (
    KINDS,
    PICTURES,
    Happening,
    Procedure,
    Step,
    Wish,
    WishPart,
    WishReach,
    first_then_next,
)
from kindzorg.careplan.wording import language
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import DomainError
from kindzorg.core.texts import content, text
from kindzorg.core.vocabulary import Audience, LifeDomain
from kindzorg.needs.seats import Way, way_for

ERRORS = ("procedure_title", "procedure_steps", "procedure_long", "procedure_changed", "wish_both")
KIND_PICTURE = {Happening.BLOOD_TEST: "blood", Happening.WASHING: "washing", Happening.OTHER: "clock"}


def reader_of(opened: OpenedChild) -> Audience:
    """In whose words the pages speak: in a child's to the child itself, however old."""
    itself = opened.role in (Role.CHILD, Role.YOUNG_PERSON)
    return Audience.CHILD if itself else opened.audience


class Words:
    """The texts of these pages for one reader, with the name of the child in them."""

    def __init__(self, opened: OpenedChild) -> None:
        self.audience, self.name = reader_of(opened), opened.child.given_name or str(opened.child)

    def __getitem__(self, key: str) -> str:
        return text(f"careplan.procedures.{key}", self.audience, language()).replace("{name}", self.name)


def errors_for(error: DomainError, said: Words) -> Mapping[str, Any]:
    """The sentence for one error, as `add_to_form` takes it."""
    return {error.code: said[error.code].format(**error.data)} if error.code in ERRORS else {}


def step_words(step: Step) -> str:
    """What a step says: its own words, else the shipped ones, which are a child's for every reader."""
    return step.words or text(f"careplan.procedures.step_{step.key}", Audience.CHILD, language())


def choice_words(choice: str) -> str:
    """A choice, in the words of a child."""
    return text(f"careplan.procedures.choice_{choice}", Audience.CHILD, language())


def kind_words(kind: str, audience: str) -> str:
    """What kind of thing it is."""
    if kind in set(Happening):
        return text(f"careplan.procedures.kind_{kind}", Audience.CHILD, language())
    return str(capfirst(text(f"careteam.acts.{kind}", audience, language())))


def kind_picture(kind: str) -> str:
    """Its picture."""
    return KIND_PICTURE[Happening(kind)] if kind in set(Happening) else kind


def kinds_page(opened: OpenedChild) -> dict[str, Any]:
    """What can be prepared."""
    return {
        "kinds": [
            {"kind": one, "title": kind_words(one, reader_of(opened)), "picture": kind_picture(one)}
            for one in KINDS
        ]
    }


def rights(request: Any, opened: OpenedChild) -> dict[str, bool]:
    """What the reader may do here, and whether the reader is the child."""
    about = (opened.subject, request.today, LifeDomain.MEDICAL)
    return {
        "may_write": policy.may(request.actor, "procedure.write", *about),
        "may_wish": policy.may(request.actor, "procedure.wish", *about),
        "itself": is_itself(request.actor, opened.subject, request.today),
    }


def row(one: Procedure, opened: OpenedChild) -> dict[str, Any]:
    """One thing that is prepared: what it is called, its picture, when."""
    return {
        "id": one.entry_id,
        "title": one.title or kind_words(one.kind, reader_of(opened)),
        "picture": kind_picture(one.kind),
        "day": one.on_day,
        "where": one.where,
        "by_whom": one.by_whom,
        "wished": bool(one.wishes),
    }


def step_rows(one: Procedure) -> list[dict[str, Any]]:
    """The steps, each with its picture and what one may feel."""
    return [
        {
            "picture": step.picture,
            "words": step_words(step),
            "moment": str(step.moment),
            "feel": _feel(step),
        }
        for step in one.steps
    ]


def _feel(step: Step) -> str:
    if step.words or f"feel_{step.key}" not in content("careplan", "procedures"):
        return ""
    return text(f"careplan.procedures.feel_{step.key}", Audience.CHILD, language())


def wish_rows(wishes: Sequence[Wish], said: Words) -> list[dict[str, Any]]:
    """What the child wants, part by part, as it said it."""
    return [
        {
            "part": str(one.part),
            "title": text(f"careplan.procedures.ask_{one.part}", Audience.CHILD, language()),
            "chosen": [(PICTURES.get(some, some), choice_words(some)) for some in one.chosen],
            "words": one.words,
            "who": said["typed_by"].format(by=one.typed) if one.typed else said["itself"],
            "reach": said[f"seen_{one.reach}"],
            "nurses": one.reach is WishReach.NURSE,
            "typed": bool(one.typed),
            "at": timezone.localdate(one.at),
        }
        for one in wishes
    ]


def parts_page(one: Procedure, said: Words, *, itself: bool) -> list[dict[str, Any]]:
    """For who fills it in: each part, and what stands there in that voice."""
    mine = {wish.part for wish in one.wishes if bool(wish.typed) != itself}
    return [{"part": str(part), "title": said[f"ask_{part}"], "done": part in mine} for part in WishPart]


def own_wish(one: Procedure, part: WishPart, *, itself: bool) -> Wish | None:
    """What stands there now in the voice of who fills it in."""
    return next((wish for wish in one.wishes if wish.part is part and bool(wish.typed) != itself), None)


def card_by_card(opened: OpenedChild, on: date) -> bool:
    """Whether a child is shown one card at a time first: with pictures and in short sentences, as in the scan."""
    years = age(opened.child.birth_date, on) if opened.child.birth_date else None
    return reader_of(opened) == Audience.CHILD and way_for(years, ()) is not Way.WHOLE


def wished_on(request: Any, opened: OpenedChild, day: date) -> list[dict[str, Any]]:
    """For who comes on this day: how the child wants what happens then, or may happen any day."""
    about = (request.actor, "procedure.read", opened.subject, request.today, LifeDomain.MEDICAL)
    found = wished(request, opened, KINDS) if policy.may(*about) else []
    return [one for one in found if one["day"] in (None, day)]


def wished(request: Any, opened: OpenedChild, kinds: Sequence[str]) -> list[dict[str, Any]]:
    """For who does one of these acts: how the child wants it, on the page of that act or visit."""
    said = Words(opened)
    found = wished_at(request.actor, opened.subject, kinds, request.today) if kinds else ()
    whole = policy.may(request.actor, "procedure.read", opened.subject, request.today, LifeDomain.MEDICAL)
    return [
        {
            **row(one, opened),
            "wishes": wish_rows(one.wishes, said),
            "screen": all(wish.reach is WishReach.NURSE for wish in one.wishes),
            "heading": f"{said['wishes']}: {row(one, opened)['title']}",
            "whole": said["read_all"] if whole else "",
        }
        for one in found
    ]


def empty(kind: str, steps: Sequence[Step], now: datetime) -> Procedure:
    """One that nobody prepared yet, with its shipped steps."""
    nothing = {"title": "", "on_day": None, "where": "", "by_whom": "", "by": ""}
    return Procedure(entry_id=UUID(int=0), number=0, kind=kind, at=now, steps=steps, **nothing)  # type: ignore[arg-type]


def lists(found: Sequence[Procedure], opened: OpenedChild, on: date) -> dict[str, Any]:
    """What comes, and what has been."""
    return {
        "coming": [row(one, opened) for one in first_then_next(found, on)],
        "past": [row(one, opened) for one in found if not one.coming(on)],
    }


def whole_page(request: Any, opened: OpenedChild, now: Procedure) -> dict[str, Any]:
    """The whole of one: its steps, the wishes, and for who fills them in what is asked."""
    said, itself = Words(opened), is_itself(request.actor, opened.subject, request.today)
    return {
        "one": row(now, opened),
        "steps": step_rows(now),
        "wishes": wish_rows(now.wishes, said),
        "parts": parts_page(now, said, itself=itself),
        "by_card": card_by_card(opened, request.today),
    }
