"""Admin pages of vessels and handovers."""

from vessels.admin.handovers import HandoverAdmin
from vessels.admin.vessels import VesselAdmin

__all__ = ["HandoverAdmin", "VesselAdmin"]
