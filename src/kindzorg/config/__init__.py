"""Purpose: settings, addresses and the one command line.
Dutch: inrichting.
FHIR: none.
Takes: the environment.
Hands over: a product that runs, or a sentence that says why not.
"""
