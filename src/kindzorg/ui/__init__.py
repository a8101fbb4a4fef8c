"""Purpose: the base page, the components, the form fields, the icons and the style of every page.
Dutch: vormgeving (bouwstenen van de schermen).
FHIR: none.
Takes: plain values from any room; it knows nothing of care.
Hands over: templates under ui/, the template tags of kz, the form renderer and the fields of ui.fields.
"""
