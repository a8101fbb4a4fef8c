"""How somebody stands to an agreement."""

from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.agreements.rules import CARRIED_OVER, AgreementState, Party, Who, WhoKind, comes_back
from kindzorg.careplan.models import Agreement, AgreementStep, AgreementTerms, Removal
from kindzorg.careplan.versions.rules import VersionStatus
from kindzorg.core.errors import Invalid
from kindzorg.core.statements import Listed
from kindzorg.people.models import Child, Organisation, Professional, Relative

NOBODY = UUID(int=0)


def party_of(actor: Actor, subject: Subject, owner_id: UUID, terms: AgreementTerms) -> Party:
    """How the actor stands to an agreement: who is asked is the person, or anyone of the organisation named."""
    match WhoKind(terms.who_kind):
        case WhoKind.PROFESSIONAL if terms.professional:
            user_id = terms.professional.user_id
            asked = actor.id == user_id or _of(actor, terms.professional.organisation_id)
            reachable = True
        case WhoKind.ORGANISATION:
            asked, reachable = _of(actor, terms.organisation_id), True
        case WhoKind.RELATIVE if terms.relative:
            asked, reachable = actor.id == terms.relative.user_id, terms.relative.user_id is not None
        case WhoKind.CHILD:
            user_id = Child.objects.values_list("user_id", flat=True).get(id=subject.child_id)
            asked, reachable = actor.id == user_id, False
        case _:
            asked, reachable = False, False
    return Party(asked=asked, owner=_of(actor, owner_id), reachable=reachable)


def _of(actor: Actor, organisation_id: UUID | None) -> bool:
    return organisation_id is not None and actor.organisation_id == organisation_id


def state_of(actor: Actor, agreement: Agreement) -> AgreementState:
    """The last step of an agreement; "proposed" while it has none."""
    last = AgreementStep.objects.filter(agreement=agreement).order_by("-created_at", "-id").first()
    return AgreementState(last.state) if last else AgreementState.PROPOSED


def came_back(actor: Actor, subject: Subject, agreement_id: UUID) -> bool:
    """Whether an agreement stands where taking back an answer brought it. One statement."""
    steps = AgreementStep.objects.filter(agreement_id=agreement_id, child_id=subject.child_id)
    return comes_back(
        list(steps.order_by("-created_at", "-id").values_list("state", "by_id", "created_at")[:3])
    )


def last_state() -> Subquery:
    """The last step's word of the agreement that a row of terms is of, inside the statement that reads the terms."""
    steps = AgreementStep.objects.filter(agreement_id=OuterRef("agreement_id"))
    return Subquery(steps.order_by("-created_at", "-id").values("state")[:1])


def last_moment() -> Subquery:
    """The moment of that last step, likewise."""
    steps = AgreementStep.objects.filter(agreement_id=OuterRef("agreement_id"))
    return Subquery(steps.order_by("-created_at", "-id").values("created_at")[:1])


def unsettled() -> Subquery:
    """The open agreements of the version in force of which a draft does not say yet what becomes of them, to come along
    with the row of that draft. One that was declined only where the draft lacks it: it would lapse without a word."""
    draft = OuterRef(OuterRef("id"))
    drafted = AgreementTerms.objects.filter(version_id=draft)
    going = drafted.exclude(carried="")
    gone = Removal.objects.filter(~Q(reason="") | Q(replaced_by__isnull=False), version_id=draft)
    rows = AgreementTerms.objects.filter(
        version__plan_id=OuterRef("plan_id"), version__status=VersionStatus.IN_FORCE
    ).annotate(state=last_state())
    lacking = Q(state=AgreementState.DECLINED) & ~Q(agreement_id__in=drafted.values("agreement_id"))
    rows = rows.filter(Q(state__in=[str(state) for state in CARRIED_OVER]) | lacking)
    gone = gone.filter(agreement__isnull=False)
    rows = rows.exclude(agreement_id__in=going.values("agreement_id"))
    rows = rows.exclude(agreement_id__in=gone.values("agreement_id"))
    return Listed(rows.order_by("agreement_id").values(item=JSONObject(id="agreement_id")))


def named(actor: Actor, subject: Subject, who: Who) -> Who:
    """Who it is, with the names of now filled in from the people it names. Raises Invalid ("who_not_known")."""
    match who.kind:
        case WhoKind.PROFESSIONAL:
            work = (
                Professional.objects.filter(id=who.professional_id or NOBODY)
                .select_related("organisation")
                .first()
            )
            if work is None:
                raise Invalid("who_not_known", fields=("who",))
            return Who(
                kind=who.kind,
                name=who.name or work.name,
                professional_id=work.id,
                organisation_id=work.organisation_id,
                organisation=work.organisation.name,
            )
        case WhoKind.ORGANISATION:
            house = Organisation.objects.filter(id=who.organisation_id or NOBODY).first()
            if house is None:
                raise Invalid("who_not_known", fields=("who",))
            return Who(
                kind=who.kind, name=who.name or house.name, organisation_id=house.id, organisation=house.name
            )
        case WhoKind.RELATIVE:
            near = Relative.objects.filter(id=who.relative_id or NOBODY, child_id=subject.child_id).first()
            if near is None:
                raise Invalid("who_not_known", fields=("who",))
            return Who(kind=who.kind, name=who.name or near.name, relative_id=near.id)
        case WhoKind.CHILD:
            child = Child.objects.get(id=subject.child_id)
            return Who(kind=who.kind, name=who.name or child.given_name)
        case _:
            return Who(kind=who.kind, name=who.name, organisation=who.organisation)
