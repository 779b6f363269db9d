"""Errors of vessels."""

from maretech.common.http.errors import APIError


class VesselNameTaken(APIError):
    status = 409
    error_code = "VESSEL_NAME_TAKEN"
    message = "Another vessel of yours has this name."
