"""Purpose: the one shared plan: goals with five steps, and agreements on who does what, where, when and why.
Dutch: (overkoepelend) zorgplan kind en gezin (fase 3).
FHIR: CarePlan, Goal, Task; CarePlan.meta.versionId for each version.
Takes: the needs of a NeedsProfile; law, payer and form of a ReferralDecision.
Hands over: PlanOutcome.
"""
