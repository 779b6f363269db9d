"""Check objects of Lob's API against the classes of Lob's own library, which are generated from its OpenAPI.

A missing field is no fault: the fake sends only what the code reads, and the code sends only what a letter needs.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import NoneType
from typing import Any, Final

# Added to letters after the library's last release: models/letter_generated_base.yml of Lob's OpenAPI.
_ADDED_SINCE: Final = {"Letter": ("status", "failure_reason")}
_DELIVERED: Final = "Delivered"  # of certified and of newer scans; the class of normal ones lacks it


def faults_of_lob(value: Mapping[str, Any], model: type[Any], *, where: str = "") -> Iterator[str]:
    """Yield a sentence for each field of a JSON object that Lob's class lacks, or defines otherwise."""
    where = where or model.__name__
    names = {json_name: name for name, json_name in model.attribute_map.items()}
    for json_name, each in value.items():
        if json_name in _ADDED_SINCE.get(model.__name__, ()):
            continue
        if json_name not in names:
            yield f"{where}.{json_name}: no such field"
            continue
        name = names[json_name]
        yield from _of_value(each, model.openapi_types[name], f"{where}.{json_name}")
        allowed = model.allowed_values.get((name,), {})
        if allowed and each not in (*allowed.values(), None, _DELIVERED):
            yield f"{where}.{json_name}: {each!r} is none of {sorted(map(str, allowed.values()))}"
        yield from _of_limits(each, model.validations.get((name,), {}), f"{where}.{json_name}")


def nested(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the object that a form with names such as `to[name]` describes."""
    found: dict[str, Any] = {}
    for name, value in form.items():
        outer, _, inner = name.removesuffix("]").partition("[")
        if inner:
            found.setdefault(outer, {})[inner] = value
        else:
            found[outer] = value
    return found


def _of_limits(value: Any, limits: Mapping[str, Any], where: str) -> Iterator[str]:
    if isinstance(value, str) and len(value) > limits.get("max_length", len(value)):
        yield f"{where}: longer than {limits['max_length']}"
    pattern = limits.get("regex", {}).get("pattern", "")
    if isinstance(value, str) and not re.search(pattern, value):
        yield f"{where}: {value!r} does not match {pattern}"


def _of_value(value: Any, kinds: tuple[Any, ...], where: str) -> Iterator[str]:
    found = [list(_of_kind(value, kind, where)) for kind in kinds]
    if [] not in found:
        yield max(found, key=len)[0]


def _of_kind(value: Any, kind: Any, where: str) -> Iterator[str]:
    if isinstance(kind, list):
        yield from () if isinstance(value, list) else [f"{where}: no list"]
        for row in value if isinstance(value, list) else ():
            yield from _of_value(row, tuple(kind), f"{where}[]")
    elif isinstance(kind, dict):
        yield from () if isinstance(value, dict) else [f"{where}: no mapping"]
    elif kind in (datetime, date):
        yield from () if isinstance(value, str) and value[:4].isdigit() else [f"{where}: no time"]
    elif hasattr(kind, "attribute_map"):
        yield from _of_model(value, kind, where)
    elif not (value is None if kind is NoneType else type(value) is kind):
        yield f"{where}: {value!r} is no {getattr(kind, '__name__', kind)}"


def _of_model(value: Any, model: Any, where: str) -> Iterator[str]:
    """Check an object, or a plain value for which the library has a class of its own, such as a word of a list."""
    if "value" in model.openapi_types and not isinstance(value, dict):
        allowed = model.allowed_values.get(("value",), {})
        yield from () if not allowed or value in allowed.values() else [f"{where}: {value!r} is not in the list"]
    elif not isinstance(value, dict):
        yield f"{where}: no object"
    elif model.attribute_map:
        yield from faults_of_lob(value, model, where=where)
