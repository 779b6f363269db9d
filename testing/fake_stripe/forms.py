"""Stripe's form encoding: `a[b][0]=c` in a query or a body. Everything in it is text."""

from typing import Any
from urllib.parse import parse_qsl


def decode(text: str) -> dict[str, Any]:
    """Return nested dicts, and lists where the keys count from 0. A repeated key has its last value."""
    root: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *parents, last = name.replace("]", "").split("[")
        inner = root
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = value
    return {name: _listed(value) for name, value in root.items()}


def _listed(value: Any) -> Any:
    """Return lists for counted keys: `{"0": a, "1": b}` is `[a, b]`; `a[]` is a list of one."""
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(item) for name, item in value.items()}
    if all(name.isdigit() or not name for name in inner):
        return [inner[name] for name in sorted(inner, key=lambda name: int(name or 0))]
    return inner
