"""FHIR R4 in: resources to raw canonical tables, through declared views."""

from careload.history.fhir.reader import open_fhir

__all__ = ["open_fhir"]
