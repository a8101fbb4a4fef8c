"""How far a right of entry reaches over the life domains, as one word that the database keeps. Pure.

"all" is every domain without an end, "" is none, and "medical|social@2027-03-01" is medical without an end and
social up to, not including, that day. The family's consent makes it narrower, never wider.
"""

from collections.abc import Mapping
from datetime import date

from kindzorg.core.vocabulary import LifeDomain

ALL = "all"
NONE = ""

# What is open, and up to which day (None: no end).
Sight = Mapping[LifeDomain, date | None]
EVERYTHING: Sight = dict.fromkeys(LifeDomain)


def read(word: str) -> Sight:
    """What the word says. Raises ValueError for a domain or a day that it does not know."""
    if word == ALL:
        return EVERYTHING
    found: dict[LifeDomain, date | None] = {}
    for part in filter(None, word.split("|")):
        name, _, until = part.partition("@")
        found[LifeDomain(name)] = date.fromisoformat(until) if until else None
    return found


def write(sight: Sight) -> str:
    """The one word for it, with the domains in their own order."""
    if dict(sight) == EVERYTHING:
        return ALL
    parts = (
        f"{domain}@{until.isoformat()}" if (until := sight[domain]) else str(domain)
        for domain in LifeDomain
        if domain in sight
    )
    return "|".join(parts)


def domains_on(sight: Sight, on: date) -> frozenset[LifeDomain]:
    """The domains that are open on this day."""
    return frozenset(domain for domain, until in sight.items() if until is None or on < until)


def ends_on(sight: Sight) -> date | None:
    """The day from which nothing is open any more; None where something stays open, or nothing ever was."""
    ends = list(sight.values())
    return None if None in ends else max((end for end in ends if end), default=None)


def earlier(one: date | None, other: date | None) -> date | None:
    """The earlier of two ends; None is no end."""
    return min((end for end in (one, other) if end), default=None)


def narrowed(one: Sight, other: Sight) -> Sight:
    """What both leave open, up to the earlier of their days."""
    return {
        domain: earlier(one[domain], other[domain])
        for domain in LifeDomain
        if domain in one and domain in other
    }


def widened(one: Sight, other: Sight) -> Sight:
    """What either leaves open, up to the later of their days."""
    both = {**one, **other}
    for domain in set(one) & set(other):
        ends = (one[domain], other[domain])
        both[domain] = None if None in ends else max(end for end in ends if end)
    return both
