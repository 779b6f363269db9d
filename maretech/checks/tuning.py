"""The settings that PGOPTIONS may make: connection tuning, limited to values that lose no data and starve no client."""

import re
from collections.abc import Callable
from typing import Final

_FORM: Final = re.compile(r"\s*(-c\s*[a-z_]+=[\w.-]+(\s+|$))*", re.ASCII)
_PART: Final = re.compile(r"-c\s*([a-z_]+)=(\S+)", re.ASCII)
_NUMBER: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(kB|MB|GB)?")
_UNITS: Final = {None: 1, "kB": 1, "MB": 1024, "GB": 1024**2}  # without a unit, Postgres counts memory in kB


def _from_to(low: float, high: float) -> Callable[[str], bool]:
    def is_within(text: str) -> bool:
        found = _NUMBER.fullmatch(text)
        return found is not None and low <= float(found[1]) * _UNITS[found[2]] <= high

    return is_within


def _one_of(*words: str) -> Callable[[str], bool]:
    return lambda text: text in words


_SAFE: Final[dict[str, Callable[[str], bool]]] = {
    "work_mem": _from_to(64, 1024**2),
    "maintenance_work_mem": _from_to(1024, 8 * 1024**2),
    "jit": _one_of("on", "off"),
    "random_page_cost": _from_to(1, 10),
    "effective_io_concurrency": _from_to(0, 1000),
    "application_name": lambda _: True,  # shown to administrators of the server
    # A setting that waits for less than `on` loses acknowledged commits in a crash here or of a standby.
    "synchronous_commit": _one_of("on", "remote_apply"),
}


def is_safe_tuning(options: str) -> bool:
    parts = _PART.findall(options) if _FORM.fullmatch(options) else [("", "")]
    return all(name in _SAFE and _SAFE[name](value) for name, value in parts)
