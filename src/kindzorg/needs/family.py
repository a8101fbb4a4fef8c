"""Of whom the scan asks load and carrying power: the child, parents, brothers and sisters, whoever the family names."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from kindzorg.core.destroyed import cleared
from kindzorg.core.errors import Missing
from kindzorg.core.texts import text
from kindzorg.needs.pages import Sitting, address, is_child, language
from kindzorg.needs.queries import PARENTS
from kindzorg.needs.rules import Respondent, Whose
from kindzorg.people.rules import Relation

ASKED = (*PARENTS, Relation.SIBLING)


def members(sitting: Sitting) -> list[dict[str, Any]]:
    """The family members of whom load and carrying power can be told, with what was told already."""
    told = {given.member for given in sitting.mine.carrying}
    known = [_known(sitting, one) for one in sitting.family if one.relation in ASKED]
    if sitting.opened.child.given_name:
        known.append({"who": "child", "member": sitting.opened.child.given_name, "whose": Whose.CHILD})
    names = {one["member"] for one in known}
    others = [
        {"who": "other", "member": given.member, "whose": given.whose}
        for given in sitting.mine.carrying
        if given.member not in names
    ]
    return [
        {
            "title": one["member"],
            "status": "done" if one["member"] in told else "todo",
            "url": _member_address(sitting, one["who"], one["member"]),
        }
        for one in (*known, *others)
    ]


def _known(sitting: Sitting, relative: Any) -> dict[str, Any]:
    sibling = relative.relation == Relation.SIBLING
    return {
        "who": str(relative.id),
        "member": relative.name,
        "whose": Whose.SIBLINGS if sibling else Whose.PARENTS,
    }


def _member_address(sitting: Sitting, who: str, name: str) -> str:
    url = address(sitting, "carrying_of", who)
    if who != "other":
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'name': name})}"


def member_of(sitting: Sitting, who: str, name: str) -> dict[str, Any]:
    """The family member of an address: the child, a relative, or somebody else (empty until named)."""
    if who == "child":
        return {
            "member": sitting.opened.child.given_name or str(sitting.opened.child.id),
            "whose": Whose.CHILD,
        }
    if who == "other":
        told = next((given for given in sitting.mine.carrying if given.member == name), None)
        return {"member": told.member, "whose": told.whose} if told else {}
    found = next((one for one in sitting.family if str(one.id) == who), None)
    if found is None:
        raise Missing("no_such_member", child_id=sitting.opened.child.id)
    return _known(sitting, found)


def carrying_wording(sitting: Sitting, about: Mapping[str, Any]) -> dict[str, Any]:
    """How the form on load and carrying power is worded, and what it begins with."""
    known = (*(sitting.earlier.carrying if sitting.earlier else ()), *sitting.mine.carrying)
    told = next((given for given in reversed(known) if given.member == about.get("member")), None)
    return {
        "known": bool(about),
        "audience": sitting.audience,
        "language": language(),
        "initial": cleared({"load": told.load, "power": told.power, "words": told.words}) if told else None,
    }


def after_carrying(sitting: Sitting) -> str:
    """A child is done then; others may tell of the next family member."""
    return address(sitting, "check" if is_child(sitting) else "carrying")


def who_reads(sitting: Sitting, about: Whose = Whose.PARENTS) -> str:
    """Who reads what one of the family answers here; empty for a nurse."""
    if sitting.voice is None or sitting.voice.respondent is Respondent.NURSE:
        return ""
    key = "child" if about is Whose.CHILD else "parents"
    return text(f"needs.pages.who_reads_{key}", sitting.audience, language())


def child_line(sitting: Sitting) -> str:
    """For a child: what does not stand beside its own words, and whose it is. Empty for others."""
    if sitting.filled is None or not sitting.filled.reader.child:
        return ""
    return text(f"needs.pages.read_{sitting.filled.reader}", str(sitting.opened.audience), language())
