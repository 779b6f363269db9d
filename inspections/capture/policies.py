"""Versioned capture policies: staff add versions, an inspection keeps the one it was opened under."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from accounts.staff.audit import record_staff_action
from inspections.lifecycle.allowance import current_policy
from inspections.media_types import HEIC, JPEG, MAX_PIXELS_BY_TYPE, PNG
from inspections.models import CapturePolicy
from inspections.vocabulary import Angle, Mode
from maretech.common.http.errors import Invalid, NotFound

CONTENT_TYPES = (JPEG, PNG, HEIC)
MAX_POINTS = 50
MAX_SHORT_SIDE_PX = 4000
MAX_LONG_SIDE_PX = 20_000
MAX_BYTES = 64 * 1024 * 1024
MAX_HINTS = 12
_TOKEN = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyValues:
    """Values of a version. `angles` in capture order, `hints` are tokens that the app translates."""

    free_points: int
    max_points: int
    angles: list[str]
    min_short_side_px: int
    recommended_long_side_px: int
    max_pixels: int
    max_bytes: int
    content_types: list[str]
    hints: list[str]


def policy_values(policy: CapturePolicy) -> PolicyValues:
    """Returns the values of a version; `max_pixels` is capped at the decoder's limit for its types."""
    values = PolicyValues(**{name: getattr(policy, name) for name in PolicyValues.__dataclass_fields__})
    return replace(values, max_pixels=min(values.max_pixels, _decodable_pixels(policy.content_types)))


def max_pixels_by_content_type(policy: CapturePolicy) -> dict[str, int]:
    """Returns the pixel limit by content type: that of the version, or the decoder's if lower."""
    return {
        name: min(policy.max_pixels, MAX_PIXELS_BY_TYPE.get(name, policy.max_pixels)) for name in policy.content_types
    }


@transaction.atomic
def add_policy_version(*, staff: User, reason: str, mode: str, values: PolicyValues) -> CapturePolicy:
    """Add the next version of this mode with its reason; inspections opened from now on follow it.

    Raises `Invalid` naming each wrong value, `ReasonRequired`, `NotFound` for a mode that does not exist.
    """
    if errors := value_errors(mode, values):
        raise Invalid(**errors)
    _lock(mode)
    newest = current_policy(mode)
    if values == policy_values(newest):
        raise Invalid(reason=f"Nothing differs from version {newest.version}.")
    policy = CapturePolicy.objects.create(mode=mode, version=_last_version(mode) + 1, **asdict(values))
    record_staff_action(
        staff=staff, action="add_policy_version", subject=policy, reason=reason, detail=_changes(newest, values)
    )
    return policy


def value_errors(mode: str, values: PolicyValues) -> dict[str, str]:
    """Returns an error for each wrong value, by its name; empty if there are none."""
    checks = {
        "free_points": _free_points_error(mode, values),
        "max_points": _range_error(values.max_points, 1, MAX_POINTS),
        "angles": _selection_error(values.angles, Angle.values()),
        "min_short_side_px": _range_error(values.min_short_side_px, 1, MAX_SHORT_SIDE_PX),
        "recommended_long_side_px": _range_error(
            values.recommended_long_side_px, max(values.min_short_side_px, 1), MAX_LONG_SIDE_PX
        ),
        "max_pixels": _range_error(
            values.max_pixels, max(values.min_short_side_px, 1) ** 2, _decodable_pixels(values.content_types)
        ),
        "max_bytes": _range_error(values.max_bytes, 1, MAX_BYTES),
        "content_types": _selection_error(values.content_types, CONTENT_TYPES),
        "hints": _hints_error(values.hints),
    }
    return {name: error for name, error in checks.items() if error}


def _lock(mode: str) -> None:
    """Serialise the addition of versions by a lock on the first version's row, which always exists."""
    first = CapturePolicy.objects.select_for_update().filter(mode=mode).order_by("version").first()
    if first is None:
        raise NotFound


def _last_version(mode: str) -> int:
    last: int = CapturePolicy.objects.filter(mode=mode).aggregate(last=Max("version"))["last"]
    return last


def _changes(newest: CapturePolicy, values: PolicyValues) -> dict[str, str]:
    before, after = asdict(policy_values(newest)), asdict(values)
    return {name: f"{before[name]} → {after[name]}" for name in after if before[name] != after[name]}


def _decodable_pixels(content_types: Iterable[str]) -> int:
    known = [MAX_PIXELS_BY_TYPE[name] for name in content_types if name in MAX_PIXELS_BY_TYPE]
    return max(known or MAX_PIXELS_BY_TYPE.values())


def _free_points_error(mode: str, values: PolicyValues) -> str | None:
    if mode == Mode.OSMOSIS and values.free_points:
        return "0, because osmosis has no free points."
    return _range_error(values.free_points, 0, values.max_points)


def _range_error(value: int, least: int, most: int) -> str | None:
    return None if least <= value <= most else f"From {least} to {most}."


def _selection_error(chosen: list[str], known: Iterable[str]) -> str | None:
    known = list(known)
    whole = bool(chosen) and len(set(chosen)) == len(chosen) and set(chosen) <= set(known)
    return None if whole else f"One or more of {', '.join(known)}, each once."


def _hints_error(hints: list[str]) -> str | None:
    tokens = all(_TOKEN.fullmatch(hint) for hint in hints) and len(set(hints)) == len(hints)
    return None if tokens and len(hints) <= MAX_HINTS else f"Up to {MAX_HINTS} tokens such as avoid_shadow, each once."
