"""Purpose: phase 4, how to go on when care ends, the law changes or the child becomes 18; never with a need left alone.
Dutch: beslisboom en afsluiting.
FHIR: EpisodeOfCare.status, CarePlan.status.
Takes: NeedsProfile and PlanOutcome.
Hands over: ClosureRecord.
"""
