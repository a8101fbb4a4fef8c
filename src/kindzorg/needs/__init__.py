"""Purpose: what child, parents, brothers and sisters need, in their own words, over the four life domains.
Dutch: hulpbehoeftescan kind en gezin (fase 2).
FHIR: Questionnaire, QuestionnaireResponse; Condition (health-concern) for each need.
Takes: an open care journey with its ReferralDecision; answers of child, parents and nurse, side by side.
Hands over: NeedsProfile.
"""
