"""Whether a resource follows the standard. Only noted for the report: it decides nothing.

R4B is the closest version that `fhir.resources` has; for the types we read it equals R4.
"""

from functools import cache
from typing import Any

import orjson
from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from kindzorg.fhir.elements import Json, word

LARGEST = 256 * 1024
"""Bytes of one resource that are still checked: the models take seconds per megabyte. Ours stay under 20 kB."""

SHOWN = 10
"""Faults named per resource; the tenth tells no more than the first nine."""


@cache
def _model(fhir_type: str) -> Any:
    try:
        return get_fhir_model_class(fhir_type)
    except (KeyError, LookupError, ValueError, AttributeError, ImportError):
        return None


def known_type(fhir_type: str) -> bool:
    """Whether FHIR R4 has this resource type (data types are classes too, but not resources)."""
    model = _model(fhir_type) if fhir_type.isalpha() else None
    return model is not None and hasattr(model, "get_resource_type") and "meta" in model.model_fields


def faults_in(resource: Json) -> tuple[str, ...]:
    """The places that break the standard, at most ten; empty for a valid resource."""
    written = orjson.dumps(resource)
    if len(written) > LARGEST:
        return ("too_large_to_check",)
    try:
        # A copy: the models may change what they are given, and the raw resource is kept as sent.
        _model(word(resource, "resourceType")).model_validate(orjson.loads(written))
    except ValidationError as error:
        return tuple(f"{'.'.join(map(str, each['loc']))}: {each['type']}" for each in error.errors()[:SHOWN])
    except Exception as error:  # The models fail in their own ways on hostile input.
        return (type(error).__name__,)
    return ()
