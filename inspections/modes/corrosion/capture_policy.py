"""The first version of corrosion's capture policy; later versions are rows that staff add."""

from typing import Any

HINTS = ("square_on", "include_coin_or_ruler", "clean_off_dirt", "avoid_shadow")

FIRST_POLICY: dict[str, Any] = {
    "version": 1,
    "free_points": 5,
    "max_points": 10,
    "angles": ["wide", "mid", "close"],
    "min_short_side_px": 256,
    "max_bytes": 25 * 1024 * 1024,
    "content_types": ["image/jpeg", "image/png", "image/heic"],
    "hints": list(HINTS),
}
