"""The first version of osmosis' capture policy; later versions are rows that staff add.

Eight areas at most: a surveyor examines both sides of the bow, midship, quarter and rudder. Blisters show within one to
two hours of lift-out, so a paid walk round the hull must end before they shrink; 8 × 3 photos fit. Nothing is free,
because osmosis is paid first.
"""

from typing import Any

HINTS = ("soon_after_lift_out", "keep_surface_wet", "low_angle_light_for_close", "include_coin_or_ruler")

FIRST_POLICY: dict[str, Any] = {
    "version": 1,
    "free_points": 0,
    "max_points": 8,
    "angles": ["wide", "mid", "close"],
    "min_short_side_px": 256,
    "max_bytes": 25 * 1024 * 1024,
    "content_types": ["image/jpeg", "image/png", "image/heic"],
    "hints": list(HINTS),
}
