"""Towards an ending: a closed scan with two needs, and what becomes of them."""

from uuid import UUID

from kindzorg.closure import actions, queries
from kindzorg.closure.actions import Arrangement
from kindzorg.closure.models import NeedSettlement
from kindzorg.closure.rules import Answer, Disposition, Ending
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.actions import take_step
from kindzorg.journey.rules import Phase
from kindzorg.needs import actions as needs
from kindzorg.needs.answers import FirstPass, TopicAnswer
from kindzorg.needs.definition import definition
from kindzorg.needs.queries import voice_for
from kindzorg.needs.rules import Respondent
from kindzorg.referral.tests.world import Circle

WORDS = ("We slapen niet.", "Wie leert ons het infuus?")


def scanned(circle: Circle) -> Circle:
    """The mother names two needs, the nurse closes the scan: the journey stands in phase 3."""
    take_step(circle.nurse, circle.subject, Phase.NEEDS, circle.tick())
    actor, subject = circle.as_("mother")
    needs.open_scan(actor, subject, circle.tick())
    offered = definition().offered(Respondent.PARENT, LifeDomain.MEDICAL)
    chosen = dict(zip((topic.id for topic in offered), WORDS, strict=False))

    def given() -> dict[str, object]:
        return voice_for(actor, subject, circle.moment.date()).given(circle.tick())

    for domain in LifeDomain:
        topics = tuple(chosen) if domain == LifeDomain.MEDICAL else ()
        first = FirstPass(**given(), domain=domain, topics=topics, nothing_needed=not topics)
        needs.give_first_pass(actor, subject, first, circle.tick())
    for topic, words in chosen.items():
        needs.answer_topic(actor, subject, TopicAnswer(**given(), topic=topic, needed=words), circle.tick())
    needs.close_scan(circle.nurse, circle.subject, circle.tick())
    return circle


def need_ids(circle: Circle) -> list[str]:
    """The needs at the end, in the order in which the mother gave them."""
    found = queries.needs_at_end(*circle.as_("nurse"), circle.moment.date())
    return [need.id for need in sorted(found, key=lambda need: [need.words != words for words in WORDS])]


def prepared(circle: Circle, ending: Ending = Ending.TO_OTHERS, who: str = "nurse") -> None:
    """An ending is being prepared."""
    actions.prepare_closure(*circle.as_(who), ending, circle.tick())


def arranged(circle: Circle, need_id: str, disposition: Disposition, **more: object) -> NeedSettlement:
    """What becomes of one need."""
    arrangement = Arrangement(need_id, disposition, **more)  # type: ignore[arg-type]
    return actions.arrange_need(*circle.as_("nurse"), arrangement, circle.tick())


def asked(circle: Circle, need_id: str, who: str = "therapist") -> NeedSettlement:
    """Somebody's organisation is asked to take a need over."""
    return arranged(
        circle,
        need_id,
        Disposition.RECEIVER,
        receiver=f"Huis van {who}",
        receiver_organisation_id=circle.houses[who],
    )


def answered(circle: Circle, who: str, settlement_id: UUID, answer: Answer, reason: str = "") -> object:
    """A receiver says yes or no."""
    said = (answer, reason)
    return actions.answer_request(*circle.as_(who), settlement_id, said, circle.tick())
