"""The week in the copy: who came when and what was different, what was needed, who was asked, who is able."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kindzorg.access import policy
from kindzorg.careplan.cover.queries import every_week_for
from kindzorg.careplan.cover.rules import CareDemand
from kindzorg.careplan.howto.queries import cards_for
from kindzorg.careplan.howto.rules import HowTo
from kindzorg.careplan.learning.pages import told
from kindzorg.careplan.learning.queries import learning_for
from kindzorg.careplan.procedures.pages import Words, row, step_rows, wish_rows
from kindzorg.careplan.procedures.queries import procedures_for
from kindzorg.careplan.schedule.pages import (
    able_rows,
    act_words,
    day_words,
    hours,
    rhythm_words,
    say,
    who_line,
)
from kindzorg.careplan.visits.rules import Change, Series
from kindzorg.careplan.weeks import Asked, Week
from kindzorg.careplan.wording import Say
from kindzorg.careteam.competences.queries import able_for
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.web.copies.parts import Item, Section, domain_words, filled, said, section


def week(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """Every series of visits with its changes, what is needed, who was asked for hours, and who is able."""
    audience = opened.audience
    found = every_week_for(request.actor, opened.subject, request.today)
    visits = [_series(one, found, audience) for one in found.series.values()]
    return filled(
        section("visits", say("title", audience), visits),
        section("needed", say("needed_title", audience), [_demand(one, audience) for one in found.demands]),
        section("asked", say("gap_title", audience), [_asked(one, audience) for one in found.asked]),
        section("able", say("able_title", audience), _able(request, opened)),
        section("learning", Say(audience, "learning")["title"], _learning(request, opened)),
        section("howto", Say(audience, "howto")["title"], _cards(request, opened)),
        section("procedures", Words(opened)["title"], _procedures(request, opened)),
    )


def _series(one: Series, found: Week, audience: str) -> Item:
    fields = said(
        ("when", _("When"), rhythm_words(one.rhythm)),
        ("where", _("Where"), say(f"place_{one.place}", audience)),
        ("what", _("What"), found.what[one.id]),
        ("from", _("From"), one.rhythm.starts_on),
        ("until", _("Until"), one.rhythm.until),
    )
    return Item(who_line(one.who), fields, inside=tuple(_change(change, audience) for change in one.changes))


def _change(one: Change, audience: str) -> Item:
    what = say(f"change_{one.kind}", audience)
    moved = " ".join(
        filter(
            None,
            (day_words(one.to_day) if one.to_day else "", f"{one.to_start:%H:%M}" if one.to_start else ""),
        )
    )
    fields = said(
        ("who", _("Who"), who_line(one.who) if one.who else ""),
        ("when", _("When"), moved),
        ("why", _("Why"), one.reason),
    )
    return Item(f"{date_format(one.on, 'j E Y')}: {what}", fields)


def _demand(one: CareDemand, audience: str) -> Item:
    fields = said(
        ("domain", _("Life domain"), domain_words([one.said.domain], audience)),
        ("what", _("What"), act_words(one.said.acts, audience)),
        ("who", _("Who"), say(f"may_{one.said.may_cover}", audience)),
        ("from", _("From"), one.said.rhythm.starts_on),
        ("until", _("Until"), one.said.rhythm.until),
    )
    return Item(rhythm_words(one.said.rhythm), fields, words=one.said.why)


def _asked(one: Asked, audience: str) -> Item:
    fields = said(
        ("when", _("When"), f"{day_words(one.window.start)}, {hours(one.window)}"),
        ("answer", _("Answer"), say(f"state_{one.state}", audience)),
        ("why", _("Why"), one.reason),
    )
    return Item(who_line(one.who), fields, at=one.since, by=one.by)


def _able(request: Any, opened: OpenedChild) -> list[Item]:
    if not policy.may(request.actor, "competence.read", opened.subject, request.today):
        return []
    rows = able_rows(able_for(request.actor, opened.subject, request.today), opened.audience)
    return [
        Item(
            one["name"],
            (),
            words="; ".join(f"{act['words']} ({act['seen']}, {act['until']})" for act in one["acts"]),
        )
        for one in rows
    ]


def _learning(request: Any, opened: OpenedChild) -> list[Item]:
    """Every step and own word, per person and act."""
    if not policy.may(request.actor, "competence.read", opened.subject, request.today):
        return []
    words = Say(opened.audience, "learning")
    return [
        Item(
            f"{one.name}: {act_words([one.act], opened.audience)}",
            inside=tuple(Item(told(step, words)["said"], words=step.words) for step in one.steps),
        )
        for one in learning_for(request.actor, opened.subject, request.today)
        if one.steps
    ]


def _cards(request: Any, opened: OpenedChild) -> list[Item]:
    """The how-to cards as they are now, with their photos, tips, and who has seen them."""
    if not policy.may(request.actor, "howto.read", opened.subject, request.today):
        return []
    return [_card(one, opened.audience) for one in cards_for(request.actor, opened.subject, request.today)]


def _procedures(request: Any, opened: OpenedChild) -> list[Item]:
    """What was prepared, its steps, and how the child wanted it."""
    if not policy.may(request.actor, "procedure.read", opened.subject, request.today, LifeDomain.MEDICAL):
        return []
    words, found = Words(opened), procedures_for(request.actor, opened.subject, request.today)
    return [
        Item(
            row(one, opened)["title"],
            said(
                ("day", words["when"], one.on_day),
                ("where", words["where"], one.where),
                ("by_whom", words["by_whom"], one.by_whom),
            ),
            at=one.at,
            by=one.by,
            inside=(
                *(Item(f"{number}. {step['words']}") for number, step in enumerate(step_rows(one), 1)),
                *(_wish(wish) for wish in wish_rows(one.wishes, words)),
            ),
        )
        for one in found
    ]


def _wish(wish: dict[str, Any]) -> Item:
    chosen = ", ".join(words for _picture, words in wish["chosen"])
    return Item(
        wish["title"], words="\n".join(filter(None, (chosen, wish["words"]))), at=wish["at"], by=wish["who"]
    )


def _card(one: HowTo, audience: str) -> Item:
    words = Say(audience, "howto")
    steps = tuple(
        Item(
            f"{number}. {step.words}",
            said(("picture", _("What can be seen"), step.photo.alt if step.photo else "")),
            file=step.photo.name if step.photo and not step.photo.gone else "",
            file_id=step.photo.id if step.photo and not step.photo.gone else None,
        )
        for number, step in enumerate(one.steps, 1)
    )
    tips = tuple(Item(words["tips"], words=tip.words, at=tip.at, by=tip.by) for tip in one.tips)
    fields = said(
        ("watch", words["watch"], one.watch),
        ("call", words["call"], one.call),
        ("seen", words["seen_title"], ", ".join(seen.by for seen in one.seen)),
    )
    title = act_words([one.act], audience)
    return Item(title, fields, words=one.title, at=one.at, by=one.by, inside=(*steps, *tips))
