"""Purpose: the ground floor that every room stands on; it knows nothing of care's processes.
Dutch: fundament.
FHIR: none.
Takes: nothing.
Hands over: vocabulary, errors, ids, texts and the base model.
"""
