"""Scenes that come back in several stories."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from tests.journeys.people import Visitor
from tests.machine import TODAY

PATIENCE = 60  # pages; a scene that is not over by then goes round in circles


def hand_over_file(nurse: Visitor, name: str, sent: bytes) -> None:
    """Choose the file that the hospital sent, and read it in."""
    nurse.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": sent}
    )
    nurse.presses("Inlezen")


def answer_the_tree(nurse: Visitor, yes: Sequence[str], unknown: Sequence[str] = ()) -> None:
    """Answer the questions of the referral tree until none is left that can change the outcome."""
    todo = {*yes, *unknown}
    for _question in range(PATIENCE):
        before, _found, fact = nurse.page.url.rpartition("/")
        if not before.endswith("/questions"):
            return
        todo.discard(fact)
        if fact in yes or fact in unknown:
            nurse.chooses("Ja" if fact in yes else "Weet ik niet")
        elif not todo and nurse.offers("Nee, en"):
            nurse.presses("Nee, en")
            continue
        else:
            nurse.chooses("Nee")
        nurse.presses("Bewaren en verder")
    raise AssertionError("the tree does not end")


def fill_in_the_scan(
    person: Visitor, topics: Mapping[str, Sequence[str]], answers: Mapping[str, Mapping[str, str]]
) -> None:
    """Go through one's part of the scan, page by page, to "check your answers".

    `topics`: per life domain what one chooses to talk about, else "nothing is needed here"; `answers`: per topic
    the words at each question (at "" an option); a topic without words is skipped.
    """
    for _page in range(PATIENCE):
        part, what = person.page.url.split("?")[0].split("/needs/")[1].partition("/")[::2]
        if part == "answers":
            return
        if part == "choose":
            _choose_topics(person, topics.get(what, ()))
        elif part == "topic" and what in answers:
            for question, words in answers[what].items():
                if question:
                    person.writes(question, words)
                else:
                    person.chooses(words)
            person.presses_next()
        elif part == "who":
            person.presses("Zo is het goed")
        elif part == "carrying":
            person.goes_to("needs/answers")
        else:
            person.presses_skip()
    raise AssertionError("the scan does not end")


def _choose_topics(person: Visitor, topics: Sequence[str]) -> None:
    if topics:
        person.chooses(*topics)
    elif not person.page.locator("[name=topics]:checked").count():  # chosen in an earlier scan
        person.page.locator("[name=nothing_needed]").check(force=True)
    person.presses_next()


def plan_the_goal(nurse: Visitor, goal: str, agreement: Mapping[str, str]) -> None:
    """Give a goal of the draft the day to look again and an agreement; the labels of a list take an option."""
    nurse.goes_to("plan/draft")
    nurse.follows(f"Wijzig: {goal}")
    nurse.writes("Wanneer bekijkt u dit samen opnieuw?", (TODAY + timedelta(days=42)).isoformat())
    nurse.presses("Bewaren")
    nurse.follows(f"Afspraak toevoegen: {goal}")
    for label, words in agreement.items():
        if label in LISTS:
            nurse.picks(label, words)
        else:
            nurse.writes(label, words)
    nurse.presses("Bewaren")


LISTS = ("Wie doet het?", "Onder welke wet?", "In welke vorm?")


def leave_out_on_purpose(nurse: Visitor, goal: str, why: str) -> None:
    """Leave a drafted goal out, and say why its need has no goal."""
    nurse.follows(f"Weglaten: {goal}")
    nurse.presses("Bewaren")
    nurse.follows("Bewust geen doel")
    nurse.writes("Waarom is hier bewust geen doel?", why)
    nurse.presses("Bewaren")


def close_the_care(nurse: Visitor) -> None:
    """Try to close: the last words, and the button."""
    nurse.goes_to("closure/decide")
    nurse.writes("Wie mag het gezin later bellen?", "Veldzicht: 055 500 02 00")
    nurse.writes("Wat wilt u meegeven?", "Wij mochten Yusuf zien groeien. Dank jullie wel.")
    nurse.presses("Sluit de zorg af")


def arrange_the_need(
    nurse: Visitor, need: str, link: str = "Regel", *, receiver: str = "", none: str = ""
) -> None:
    """What becomes of one need: an organisation takes it over, or why nobody has to."""
    nurse.follows(f"{link}: {need}")
    if receiver:
        nurse.chooses("Iemand anders neemt dit over")
        nurse.picks("Welke organisatie uit het team neemt het over?", receiver)
    else:
        nurse.chooses(none)
    nurse.presses("Bewaren")
