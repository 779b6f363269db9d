"""Errors of vessels."""

from maretech.common.http.errors import APIError, NotEligible


class VesselNameTaken(APIError):
    status = 409
    error_code = "VESSEL_NAME_TAKEN"
    message = "Another vessel of yours has this name."


class VesselInHandover(APIError):
    status = 409
    error_code = "VESSEL_IN_HANDOVER"
    message = "This vessel is being handed over, or the handover is disputed. It is locked until that ends."


class HandoverRefused(NotEligible):
    """The handover cannot do this now."""


class HandoverClosed(HandoverRefused):
    def __init__(self) -> None:
        super().__init__("HANDOVER_CLOSED", "This handover is not open any more.")


class HandoverCodeWrong(APIError):
    message = "This is not the code that was mailed to you for this handover."

    def __init__(self) -> None:
        super().__init__(fields={"code": [self.message]})
