"""Purpose: the spine: where a child stands in the four phases, one immutable row per step.
Dutch: zorgtraject en fase.
FHIR: EpisodeOfCare, EpisodeOfCare.statusHistory.
Takes: the steps that the phases ask for.
Hands over: the phase of now, and the way that led to it.
"""
