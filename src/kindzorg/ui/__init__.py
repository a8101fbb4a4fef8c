"""Purpose: the base page, the components, the form fields, the icons and the style of every page.
Dutch: vormgeving (bouwstenen van de schermen).
FHIR: none.
Takes: plain values from any room; it knows nothing of care, but for what hard words mean.
Hands over: templates under ui/, the template tags of kz, form renderer and fields, and how plain a Dutch text is.
"""
