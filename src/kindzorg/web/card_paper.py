"""The emergency card as a PDF, to be kept on a telephone where there is no connection: what its letter shows."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def card_data(card: Mapping[str, Any], said: Any, on: date) -> dict[str, Any]:
    """The card of `web.emergency_card` as plain data, in the same order: what may be needed first stands first."""
    child, day = card["child"], date_format(on, "j E Y")
    born = f"{_('born')} {date_format(child.birth_date, 'j E Y')} · {card['age']}" if child.birth_date else ""
    return {
        "language": (get_language() or "nl")[:2],
        "title": _("Emergency card of %(name)s") % {"name": child},
        "footer": _("As it stood in the file on %(day)s.") % {"day": day},
        "born": born,
        "parts": [*_parts(card, said)],
        "from": said["from"],
    }


def _parts(card: Mapping[str, Any], said: Any) -> Iterable[dict[str, Any]]:
    if card["what_ifs"]:
        yield _part(said["what_if"], map(_what_if, card["what_ifs"]), alarm=True)
    if annex := card["annex"]:
        if annex["rows"]:
            yield _part(annex["title"], map(_agreed, annex["rows"]), alarm=True, lead=annex["confirm"])
        if annex["sign_title"]:
            calls = [_row(one["title"], [one["words"]]) for one in annex["calls"]]
            yield _part(annex["sign_title"], calls, alarm=True, lead=annex["sign"])
    for one in card["parts"]:
        empty = one["empty"] or _("Nothing is recorded.")
        yield _part(
            one["title"],
            map(_filed, one["rows"]),
            alarm=one["alarm"] and bool(one["rows"]),
            empty=empty,
            lead=card["medication"] if one["kind"] == "medication" and one["rows"] else "",
        )
    if card["plan"]:
        yield _part(said["plan"], (), lead=said["plan_line"])
    life = _row("112", [_("when a life is in danger")])
    yield _part(_("Whom to call"), [life, *map(_contact, card["contacts"])])
    if card["meets"]:
        yield _part(said["meets"], [_row("", [words]) for words in card["meets"]])


def _part(
    title: str, rows: Iterable[dict[str, Any]], *, alarm: bool = False, empty: str = "", lead: str = ""
) -> dict[str, Any]:
    return {"title": title, "rows": list(rows), "alarm": alarm, "empty": empty, "lead": lead}


def _row(title: str, lines: Iterable[str], tag: str = "", source: str = "") -> dict[str, Any]:
    return {"title": title, "lines": [one for one in lines if one], "tag": tag, "source": source}


def _what_if(row: Mapping[str, Any]) -> dict[str, Any]:
    state = row["state"] if row["view"].state != "agreed" else ""
    source = " · ".join(filter(None, (row["who"], row["where"], row["protocol"], state)))
    return _row(row["situation"], [row["what"]], row["occasion"], source)


def _agreed(row: Mapping[str, Any]) -> dict[str, Any]:
    said = "; ".join(one["line"] for one in row["said"])
    lines = [row["why"], f"{row['lines'][0]}. {said}", row["due"]]
    return _row(f"{row['title']}: {row['choice']}", lines, row["state"])


def _filed(row: Mapping[str, Any]) -> dict[str, Any]:
    return _row(row["title"], row["lines"], row["tag"], row["source"])


def _contact(one: Mapping[str, Any]) -> dict[str, Any]:
    return _row(one["name"], [one["phone"], " · ".join(filter(None, (one["role"], one["organisation"])))])
