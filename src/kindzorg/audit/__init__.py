"""Purpose: the trail of everything that was read and written, append-only, sealed by the worker.
Dutch: logboek (NEN 7513).
FHIR: AuditEvent.
Takes: an actor, an event name, a child and an object.
Hands over: lines that carry name, role and organisation of then.
"""
