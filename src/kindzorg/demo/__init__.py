"""Purpose: invented families and the people around them, to try the product with.
Dutch: demogezinnen.
FHIR: none.
Takes: YAML in which every date is counted from a given day.
Hands over: rows made by the real actions, so that no impossible state can exist.
"""
