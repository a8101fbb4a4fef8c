"""Who takes part, and where the journey stands."""

from typing import Any

from kindzorg.access.roles import Role
from kindzorg.careteam.actions import NewMember, add_member, let_child_in
from kindzorg.careteam.authority.actions import record_authority
from kindzorg.careteam.authority.rules import NewAuthority
from kindzorg.careteam.coaching.actions import CoachAnswer, answer_coach, offer_coach
from kindzorg.careteam.consents.actions import decide_consent
from kindzorg.careteam.consents.rules import AT_THE_TABLE, Decision, PartyKind, PartyRef
from kindzorg.careteam.invitations.actions import NewInvitation, invite
from kindzorg.careteam.invitations.rules import InvitedAs
from kindzorg.careteam.models import Membership
from kindzorg.careteam.representation.actions import record_representation
from kindzorg.careteam.representation.rules import NewRepresentation, RepresentationKind
from kindzorg.careteam.responsibilities.actions import set_responsibility
from kindzorg.careteam.responsibilities.rules import NewResponsibility, ResponsibilityKind
from kindzorg.careteam.rules import AuthorityKind
from kindzorg.careteam.spoken.actions import say_spoken
from kindzorg.core.vocabulary import LifeDomain, Truth
from kindzorg.demo.story import Deed, Story
from kindzorg.journey.actions import open_journey, take_step
from kindzorg.journey.rules import Phase
from kindzorg.people.actions import NewRelative, give_child_account, register_relative
from kindzorg.people.rules import Relation


def child_account(story: Story, deed: Deed) -> None:
    """The child signs in as itself."""
    user_id = story.directory.user(deed.line["username"]).id
    give_child_account(deed.actor, deed.subject, user_id, deed.now)
    let_child_in(deed.actor, deed.subject, user_id, deed.now)


def relative(story: Story, deed: Deed) -> None:
    """A relative is known; with authority or a role also let in."""
    account = deed.get("account", True)
    new = NewRelative(
        deed.line["name"],
        Relation(deed.line["relation"]),
        story.directory.user(deed.line["key"]).id if account else None,
        story.day(deed.line["born"]) if deed.get("born") else None,
        deed.get("phone"),
        deed.get("language", "nl"),
    )
    row = register_relative(deed.actor, deed.subject, new, deed.now)
    story.made[deed.line["key"]] = row.id
    if kind := deed.get("authority"):
        held = NewAuthority(row.id, AuthorityKind(kind), deed.line["seen"], checked_on=deed.now.date())
        record_authority(deed.actor, deed.subject, held, deed.now)
    if role := deed.get("role") or (kind and Role.AUTHORITY_HOLDER):
        add_member(
            deed.actor,
            deed.subject,
            NewMember(Role(role), relative_id=row.id, task=deed.get("task"), consent=AT_THE_TABLE),
            deed.now,
        )


def member(story: Story, deed: Deed) -> None:
    """A professional or a relative joins the team."""
    who = deed.line["who"]
    new = NewMember(
        Role(deed.line["role"]),
        professional_id=story.directory.professionals.get(who),
        relative_id=story.made.get(who),
        task=deed.get("task"),
        reply_time=deed.get("reply_time"),
        until=story.day(deed.line["until"]) if deed.get("until") else None,
        consent=AT_THE_TABLE,
    )
    add_member(deed.actor, deed.subject, new, deed.now)


def represents(story: Story, deed: Deed) -> None:
    """Who will represent the child from 18, should it not be able to decide."""
    kind, on = RepresentationKind(deed.line["kind"]), deed.now.date()
    new = NewRepresentation(story.made[deed.line["who"]], kind, deed.line["seen"], on)
    record_representation(deed.actor, deed.subject, new, deed.now)


def share(story: Story, deed: Deed) -> None:
    """Somebody of the family says yes or no to one who looks along."""
    who = deed.line["who"]
    professional = story.directory.professionals.get(who)
    kind = PartyKind.PROFESSIONAL if professional else PartyKind.RELATIVE
    party = PartyRef(kind, professional or story.made[who])
    decision = Decision(deed.line["says"] == "ja", reason=deed.get("reason"))
    decide_consent(deed.actor, deed.subject, party, decision, deed.now)


def spoken(story: Story, deed: Deed) -> None:
    """Which language somebody of the family speaks, and whether an interpreter is needed."""
    said = (deed.line["language"], Truth(deed.line["interpreter"]))
    say_spoken(deed.actor, deed.subject, story.made[deed.line["who"]], said, deed.now)


def invited(story: Story, deed: Deed) -> None:
    """Somebody is invited and has not come in; the link itself is shown to nobody."""
    new = NewInvitation(
        InvitedAs(deed.line["as"]),
        professional_id=story.directory.professionals.get(deed.get("who")),
        name=deed.get("name"),
        relation=Relation(deed.get("relation", "other")),
        role=Role(deed.line["role"]) if deed.get("role") else None,
        task=deed.get("task"),
    )
    invite(deed.actor, deed.subject, new, deed.now)


def responsible(story: Story, deed: Deed) -> None:
    """Who of the team answers for a life `domain`: `who` by key."""
    who = deed.line["who"]
    key = {"professional_id": story.directory.professionals.get(who), "relative_id": story.made.get(who)}
    named = {name: value for name, value in key.items() if value}
    member = Membership.objects.filter(child_id=deed.subject.child_id, until=None).get(**named)
    _responsibility(deed, ResponsibilityKind.DOMAIN, member_id=member.id)


def does(story: Story, deed: Deed) -> None:
    """A line of who does what, and how; `who` in words."""
    _responsibility(deed, ResponsibilityKind.LINE, who=deed.line["who"])


def _responsibility(deed: Deed, kind: ResponsibilityKind, **who: Any) -> None:
    domain, what = LifeDomain(deed.line["domain"]), deed.line["what"]
    new = NewResponsibility(domain, kind, what, deed.get("how"), **who)
    set_responsibility(deed.actor, deed.subject, new, deed.now)


def coach_offer(story: Story, deed: Deed) -> None:
    """A care coach is offered to the family."""
    offer_coach(deed.actor, deed.subject, deed.now)


def coach_answer(story: Story, deed: Deed) -> None:
    """The family says yes or no to a care coach."""
    answer_coach(
        deed.actor, deed.subject, CoachAnswer(deed.line["says"] == "ja", deed.get("words")), deed.now
    )


def journey_open(story: Story, deed: Deed) -> None:
    """The journey begins."""
    open_journey(deed.actor, deed.subject, story.directory.organisations[deed.line["controller"]], deed.now)


def journey_step(story: Story, deed: Deed) -> None:
    """The journey goes on."""
    take_step(deed.actor, deed.subject, Phase(deed.line["to"]), deed.now, deed.get("note"))
