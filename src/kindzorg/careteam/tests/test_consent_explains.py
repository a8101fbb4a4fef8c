"""Whatever the family decides, in whatever order: who reads, reads by a grant and a yes that explain it."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Explanation
from kindzorg.access.roles import Role
from kindzorg.careteam.consents.rules import Decision, PartyKind, PartyRef
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.careteam.tests.test_consents import LATER, Family2, a_home
from kindzorg.careteam.tests.world import TODAY
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.vocabulary import LifeDomain

STEPS = some.lists(
    some.tuples(
        some.sampled_from(["mother", "father"]),
        some.sampled_from(["school", "teacher", "hospital", "doctor"]),
        some.booleans(),
        some.frozensets(some.sampled_from(LifeDomain), min_size=1),
        some.none() | some.integers(1, 3),
    ),
    max_size=5,
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS, some.integers(0, 4))
def test_whatever_is_decided_nobody_reads_without_a_grant_and_a_yes_that_explain_it(steps, days: int) -> None:
    """By the words said alone, apart from what is stored: who reads a domain has a yes for it, and no later no."""
    with transaction.atomic():
        home, on = a_home(), TODAY + timedelta(days)
        parties = {
            "school": home.school,
            "teacher": PartyRef(PartyKind.PROFESSIONAL, home.teacher_work.id),
            "hospital": PartyRef(PartyKind.ORGANISATION, home.doctor_work.organisation_id),
            "doctor": PartyRef(PartyKind.PROFESSIONAL, home.doctor_work.id),
        }
        for number, (who, party, yes, domains, until) in enumerate(steps):
            ends = TODAY + timedelta(until) if yes and until else None
            at = LATER + timedelta(minutes=number)
            home.says(getattr(home, who), Decision(yes, domains, ends), parties[party], at)
        for user, own, house in ((home.teacher, "teacher", "school"), (home.doctor, "doctor", "hospital")):
            actor = actor_for(user)
            for domain in LifeDomain:
                explained = explanation(actor, home, domain, on)
                about = [one for one in steps if one[1] in (own, house) and domain in one[3]]
                if about and not about[-1][2]:
                    assert explained is None, "the last word was a no"
                if user == home.teacher and not {"mother", "father"} <= {one[0] for one in about if one[2]}:
                    assert explained is None, "both parents must have said yes"
                if explained:
                    assert domain in explained.grant.covers(on) and explained.grant.role in (
                        Role.SCHOOL,
                        Role.PAEDIATRICIAN,
                    )
        transaction.set_rollback(True)


def explanation(actor: Actor, home: Family2, domain: LifeDomain, on: date) -> Explanation | None:
    """What lets this actor read the plan in this domain; None where nothing does."""
    try:
        subject = child_for(actor, home.world.subject.child_id, on).subject
    except (Missing, Refused):
        return None
    permission = "plan.read_part" if actor.held(Role.SCHOOL, on) else "plan.read"
    found = policy.explain(actor, permission, subject, on, domain)
    return found if found.allowed else None
