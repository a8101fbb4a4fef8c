"""Purpose: the door for machines; what comes in is read into items, what goes out is written from queries.
Dutch: koppeling.
FHIR: R4 (nl-core on zib2020); each type has its own file in `resources/`.
Takes: bytes of a resource, a Bundle or NDJSON.
Hands over: typed items of the child's file, and a report per resource.
"""
