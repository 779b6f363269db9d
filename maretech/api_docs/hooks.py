"""Finish the generated OpenAPI document: examples, enums that grow, and nullable enums that generators understand."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

EXAMPLES: Final = Path(__file__).with_name("examples.json")
_SENT: Final = "InputRequest"
_ANSWERED: Final = "Output"
_LABEL: Final = re.compile(r"\* `(.*)` - (.*)")
_JSON: Final = "application/json"
_ERROR: Final = {"$ref": "#/components/schemas/Error"}
_MAY_LIST_VALUES: Final = {"$ref", "allOf", "anyOf", "enum", "oneOf"}
_NULL: Final = "#/components/schemas/NullEnum"

# Lists that will grow. A client must accept a value that it does not know.
OPEN_ENUMS: Final = {
    "CaptureHintEnum",
    "CheckoutStatusEnum",
    "DeliveryFailureEnum",
    "DossierFailureEnum",
    "DossierObstacleEnum",
    "EmailDisabledReasonEnum",
    "ErrorCodeEnum",
    "GuidanceEnum",
    "IncomparableReasonEnum",
    "InspectionFailureEnum",
    "NotificationKindEnum",
    "OrderStatusEnum",
    "PhotoWarningEnum",
    "ProductCodeEnum",
    "ProductKindEnum",
    "ProviderEnum",
    "RecordingFailureEnum",
    "RetakeReasonEnum",
    "WaitingForEnum",
}
_BLANK: Final = {"type": "string", "maxLength": 0}
_OPEN_REFS: Final = {f"#/components/schemas/{name}" for name in OPEN_ENUMS}
_OPEN_TEXT: Final = "New values may be added at any time. Treat a value that you do not know as a plain string."


def describe_null(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Write a nullable enum as `anyOf` with the type `null`, in place of an enum with null as its only value."""
    for shape in _shapes(result["components"]["schemas"]):
        alternatives = shape.get("oneOf", [])
        if {"$ref": _NULL} in alternatives:
            others = [one for one in shape.pop("oneOf") if one != {"$ref": _NULL}]
            shape["anyOf"] = [*others, {"type": "null"}]
    result["components"]["schemas"].pop("NullEnum", None)
    return result


def describe_blank(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Write a text that may be empty once. The generator adds an empty text as the other alternative of a `oneOf`.

    A pattern that allows an empty text matches both, so that by the schema an empty one would be wrong.
    """
    for shape in _shapes(result):
        alternatives = shape.get("oneOf", [])
        if len(alternatives) == 2 and alternatives[1] == _BLANK and re.search(alternatives[0].get("pattern", ""), ""):
            text, _ = shape.pop("oneOf")
            shape.update(text | shape)
    return result


def name_parameter_enums(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Refer to the named enum of the same values. The generator writes the values of a parameter out each time."""
    schemas = result["components"]["schemas"]
    names = {frozenset(shape["enum"]): name for name, shape in schemas.items() if "enum" in shape}
    for path in result["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                if name := names.get(frozenset(parameter["schema"].get("enum", ()))):
                    parameter["schema"] = {"$ref": f"#/components/schemas/{name}"}
    return result


def require_alternatives(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Require a body that is one of several objects. The generator does so only where it sees required fields."""
    schemas = result["components"]["schemas"]
    for shape in _shapes(result["paths"]):
        content = shape.get("requestBody", {}).get("content", {}).get(_JSON, {})
        name = str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]
        if "oneOf" in schemas.get(name, {}):
            shape["requestBody"]["required"] = True
    return result


def plain_words(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Remove repetitions: of values in an enum's description, of words in a component's name."""
    schemas = result["components"]["schemas"]
    for shape in _shapes(result):
        if "description" in shape and shape.keys() & _MAY_LIST_VALUES:
            lines = str(shape.pop("description")).splitlines()
            if text := "\n".join(line for line in lines if not _repeats(line)).strip():
                shape["description"] = text
    names = {name: _plain_name(name) for name in schemas if name.endswith((_SENT, _ANSWERED))}
    if schemas.keys() & names.values() or len(set(names.values())) < len(names):
        raise ValueError("two components would have one name")
    for shape in _shapes(result):
        name = str(shape.get("$ref", "")).rpartition("/")[2]
        if name in names:
            shape["$ref"] = f"#/components/schemas/{names[name]}"
        if "propertyName" in shape:
            parts = {value: ref.rpartition("/") for value, ref in shape["mapping"].items()}
            shape["mapping"] = {value: f"{path}/{names.get(name, name)}" for value, (path, _, name) in parts.items()}
    renamed = {names.get(name, name): shape for name, shape in schemas.items()}
    result["components"]["schemas"] = dict(sorted(renamed.items()))
    return result


def _repeats(line: str) -> bool:
    """Return whether the label only repeats the value, as in "* `too_dark` - Too Dark"."""
    value, label = found.groups() if (found := _LABEL.match(line)) else ("", " ")
    return re.sub(r"[\W_]+", " ", value).casefold() == re.sub(r"[\W_]+", " ", label).casefold()


def _plain_name(name: str) -> str:
    """`DeviceOutput` as `Device`, `DeviceInputRequest` as `DeviceRequest`, and `ResetRequestInputRequest` alike."""
    if name.endswith(_ANSWERED):
        return name.removesuffix(_ANSWERED)
    return f"{name.removesuffix(_SENT).removesuffix('Request')}Request"


def open_enums(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Allow any string for an enum that will grow, in answers; in requests it stays a closed list."""
    schemas = result["components"]["schemas"]
    for name in OPEN_ENUMS & schemas.keys():
        schemas[name]["description"] = f"{_OPEN_TEXT}\n\n{schemas[name].get('description', '')}".strip()
    answers = {name: shape for name, shape in schemas.items() if not name.endswith("Request")}
    for shape in _shapes(answers):
        if shape.get("$ref") in _OPEN_REFS:
            shape["anyOf"] = [{"$ref": shape.pop("$ref")}, {"type": "string"}]
        elif any("anyOf" in one for one in shape.get("anyOf", [])):  # also null
            shape["anyOf"] = [each for one in shape["anyOf"] for each in one.get("anyOf", [one])]
        elif len(shape.get("allOf", [])) == 1 and "anyOf" in shape["allOf"][0]:  # with a description
            shape["anyOf"] = shape.pop("allOf")[0]["anyOf"]
    return result


def add_examples(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the recorded examples of each operation: its request, its answers, and its own errors.

    The examples of errors that any operation can give are stored once, under `components/examples`.
    """
    recorded = _recorded()
    result["components"]["examples"] = {code: {"value": body} for code, body in recorded["errors"].items()}
    for path in result["paths"].values():
        for operation in path.values():
            _add_to(operation, recorded["operations"].get(operation["operationId"], {}), recorded["errors"])
    return result


def _add_to(operation: dict[str, Any], recorded: dict[str, Any], common: dict[str, Any]) -> None:
    if "request" in recorded:
        operation["requestBody"]["content"][_JSON]["example"] = recorded["request"]
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get(_JSON)
        if content is None:
            continue
        examples = {name: {"value": body} for name, body in recorded.get("answers", {}).get(status, {}).items()}
        if status in common and content["schema"] == _ERROR and _can_give(operation, status):
            examples.setdefault(common[status]["error_code"], {"$ref": f"#/components/examples/{status}"})
        if examples:
            content["examples"] = examples


def _can_give(operation: dict[str, Any], status: str) -> bool:
    """Return whether the operation can give the common error of that status: two need a key or a token."""
    if status == "409":
        return any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", []))
    return status != "401" or {"bearer": []} in operation.get("security", [])


@cache
def _recorded() -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads(EXAMPLES.read_text())
    return recorded


def _shapes(node: Any) -> Iterator[dict[str, Any]]:
    """Yield each JSON object below a node, the innermost first, so that a caller may replace it."""
    children = list(node.values()) if isinstance(node, dict) else list(node) if isinstance(node, list) else []
    for child in children:
        yield from _shapes(child)
    if isinstance(node, dict):
        yield node
