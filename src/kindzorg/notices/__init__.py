"""Purpose: the outbox and the worker: what a person is told, by which way, and whether it arrived.
Dutch: meldingen.
FHIR: Communication.
Takes: a kind, a child, an object's id and the accounts to tell; never what it says.
Hands over: notices for the pages, mail for those who gave an address, and the worker's sign of life.
"""
