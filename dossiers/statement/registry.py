"""The transcriber and the refiner that the settings name. The only module of this room that reads them.

Written here first as the port that the rest of the app calls; the entries follow with their folders.
"""

from dossiers.statement.ports import Refiner, Transcriber


def transcriber(*, may_leave_server: bool) -> Transcriber:
    """Return the configured transcriber; the embedded one if that sends recordings elsewhere without consent."""
    raise NotImplementedError


def refiner(*, may_leave_server: bool) -> Refiner:
    """Return the configured refiner; the one by rules if that sends texts elsewhere without consent."""
    raise NotImplementedError
