"""Purpose: what is kept of a child, how long, and what the family asks of it: one file, a copy, correction, deletion.
Dutch: bewaren: dubbele dossiers, kopie, verzoeken, bewaartermijn, bezwaar.
FHIR: Patient.link, Task, Consent.
Takes: every room's rows that carry the child, as its readers may see them.
Hands over: one file per child, and whose rows may be counted for research.
"""
