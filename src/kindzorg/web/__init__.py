"""Purpose: the door for people: start pages, pages that put rooms together, navigation, language, error pages.
Dutch: de voordeur.
FHIR: none.
Takes: every room's queries.
Hands over: pages.
"""
