"""Purpose: who may do what with which child, decided in one place by pure functions.
Dutch: toegang en bevoegdheid tot het dossier.
FHIR: Consent.policy, AuditEvent.purposeOfEvent.
Takes: an Actor with grants, a Subject (one child), a permission and a day.
Hands over: a decision with its explanation.
"""
