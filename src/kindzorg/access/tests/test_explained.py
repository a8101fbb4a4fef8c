"""Nothing is read or written without a grant that explains it: random actors, children, consents and days.

The table is read here by hand, so that a mistake in how the policy reads it is seen too.
"""

import csv
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as some

from kindzorg.access import policy
from kindzorg.access.ages import birthday
from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, Grant, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.core.vocabulary import LifeDomain

TODAY = date(2026, 9, 14)
CHILD, OTHER, HOUSE, ELSEWHERE, REGION = (UUID(int=number) for number in range(1, 6))
IDS = {
    Scope.CHILD: (CHILD, CHILD, CHILD, OTHER),
    Scope.ORGANISATION: (HOUSE, HOUSE, ELSEWHERE),
    Scope.NETWORK: (REGION, REGION, OTHER),
    Scope.INSTALLATION: (None,),
}
with policy.MATRIX.open(encoding="utf-8", newline="") as lines:
    TABLE = {(line["role"], line["permission"]): line for line in csv.DictReader(lines)}
DAYS = some.integers(-2, 2).map(lambda days: TODAY + timedelta(days))
DOMAINS = some.frozensets(some.sampled_from(LifeDomain))


@some.composite
def grants(draw: some.DrawFn, role: Role | None = None) -> Grant:
    scope = draw(some.sampled_from((Scope.CHILD, *Scope)))
    return Grant(
        role or draw(some.sampled_from(Role)),
        scope,
        draw(some.sampled_from(IDS[scope])),
        draw(some.integers(-4, 1).map(lambda days: TODAY + timedelta(days))),
        draw(some.none() | some.integers(-1, 4).map(lambda days: TODAY + timedelta(days))),
        draw(some.just(policy.EVERY_DOMAIN) | DOMAINS),
        domain_ends=draw(some.dictionaries(some.sampled_from(LifeDomain), DAYS, max_size=2)),
    )


@some.composite
def attempts(draw: some.DrawFn) -> tuple[Actor, str]:
    """Somebody who tries something that the role of one of the grants may do; whether this one may is the question."""
    role, permission = draw(some.sampled_from(sorted(TABLE)))
    held = draw(some.lists(grants(), max_size=2))
    held.insert(draw(some.integers(0, len(held))), draw(grants(Role(role))))
    return Actor(UUID(int=9), "Somebody", tuple(held), assurance=Assurance.HIGH), permission


@some.composite
def subjects(draw: some.DrawFn) -> Subject:
    born = birthday(TODAY, -draw(some.sampled_from((8, 12, 16, 18)))) + timedelta(draw(some.integers(-1, 1)))
    truth = some.booleans()
    return Subject(
        CHILD,
        draw(some.none() | some.just(born)),
        region_id=draw(some.sampled_from((None, REGION))),
        organisation_ids=draw(some.sampled_from((frozenset(), frozenset({HOUSE}), frozenset({HOUSE})))),
        organisation_domains=draw(some.dictionaries(some.just(HOUSE), DOMAINS)),
        **{name: draw(truth) for name in ("has_authority", "may_decide", "can_decide", "is_relative")},
        may_see=draw(some.sampled_from((True, True, True, True, False))),
        merged_into=draw(some.sampled_from((None, None, None, None, OTHER))),
    )


def reaches(grant: Grant, subject: Subject) -> bool:
    """Whether a person's grant is about this child."""
    mine = {
        Scope.CHILD: {subject.merged_into or subject.child_id},
        Scope.ORGANISATION: subject.organisation_ids,
        Scope.NETWORK: {subject.region_id} - {None},
        Scope.INSTALLATION: set(),
    }
    return grant.scope_id in mine[grant.scope]


def left_open(grant: Grant, subject: Subject, words: str, on: date) -> set[LifeDomain]:
    """The domains that table, grant and consent leave open to it on this day."""
    by_table = set(LifeDomain) if words == "all" else {LifeDomain(word) for word in words.split("|")}
    found = {one for one in grant.domains & by_table if on < grant.domain_ends.get(one, date.max)}
    if grant.scope == Scope.ORGANISATION:
        found &= subject.organisation_domains.get(grant.scope_id, frozenset(LifeDomain))
    return found


@settings(max_examples=300, deadline=None)
@given(attempts(), subjects(), DAYS, some.none() | some.sampled_from(LifeDomain))
def test_what_is_allowed_is_explained_by_a_grant_of_that_day_over_that_child(
    attempt: tuple[Actor, str], subject: Subject, on: date, domain: LifeDomain | None
) -> None:
    actor, permission = attempt
    found = policy.explain(actor, permission, subject, on, domain)
    assert found.allowed == policy.may(actor, permission, subject, on, domain)
    if not found.allowed:
        assert found.missing
        return
    grant = found.grant
    assert grant in actor.grants and reaches(grant, subject)
    assert grant.starts <= on and (grant.until is None or on < grant.until)
    line = TABLE[policy.role_now(grant.role, subject, on), permission]
    open_to = left_open(grant, subject, line["domain"], on)
    assert open_to if domain is None else domain in open_to
    assert subject.may_see, "a court keeps from looking"
    assert not subject.merged_into or policy.only_reads(permission)
    assert not ("authority" in line["condition"] and not subject.has_authority)
    alone = replace(actor, grants=(grant,))
    assert policy.may(alone, permission, subject, on, domain), "one grant explains it, never two together"


@settings(max_examples=100, deadline=None)
@given(attempts(), subjects(), DAYS)
def test_one_grant_more_never_takes_anything_away(
    attempt: tuple[Actor, str], subject: Subject, on: date
) -> None:
    """So that nobody is helped by ending another's part, or harmed by being given one."""
    whole, permission = attempt
    for grant in whole.grants:
        fewer = replace(whole, grants=tuple(one for one in whole.grants if one is not grant))
        if policy.may(fewer, permission, subject, on):
            assert policy.may(whole, permission, subject, on)
