"""Purpose: the child's file: what is known about the child, each item with its source and date.
Dutch: dossier van het kind.
FHIR: Patient, RelatedPerson, Condition, AllergyIntolerance, Device, Consent, Observation and more.
Takes: what a hospital or home-care organisation hands over, and what people enter.
Hands over: typed items that later rooms read instead of asking the family again.
"""
