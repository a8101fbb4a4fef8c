"""One file per FHIR type: `from_fhir` reads a resource into an item of the file."""
