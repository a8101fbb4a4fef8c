"""Purpose:    Phase 1: which laws, and so which payers, carry the care of this child outside hospital.
Dutch:      Verwijsboom ("Wie betaalt de zorg?")
FHIR:       PlanDefinition; QuestionnaireResponse; ServiceRequest + Task
Takes:      facts about the situation (yes, no, not known), date of birth, a date
Hands over: ReferralDecision (per kept entry: law, payer, term, form)"""
