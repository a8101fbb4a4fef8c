"""Purpose: the people and organisations around a child, and the accounts they sign in with.
Dutch: kind, ouder of naaste, zorgprofessional, organisatie, regio.
FHIR: Patient, RelatedPerson, Practitioner, PractitionerRole, Organization.
Takes: who somebody is.
Hands over: rows that every other room points to.
"""
