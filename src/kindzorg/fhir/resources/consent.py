"""Consent -> a directive on treatment, or an advance directive.

Consents of another scope (sharing of data, research) say nothing on care: they are kept unread.
"""

from kindzorg.fhir.elements import (
    Json,
    Unreadable,
    codings,
    concepts,
    day,
    extension,
    extensions,
    first,
    objects,
    span,
    status,
    text,
)
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import members, says_something, shared
from kindzorg.record.items import Decision, DirectiveItem
from kindzorg.record.values import NO_LINK

TREATMENT, ADVANCE = "treatment", "adr"
OTHERWISE = "ext-TreatmentDirective2.SpecificationOther"
DECISIONS = {"": Decision.NOT_SAID, "permit": Decision.PERMITTED, "deny": Decision.REFUSED}


def _scope(resource: Json) -> str:
    """The scope; where it is missing, the category of an advance directive ("acd") tells."""
    for code in codings(resource.get("scope")):
        if code.code in (TREATMENT, ADVANCE):
            return code.code
    categories = {code.code for each in objects(resource, "category") for code in codings(each)}
    if not resource.get("scope") and categories & {"acd", "dnr"}:
        return ADVANCE
    raise Unreadable("other_consent")


def _decision(resource: Json, provision: Json) -> Decision:
    """nl-core: permit is yes, deny is no; "yes, but" is a modifier extension with the condition in words."""
    if text(extension(resource, OTHERWISE)):
        return Decision.CONDITIONAL
    sent = status(provision, "type")
    if sent not in DECISIONS:
        raise Unreadable("unreadable_status", field="provision.type")
    # A provision inside a provision is an exception to it: yes or no alone would be wrong.
    return Decision.CONDITIONAL if objects(provision, "provision") else DECISIONS[sent]


def from_fhir(resource: Json, arrival: Arrival) -> DirectiveItem:
    """Raises Unreadable: "other_consent", "says_nothing", or "unreadable_status" where it may be no."""
    scope, provision = _scope(resource), first(resource, "provision")
    if resource.get("provision") is not None and len(objects(resource, "provision")) != 1:
        raise Unreadable("unreadable_status", field="provision")
    what, specification = concepts(provision, "code"), text(extension(resource, OTHERWISE))
    common = shared(resource, arrival, dates=("dateTime",))
    says_something(what, specification, common["note"])
    disorders = (arrival.link(each or {}) for each in extensions(resource, "ext-AdvanceDirective.Disorder"))
    return DirectiveItem(
        **common,
        advance=scope == ADVANCE,
        what=what,
        decision=_decision(resource, provision),
        specification=specification,
        decided_on=day(resource.get("dateTime")),
        period=span(provision.get("period")),
        agreed_by=members(provision, "actor", arrival, who="reference", roles="role"),
        disorders=tuple(each for each in disorders if each != NO_LINK),
        based_on=arrival.link(resource.get("sourceReference") or {}),
        reason_ended=text(extension(provision, "ext-TreatmentDirective2.ReasonForEnding")),
    )
