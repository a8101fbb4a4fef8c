"""A changed plan asks of each open agreement what becomes of it, and says so to who does it."""

from uuid import UUID

import pytest

from kindzorg.access.policy import Actor
from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions, queries
from kindzorg.careplan.agreements.rules import AgreementState, Carried, Who, WhoKind
from kindzorg.careplan.carrying.rules import Settlement, ToSettle
from kindzorg.careplan.models import AgreementStep, AgreementTerms, GoalText, Removal
from kindzorg.careteam.models import Grant
from kindzorg.core.errors import Conflict, Incomplete, Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.notices.models import Notice

from .conftest import World, goal, sign
from .doors import client, few_statements, get, post, today, url


@pytest.fixture
def changing(world: World) -> World:
    """A plan in force with three agreements that were taken on, and a draft of the next."""
    world.in_force(goals=1, agreements=3)
    for key in world.agreements:
        world.do("nurse", actions.answer_agreement, key, AgreementState.AGREED, "")
    world.do("nurse", actions.start_draft)
    return world


def rows(world: World, who: str = "nurse") -> dict[UUID, ToSettle]:
    found = queries.settling_for(*world.as_(who), today(world))
    return {one.id: one for one in found.rows}


def settles(world: World, *given: Settlement, who: str = "nurse") -> None:
    world.do(who, actions.settle_agreements, given)


def stays(*keys: UUID) -> list[Settlement]:
    return [Settlement(agreement_id=key, carried=Carried.STAYS) for key in keys]


def comes_into_force(world: World) -> None:
    number = world.do("nurse", actions.offer_version).number
    for parent in ("mother", "father"):
        sign(world, parent, number)
    if queries.plan_for(*world.as_("nurse"), today(world)).version.number != number:
        world.do("doctor", actions.approve_version, number, True, "")


def last(key: UUID) -> AgreementStep:
    return AgreementStep.objects.filter(agreement_id=key).order_by("-created_at", "-id")[0]


def draft_rows() -> dict[UUID, str]:
    found = AgreementTerms.objects.filter(version__status="draft")
    return dict(found.values_list("agreement_id", "carried"))


def test_an_offer_is_refused_until_each_open_agreement_is_settled(changing: World) -> None:
    one, two, three = changing.agreements
    with pytest.raises(Incomplete) as refused:
        changing.do("nurse", actions.offer_version)
    assert [lack.code for lack in refused.value.data["missing"]] == ["agreements_unsettled"]
    settles(changing, *stays(one, two))
    with pytest.raises(Incomplete):
        changing.do("nurse", actions.offer_version)
    settles(changing, Settlement(agreement_id=three, carried=Carried.ANEW))
    assert changing.do("nurse", actions.offer_version).practical


def test_what_is_not_open_need_not_be_settled(changing: World) -> None:
    one, two, three = changing.agreements
    changing.do("nurse", actions.answer_agreement, one, AgreementState.DONE, "")
    changing.do("nurse", actions.answer_agreement, two, AgreementState.DECLINED, "ill")
    assert set(rows(changing)) == {three}
    with pytest.raises(Missing):
        settles(changing, *stays(one))
    settles(changing, *stays(three))
    with pytest.raises(Invalid) as refused:
        changing.do("nurse", actions.offer_version)
    assert refused.value.code == "nothing_changed"


def test_coming_into_force_does_to_each_what_was_said(changing: World) -> None:
    one, two, three = changing.agreements
    new = changing.do("nurse", actions.add_agreement, changing.nurse_does("the new way"))
    settles(
        changing,
        Settlement(agreement_id=one, carried=Carried.REPLACED, replaced_by=new),
        Settlement(agreement_id=two, carried=Carried.LAPSES, reason=" grandmother can do it "),
        Settlement(agreement_id=three, carried=Carried.ANEW),
    )
    steps = AgreementStep.objects.count()
    assert [last(key).state for key in (one, two, three)] == ["agreed"] * 3
    comes_into_force(changing)
    assert AgreementStep.objects.count() == steps + 4
    assert (last(one).state, last(one).replaced_by_id, last(one).reason) == ("lapsed", new, "")
    assert (last(two).state, last(two).reason) == ("lapsed", "grandmother can do it")
    assert (last(three).state, last(new).state) == ("asked", "asked")
    assert last(two).replaced_by_id is last(three).replaced_by_id is None


def test_what_stays_keeps_its_answer_and_a_goal_stays_as_far_as_it_was(changing: World) -> None:
    one, two, three = changing.agreements
    settles(changing, *stays(one, two), Settlement(agreement_id=three, carried=Carried.LAPSES, reason="w"))
    comes_into_force(changing)
    assert (last(one).state, last(two).state) == ("agreed", "agreed")
    changing.do("nurse", actions.answer_agreement, one, AgreementState.DONE, "")
    (goal_view,) = queries.plan_for(*changing.as_("nurse"), today(changing)).goals
    assert (goal_view.state, goal_view.step) == ("active", None)  # Done never reaches a goal by itself.


def test_who_did_it_is_told_that_it_lapsed(world: World) -> None:
    world.in_force(goals=1, agreements=1)
    world.do("nurse", actions.start_draft)
    colleague = Who(kind=WhoKind.PROFESSIONAL, professional_id=world.professionals["colleague"])
    content = world.nurse_does("of a colleague", who=colleague)
    first = world.do("nurse", actions.add_agreement, content)
    world.agree()
    world.do("nurse", actions.start_draft)
    settles(world, Settlement(agreement_id=first, carried=Carried.LAPSES, reason="no longer needed"))
    world.settle()
    comes_into_force(world)
    told = Notice.objects.filter(kind="agreement_lapsed").values_list("recipient_id", flat=True)
    assert list(told) == [world.users["colleague"].id]


def test_a_change_of_what_was_agreed_opens_the_choice_again(changing: World) -> None:
    one, two, three = changing.agreements
    settles(changing, *stays(one, two, three))
    content = rows(changing)[one].said
    paid = changing.nurse_does(content.what, payer="somebody else")
    changing.do("nurse", actions.change_agreement, one, paid, 1)
    assert draft_rows() == dict.fromkeys(changing.agreements, "stays")
    changing.do(
        "nurse", actions.change_agreement, one, changing.nurse_does(content.what, when="on Monday"), 2
    )
    assert draft_rows()[one] == ""
    with pytest.raises(Invalid):
        settles(changing, *stays(one))
    settles(changing, Settlement(agreement_id=one, carried=Carried.ANEW))
    changing.do("nurse", actions.offer_version)


def test_somebody_may_think_again(changing: World) -> None:
    one, two, three = changing.agreements
    new = changing.do("nurse", actions.add_agreement, changing.nurse_does("the new way"))
    settles(
        changing,
        Settlement(agreement_id=one, carried=Carried.LAPSES, reason="w"),
        Settlement(agreement_id=two, carried=Carried.REPLACED, replaced_by=three, reason="one for both"),
    )
    assert set(draft_rows()) == {three, new}
    settles(changing, Settlement(agreement_id=one, carried=Carried.REPLACED, replaced_by=new), *stays(two))
    assert draft_rows() == {two: "stays", three: "", new: ""}
    assert list(Removal.objects.values_list("agreement_id", "replaced_by_id", "reason")) == [(one, new, "")]
    # What replaces leaves the draft itself: then it has to be said again.
    changing.do("nurse", actions.remove_agreement, new, "", 1)
    assert rows(changing)[one].carried is None
    settles(changing, *stays(one, two, three))
    assert set(draft_rows().values()) == {"stays"} and not Removal.objects.exists()


def test_none_is_replaced_by_one_that_goes_in_the_same_breath(changing: World) -> None:
    one, two, _three = changing.agreements
    goes = Settlement(agreement_id=two, carried=Carried.LAPSES, reason="w")
    with pytest.raises(Invalid):
        settles(changing, Settlement(agreement_id=one, carried=Carried.REPLACED, replaced_by=two), goes)
    settles(changing, Settlement(agreement_id=one, carried=Carried.REPLACED, replaced_by=two))
    settles(changing, goes)
    assert rows(changing)[one].carried is None


def test_of_two_who_settle_at_once_one_is_told(changing: World) -> None:
    one, two, _three = changing.agreements
    mark = rows(changing)[one].mark
    settles(changing, Settlement(agreement_id=one, carried=Carried.LAPSES, reason="w", mark=mark))
    late = Settlement(agreement_id=one, carried=Carried.STAYS, mark=mark)
    with pytest.raises(Conflict) as told:
        settles(changing, late, *stays(two))
    assert told.value.data["ids"] == [one]
    assert draft_rows()[two] == ""
    # Who says the same is in nobody's way.
    settles(changing, Settlement(agreement_id=one, carried=Carried.LAPSES, reason="w", mark=mark))


def test_each_review_asks_anew_but_a_version_that_was_withdrawn_brings_its_choices_along(
    changing: World,
) -> None:
    settles(changing, Settlement(agreement_id=changing.agreements[0], carried=Carried.ANEW))
    changing.settle()
    number = changing.do("nurse", actions.offer_version).number
    changing.do("nurse", actions.withdraw_version, "too early")
    changing.do("nurse", actions.start_draft, from_number=number)
    assert set(draft_rows().values()) == {"anew", "stays"}
    comes_into_force(changing)
    changing.do("nurse", actions.start_draft)
    assert set(draft_rows().values()) == {""}


def test_a_plan_without_one_before_it_settles_nothing(world: World) -> None:
    world.draft()
    assert queries.settling_for(*world.as_("nurse"), today(world)) is None
    with pytest.raises(Missing):
        settles(world, *stays(world.agreements[0]))
    assert get(world, "nurse", "plan_settle", status=302) == ""


def test_who_does_not_see_a_domain_settles_nothing_in_it(changing: World) -> None:
    Grant.objects.filter(user=changing.users["colleague"]).update(domains="social")
    assert rows(changing, "colleague") == {}
    with pytest.raises(Missing):
        settles(changing, *stays(changing.agreements[0]), who="colleague")
    settles(changing, Settlement(agreement_id=changing.agreements[0], carried=Carried.LAPSES, reason="w"))
    with pytest.raises(Refused):
        changing.do("colleague", actions.put_back, changing.agreements[0])
    draft = queries.checked_draft_for(*changing.as_("colleague"), today(changing))
    assert draft.left_out == ()
    assert {lack.code for lack in draft.lacks} == {"agreements_unsettled"}


def test_what_was_left_out_is_put_back_as_it_was(changing: World) -> None:
    one = changing.agreements[0]
    changing.do("nurse", actions.remove_agreement, one, "no longer needed", 1)
    changing.do("nurse", actions.remove_goal, changing.goals[0], "reached", 1)
    found = queries.checked_draft_for(*changing.as_("nurse"), today(changing)).left_out
    assert [(one.item, one.title, one.reason) for one in found] == [
        ("agreement", "agreement 0.0", "no longer needed"),
        ("goal", "goal 0", "reached"),
    ]
    changing.do("nurse", actions.put_back, one)
    changing.do("nurse", actions.put_back, changing.goals[0])
    assert set(draft_rows()) == set(changing.agreements)
    assert GoalText.objects.filter(version__status="draft").count() == 1
    assert not Removal.objects.exists()
    with pytest.raises(Missing):
        changing.do("nurse", actions.put_back, one)
    with pytest.raises(Missing):
        changing.do("nurse", actions.put_back, new_id())


def test_what_a_withdrawn_version_left_out_comes_back_from_the_plan_in_force(changing: World) -> None:
    one = changing.agreements[0]
    changing.do("nurse", actions.remove_agreement, one, "no longer needed", 1)
    changing.settle()
    number = changing.do("nurse", actions.offer_version).number
    changing.do("nurse", actions.withdraw_version, "too early")
    changing.do("nurse", actions.start_draft, from_number=number)
    changing.do("nurse", actions.put_back, one)
    assert draft_rows()[one] == ""


def test_settling_stands_in_the_trail_with_how_many(changing: World) -> None:
    settles(changing, *stays(*changing.agreements))
    line = AuditLine.objects.filter(event="version.agreements_settled").get()
    assert line.detail["stays"] == "3"


# --- the pages ---------------------------------------------------------------------------------------------


def typed(world: World, **other: str) -> dict[str, str]:
    """What the page begins with, as a browser sends it; `other` by name and number."""
    found = {}
    for number, (key, one) in enumerate(rows(world).items()):
        fields = {"carried": str(one.suggested or ""), "reason": one.reason, "instead": "", "mark": one.mark}
        found |= {f"{name}_{key}": other.get(f"{name}_{number}", value) for name, value in fields.items()}
    return found


def test_a_nurse_settles_a_whole_plan_with_one_tap(changing: World) -> None:
    draft = get(changing, "nurse", "plan_draft")
    assert url(changing, "plan_settle") in draft
    assert "Zeg van elke lopende afspraak" in get(changing, "nurse", "plan_offer")
    found = get(changing, "nurse", "plan_settle")
    assert found.count("<select") == 6 and 'value="stays" selected' in found
    sent = post(changing, "nurse", "plan_settle", **typed(changing))
    assert (sent.status_code, sent.headers["Location"]) == (302, url(changing, "plan_offer"))
    assert set(draft_rows().values()) == {"stays"}
    settled = get(changing, "nurse", "plan_draft")
    assert "Zeg van elke lopende afspraak" not in settled and url(changing, "plan_settle") in settled


def test_who_may_not_offer_goes_back_to_the_draft(changing: World) -> None:
    sent = post(changing, "mother", "plan_settle", **typed(changing))
    assert sent.headers["Location"] == url(changing, "plan_draft")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"carried_0": "lapses"}, "Schrijf de reden op"),
        ({"carried_0": "replaced"}, "Kies welke afspraak"),
        ({"carried_0": "replaced", "instead_0": "nonsense"}, "nonsense"),
        ({"carried_0": ""}, "Kies wat er met deze afspraak gebeurt"),
        ({"carried_0": "lapses", "reason_0": "w" * 501}, "w" * 501),
        ({"carried_0": "stays", "mark_0": "older"}, "Iemand heeft dit intussen veranderd"),
        ({"carried_0": "stays", "reason_0": "odd\x00"}, ""),
    ],
)
def test_bad_input_gives_a_sentence_and_keeps_what_was_typed(changing: World, other, said: str) -> None:
    given = typed(changing, **{"carried_1": "lapses", "reason_1": "typed with care", **other})
    found = post(changing, "nurse", "plan_settle", **given)
    assert found.status_code in (200, 400)
    if said:
        text = found.content.decode()
        assert said in text and "typed with care" in text and "Fout:" in text
    assert set(draft_rows().values()) == {""}


def test_what_changed_is_asked_anew_with_a_plain_reason(changing: World) -> None:
    one = changing.agreements[0]
    changing.do("nurse", actions.change_agreement, one, changing.nurse_does("wash <b>", when="on Monday"), 1)
    found = get(changing, "nurse", "plan_settle")
    assert "Dit is veranderd: wat, wanneer." in found
    assert "wash &lt;b&gt;" in found and "wash <b>" not in found
    assert post(changing, "nurse", "plan_settle", **typed(changing)).status_code == 302
    assert draft_rows()[one] == "anew"
    refused = post(changing, "nurse", "plan_settle", **typed(changing, carried_0="stays"))
    assert refused.status_code == 200 and draft_rows()[one] == "anew"


def test_somebody_who_is_late_reads_what_the_draft_says_now(changing: World) -> None:
    given = typed(changing)
    settles(changing, Settlement(agreement_id=changing.agreements[0], carried=Carried.LAPSES, reason="ill"))
    late = post(changing, "nurse", "plan_settle", **given).content.decode()
    assert "Vervalt ill" in late
    assert post(changing, "nurse", "plan_settle", **typed(changing)).status_code == 302


def test_what_was_left_out_is_put_back_with_one_tap(changing: World) -> None:
    one, two = changing.agreements[:2]
    settles(
        changing,
        Settlement(agreement_id=one, carried=Carried.REPLACED, replaced_by=two),
        Settlement(agreement_id=changing.agreements[2], carried=Carried.LAPSES, reason="grandmother can"),
    )
    draft = get(changing, "nurse", "plan_draft")
    assert "Uit het plan gehaald" in draft and "Vervangen door: agreement 0.1" in draft
    assert "grandmother can" in draft and draft.count("Terugzetten") == 2
    for _again in range(2):
        assert post(changing, "nurse", "plan_put_back", one).status_code == 302
    assert one in draft_rows()
    changing.do("nurse", actions.withdraw_version, "")
    assert post(changing, "nurse", "plan_put_back", one).status_code == 404


def test_the_page_asks_few_statements_whatever_the_plan(world: World) -> None:
    world.in_force(goals=5, agreements=3)
    world.do("nurse", actions.start_draft)
    browser = client(world, "nurse")
    browser.get(url(world, "plan_settle"))
    with few_statements():
        found = browser.get(url(world, "plan_settle"))
    assert found.content.decode().count("kz-settle__one") == 15


def test_everybody_reads_what_became_of_it(changing: World) -> None:
    one, two, three = changing.agreements
    new = changing.do("nurse", actions.add_agreement, changing.nurse_does("the new way"))
    settles(
        changing,
        Settlement(agreement_id=one, carried=Carried.REPLACED, replaced_by=new),
        Settlement(agreement_id=two, carried=Carried.ANEW),
        *stays(three),
    )
    comes_into_force(changing)
    changes = get(changing, "mother", "plan_changes", 2)
    assert "afspraak vervangen" in changes and "Vervangen door: the new way" in changes
    assert "opnieuw gevraagd" in changes and "agreement 0.2" not in changes


def test_what_replaces_shows_to_who_may_see_it(changing: World) -> None:
    social = changing.do("nurse", actions.add_goal, goal("friends", domains=(LifeDomain.SOCIAL,)))
    new = changing.do("nurse", actions.add_agreement, changing.nurse_does("the new way", goal_id=social))
    settles(
        changing, Settlement(agreement_id=changing.agreements[0], carried=Carried.REPLACED, replaced_by=new)
    )
    changing.settle()
    comes_into_force(changing)
    Grant.objects.filter(user=changing.users["colleague"]).update(domains="medical")
    changes = get(changing, "colleague", "plan_changes", 2)
    assert "agreement 0.0" in changes and "the new way" not in changes


def test_an_actor_is_asked_for_leave(changing: World) -> None:
    nobody = Actor(new_id(), "Nobody", ())
    subject = changing.as_("nurse")[1]
    for act in (
        lambda: actions.settle_agreements(nobody, subject, [], changing.now()),
        lambda: actions.put_back(nobody, subject, new_id(), changing.now()),
    ):
        with pytest.raises(Refused):
            act()
