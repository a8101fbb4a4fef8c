"""Bevoegd en bekwaam: what was seen of somebody counts from a day until a day; the last word counts."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from kindzorg.audit.models import AuditLine
from kindzorg.careplan.tests.conftest import TODAY, build
from kindzorg.careteam.competences.actions import record_competence
from kindzorg.careteam.competences.queries import able_for
from kindzorg.careteam.competences.rules import (
    ACTS,
    LONGEST,
    Competence,
    NewCompetence,
    able_in,
    check_competence,
    competent,
)
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.texts import content, text

ON = date(2026, 9, 14)
DAY = timedelta(days=1)
WHO = UUID(int=1)


def seen(act: str = "oxygen", days_ago: int = 10, until: date | None = None, able: bool = True) -> Competence:
    return Competence(act, WHO, ON - days_ago * DAY, until, able)


@pytest.mark.parametrize(
    ("held", "acts"),
    [
        ([], set()),
        ([seen()], {"oxygen"}),
        ([seen(days_ago=-1)], set()),
        ([seen(until=ON)], set()),
        ([seen(until=ON + DAY)], {"oxygen"}),
        ([seen(days_ago=LONGEST.days - 1)], {"oxygen"}),
        ([seen(days_ago=LONGEST.days)], set()),
        ([seen(days_ago=LONGEST.days, until=ON + DAY)], set()),
        ([seen(), seen(days_ago=5, able=False)], set()),
        ([seen(days_ago=5, able=False), seen()], set()),
        ([seen(able=False, days_ago=20), seen()], {"oxygen"}),
        ([seen(), seen("suctioning")], {"oxygen", "suctioning"}),
    ],
)
def test_the_last_that_was_seen_of_an_act_counts(held: list[Competence], acts: set[str]) -> None:
    assert able_in(held, ON) == acts
    assert competent(["oxygen"], held, ON) == ("oxygen" in acts)
    assert competent([], held, ON)


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewCompetence("juggling", ON, professional_id=WHO), "act_unknown"),
        (NewCompetence("oxygen", ON), "competence_of_one"),
        (NewCompetence("oxygen", ON, professional_id=WHO, relative_id=WHO), "competence_of_one"),
        (NewCompetence("oxygen", ON + DAY, professional_id=WHO), "seen_later"),
        (NewCompetence("oxygen", ON - LONGEST, professional_id=WHO), "seen_long_ago"),
        (NewCompetence("oxygen", date.min, professional_id=WHO), "seen_long_ago"),
        (NewCompetence("oxygen", ON, ON, professional_id=WHO), "competence_until"),
        (NewCompetence("oxygen", ON, date.max, professional_id=WHO), "competence_until"),
        (NewCompetence("oxygen", ON, ON + LONGEST + DAY, professional_id=WHO), "competence_until"),
    ],
)
def test_what_cannot_be_is_refused(new: NewCompetence, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        check_competence(new, ON)
    check_competence(NewCompetence("oxygen", ON, ON + DAY, professional_id=WHO), ON)


def test_every_act_has_its_words_and_says_what_the_law_says_and_how_that_is_known() -> None:
    acts = content("careteam", "acts")
    assert tuple(acts) == ACTS
    for act in ACTS:
        assert acts[act]["reserved"] in (True, False)
        assert acts[act]["source"]
        for audience in ("child", "parent", "professional"):
            assert text(f"careteam.acts.{act}", audience, "nl")


@pytest.mark.django_db
def test_who_may_says_what_was_seen_of_somebody_of_the_team() -> None:
    world = build()

    def record(by: str, **parts: object) -> UUID:
        return world.do(by, record_competence, NewCompetence("oxygen", TODAY, **parts))  # type: ignore[arg-type]

    def able(who: str = "mother") -> list[tuple[str, list[str]]]:
        return [(one.name, list(one.acts)) for one in able_for(*world.as_(who), TODAY)]

    record("nurse", professional_id=world.professionals["colleague"])
    record("doctor", relative_id=world.relatives["mother"])
    assert able() == [("Colleague", ["oxygen"]), ("Mother", ["oxygen"])]
    record("gp", relative_id=world.relatives["mother"], able=False)
    assert able() == [("Colleague", ["oxygen"])]
    with pytest.raises(Invalid, match="competence_own"):
        record("nurse", professional_id=world.professionals["nurse"])
    for strange in ({"professional_id": WHO}, {"relative_id": WHO}):
        with pytest.raises(Missing, match="not_in_team"):
            record("nurse", **strange)
    for who in ("mother", "teacher", "child"):
        with pytest.raises(Refused):
            record(who, professional_id=world.professionals["colleague"])
    for who in ("teacher", "aunt", "child"):
        with pytest.raises(Refused):
            able(who)
    assert AuditLine.objects.filter(event="competence.recorded").count() == 3
