"""The child's own part of a review: one question at a time, for whom it chooses."""

from uuid import UUID

from kindzorg.careplan.reviews import actions, queries, rules
from kindzorg.careplan.reviews.rules import NewPreparation

from .conftest import World
from .doors import client, get, post, url
from .test_reviews import few, planned, prepares, pytestmark, world

assert pytestmark and world  # the world of reviews, and that it needs a database


def said_by_child(world: World, who: str, review: UUID) -> list[tuple[str, str, str, str]]:
    found = queries.preparations_for(*world.as_(who), world.moment.date(), review)
    mine = [one for one in found.get(review, ()) if one.by_id == world.users["child"].id]
    return [(str(one.face or ""), one.well, one.not_well, one.next) for one in mine]


def reach_shown(world: World, review: UUID) -> str | None:
    form = client(world, "child").get(url(world, "review_mine_who", review)).context["form"]
    chosen: str | None = form["reach"].value()
    return chosen


def test_a_child_answers_one_question_at_a_time_and_says_for_whom(world: World) -> None:
    review = planned(world)
    page = get(world, "child", "review_mine", review, 1)
    assert "Hoe gaat dit?" in page and "heel slecht" in page
    goals = int(page.split('max="')[1].split('"')[0]) - 3
    assert goals >= 1
    answer = post(world, "child", "review_mine", review, 1, face="good")
    assert answer.url == url(world, "review_mine", review, 2)
    first = goals + 1
    post(world, "child", "review_mine", review, first, words="De muziek.")
    post(world, "child", "review_mine", review, first + 1, skip="1", words="Dit telt niet.")
    last = post(world, "child", "review_mine", review, first + 2, words="Meer buiten.")
    assert last.url == url(world, "review_mine_who", review)
    own = [("", "De muziek.", "", "Meer buiten."), ("good", "", "", "")]
    assert said_by_child(world, "child", review) == own
    assert said_by_child(world, "nurse", review) == [], "for nobody until the child says for whom"
    assert "De muziek." in get(world, "child", "review_mine_who", review)
    assert reach_shown(world, review) is None, "a child chooses for itself"
    assert "Kies wie dit mag lezen." in post(world, "child", "review_mine_who", review).content.decode()
    post(world, "child", "review_mine_who", review, reach="not_parents")
    assert reach_shown(world, review) == "not_parents"
    assert said_by_child(world, "nurse", review) == own
    assert said_by_child(world, "mother", review) == []
    post(world, "child", "review_mine", review, first, words="De muziek!")
    assert said_by_child(world, "mother", review) == [], "another wording stays kept from them"
    assert said_by_child(world, "nurse", review) == own[1:], "and from all until the child says for whom"
    assert reach_shown(world, review) == "not_parents"
    post(world, "child", "review_mine_who", review, reach="all")
    assert said_by_child(world, "mother", review) == [("", "De muziek!", "", "Meer buiten."), own[1]]
    assert reach_shown(world, review) == "all"
    prepares(world, "mother", review, "Het slapen.")
    shown = client(world, "nurse").get(url(world, "review", review)).context
    cards = [(card["view"].by, len(card["said"]), len(card["faces"])) for card in shown["prepared"]]
    assert cards == [("Child", 1, 1), ("Mother", 1, 0)], "one card per person, however many answers"
    assert [face["face_said"] for face in shown["goals"][0]["faces"]] == ["goed"]
    page = get(world, "nurse", "review", review)
    assert page.count("De muziek!") == 1 and "Child: goed" in page
    few(world, "child", "review_mine_who", review)
    few(world, "nurse", "review", review)
    get(world, "child", "review_mine", review, first + 3, status=404)
    get(world, "child", "review_mine", review, 0, status=404)


def test_what_is_new_or_changed_is_the_childs_until_it_says_for_whom(world: World) -> None:
    review = planned(world)
    warns = "Tot dan lees alleen jij het."
    first = int(get(world, "child", "review_mine", review, 1).split('max="')[1].split('"')[0]) - 2
    post(world, "child", "review_mine", review, first, words="De muziek.")
    assert warns not in get(world, "child", "review_mine", review, first)
    post(world, "child", "review_mine_who", review, reach="all")
    shared = [("", "De muziek.", "", "")]
    post(world, "child", "review_mine", review, first, words="De muziek.")
    assert said_by_child(world, "nurse", review) == shared, "what it left as it was stays for whom it was"
    assert warns in get(world, "child", "review_mine", review, first + 2)
    post(world, "child", "review_mine", review, first + 2, words="Niet tegen mama zeggen.")
    assert said_by_child(world, "nurse", review) == said_by_child(world, "mother", review) == []
    assert reach_shown(world, review) == "all", "its choice stands there"
    post(world, "child", "review_mine_who", review, reach="own")
    post(world, "child", "review_mine", review, first, words="De muziek!")
    assert reach_shown(world, review) == "own", "also that it was for nobody"
    post(world, "child", "review_mine_who", review, reach="all")
    post(world, "child", "review_mine_back", review, first + 2)
    assert said_by_child(world, "nurse", review) == [("", "De muziek!", "", "")], "the rest stays shared"
    post(world, "child", "review_mine", review, 1, face="bad")
    post(world, "child", "review_mine_who", review, reach="all")
    post(world, "child", "review_mine", review, 1, face="good")
    assert [face for face, *_ in said_by_child(world, "nurse", review)] == [""], "so is another face"
    post(world, "child", "review_mine_back", review, 1)
    post(world, "child", "review_mine_back", review, first)
    post(world, "child", "review_mine", review, first, words="Buiten.")
    assert reach_shown(world, review) is None, "what was taken back has no choice any more"


def test_a_child_takes_an_answer_back(world: World) -> None:
    review = planned(world)
    post(world, "child", "review_mine", review, 1, face="bad")
    post(world, "child", "review_mine_back", review, 1)
    assert said_by_child(world, "child", review) == []
    nothing = post(world, "child", "review_mine", review, 1)
    assert nothing.status_code == 302 and said_by_child(world, "child", review) == []
    assert post(world, "child", "review_mine_back", review, 99).status_code == 404
    assert client(world, "child").get(url(world, "review_mine_who", review)).status_code == 302
    post(world, "child", "review_mine", review, 1, face="bad")
    post(world, "child", "review_mine_who", review, reach="own")
    assert said_by_child(world, "nurse", review) == []


def test_the_childs_questions_are_for_the_child_while_the_review_is_open(world: World) -> None:
    review = planned(world)
    get(world, "mother", "review_mine", review, 1, status=404)
    assert "Wat ging" not in get(world, "mother", "review", review)
    few(world, "child", "review_mine", review, 1)
    asked = client(world, "child").get(url(world, "review_prepare", review))
    assert asked.url == url(world, "review_mine", review, 1), "a child has its own questions, by every way"
    world.do("nurse", actions.drop_review, review, "Ziek")
    assert client(world, "child").get(url(world, "review_prepare", review)).url == url(
        world, "review", review
    )
    get(world, "child", "review_mine", review, 1, status=404)
    assert rules.answered(NewPreparation(review_id=review), None, None, "", None).face is None
