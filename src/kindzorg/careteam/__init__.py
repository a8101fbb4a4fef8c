"""Purpose: who takes part in a child's care, who has authority, who consented, and who may come in.
Dutch: zorgteam en betrokkenen, gezag, toestemming, toegang.
FHIR: CareTeam, CareTeam.participant, Consent.
Takes: people and organisations.
Hands over: the Actor, the Subject, and `open_child`, the one way to a child's file.
"""
