"""Check objects against a published schema, as the providers' own libraries carry it in their classes.

Stripe and OpenAI generate their classes from their OpenAPI, Apple writes its models by hand; all give names, types,
enum values and nullability. A missing field is no fault: the fakes send only what the code reads.
"""

import re
import sys
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, ForwardRef, Literal, Required, Union, get_args, get_origin, get_type_hints

import attr
from pydantic import BaseModel, TypeAdapter, ValidationError
from stripe import ListObject, StripeObject
from stripe._object_classes import get_object_class
from stripe._stripe_object import UntypedStripeObject


def faults_of_stripe(shown: Any, *, where: str = "") -> Iterator[str]:
    """Return a sentence for everything in an object of the API that Stripe would not send."""
    name = str(shown.get("object"))
    cls = get_object_class("V1", name)
    if cls is StripeObject:
        yield f"{where or name}: there is no object {name}"
        return
    yield from _of_fields(shown, cls, where or name)


def is_published(cls: type, field: str) -> bool:
    """Return whether objects of this class have such a field."""
    return cls in (StripeObject, ListObject) or issubclass(cls, UntypedStripeObject) or field in _fields(cls)


def faults_of_apple(payload: dict[str, Any], model: type) -> Iterator[str]:
    """Return a sentence for everything in a payload that Apple's model lacks, or defines otherwise."""
    hints = get_type_hints(model)
    for name, value in payload.items():
        if name not in {field.name for field in attr.fields(model)}:
            yield f"{model.__name__}.{name}: no such field"
        elif not any(_is_of_apple(value, kind) for kind in _alternatives(hints[name])):
            yield f"{model.__name__}.{name}: {value!r} is no {hints[name]}"


def _is_of_apple(value: Any, kind: Any) -> bool:
    if kind is NoneType:
        return value is None
    if hasattr(kind, "__members__"):
        return value in [member.value for member in kind]
    if get_origin(kind) is list:
        return isinstance(value, list) and all(_is_of_apple(row, get_args(kind)[0]) for row in value)
    if attr.has(kind):
        return isinstance(value, dict) and not list(faults_of_apple(value, kind))
    return type(value) is kind


def params_not_published(sent: dict[str, Any], params: type, *, where: str = "") -> Iterator[str]:
    """Return the name of each parameter of a request that Stripe does not accept."""
    for name, value in sent.items():
        if name not in params.__annotations__:
            yield f"{where}{name}"
        inner = (
            next(_param_types(params.__annotations__[name], params), None) if name in params.__annotations__ else None
        )
        for part in value if isinstance(value, list) else [value]:
            if inner is not None and isinstance(part, dict):
                yield from params_not_published(part, inner, where=f"{where}{name}.")


def faults_of_openai(payload: dict[str, Any], model: type[BaseModel]) -> Iterator[str]:
    """Return a sentence for everything in an answer that OpenAI's model lacks, or defines otherwise."""
    try:
        found = model.model_validate(payload, strict=True)
    except ValidationError as error:
        yield from (f"{model.__name__}.{fault['loc']}: {fault['msg']}" for fault in error.errors())
    else:
        yield from (f"{model.__name__}.{name}: no such field" for name in _extras(found))


def faults_of_openai_request(sent: dict[str, Any], params: Any) -> Iterator[str]:
    """Return a sentence for everything in a request that OpenAI's parameters lack, or define otherwise."""
    hints = get_type_hints(params)
    marked = get_type_hints(params, include_extras=True)
    required = {name for name, kind in marked.items() if get_origin(kind) is Required}
    yield from (f"{name}: missing" for name in required - sent.keys())
    for name, value in sent.items():
        if name not in hints:
            yield f"{name}: no such parameter"
        elif not isinstance(value, bytes):  # a file, for which the library takes many kinds of objects
            yield from _faults_of_value(name, value, hints[name])


def _faults_of_value(name: str, value: Any, kind: Any) -> Iterator[str]:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        yield from (f"{name}{fault['loc']}: {fault['msg']}" for fault in error.errors())


def _extras(found: Any) -> Iterator[str]:
    """Return the fields of a model, and of the models in it, that its class does not name."""
    if isinstance(found, BaseModel):
        yield from found.model_extra or ()
        for _, value in found:
            yield from _extras(value)
    elif isinstance(found, list):
        for row in found:
            yield from _extras(row)


def _param_types(kind: Any, inside: type) -> Iterator[type]:
    """Return the classes of parameters that a kind names, at any depth."""
    if isinstance(kind, ForwardRef | str):
        text = kind if isinstance(kind, str) else kind.__forward_arg__
        names = vars(sys.modules[inside.__module__])
        yield from (names[word] for word in re.findall(r"\w+Params\w*", text) if word in names)
    elif isinstance(kind, type) and hasattr(kind, "__total__"):
        yield kind
    for part in get_args(kind):
        yield from _param_types(part, inside)


def _of_fields(shown: dict[str, Any], cls: type, where: str) -> Iterator[str]:
    fields = _fields(cls)
    if fields.get("id") is str and "id" not in shown:
        yield f"{where}: no id"
    for name, value in shown.items():
        if name not in fields:
            yield f"{where}.{name}: no such field"
        else:
            yield from _of_value(value, fields[name], f"{where}.{name}")


def _of_value(value: Any, kind: Any, where: str) -> Iterator[str]:
    """Check the published enum values: the library accepts any text for future ones, we accept only these."""
    kinds = _alternatives(kind)
    if any(get_origin(one) is Literal for one in kinds):
        kinds = tuple(one for one in kinds if one is not str)
    found = [list(_of_one(value, one, where)) for one in kinds]
    if [] not in found:
        yield max(found, key=len)[0]


def _of_one(value: Any, kind: Any, where: str) -> Iterator[str]:
    origin = get_origin(kind)
    if isinstance(kind, ForwardRef | str):  # another object of the API, which names its own type
        yield from faults_of_stripe(value, where=where) if isinstance(value, dict) else [f"{where}: no object"]
    elif origin is list:
        yield from () if isinstance(value, list) else [f"{where}: no list"]
        for row in value if isinstance(value, list) else ():
            yield from _of_value(row, get_args(kind)[0], f"{where}[]")
    elif origin is dict or _is(origin or kind, UntypedStripeObject):
        yield from () if isinstance(value, dict) else [f"{where}: no mapping"]
    elif _is(origin or kind, StripeObject):
        yield from _of_object(value, kind, where)
    elif not _is_scalar(value, kind):
        yield f"{where}: {value!r} is no {getattr(kind, '__name__', kind)}"


def _is_scalar(value: Any, kind: Any) -> bool:
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if kind in (NoneType, None):
        return value is None
    return kind is Any or type(value) is kind or (kind is float and type(value) is int)


def _of_object(value: Any, kind: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: no object"
    elif _is(get_origin(kind) or kind, ListObject):
        yield from (
            f"{where}: a list says {name}" for name in ("object", "data", "has_more", "url") if name not in value
        )
        for row in value.get("data", ()):
            yield from _of_value(row, get_args(kind)[0], f"{where}[]")
    elif isinstance(value.get("object"), str):
        yield from faults_of_stripe(value, where=where)
    else:
        yield from _of_fields(value, kind, where)


def _is(kind: Any, cls: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, cls)


def _alternatives(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _fields(cls: type) -> dict[str, Any]:
    """Return the fields; the library remaps names that Python would not allow."""
    known: dict[str, Any] = {}
    for each in reversed(cls.__mro__):
        known |= {name: kind for name, kind in getattr(each, "__annotations__", {}).items() if not name.startswith("_")}
    remapped = getattr(cls, "_field_remappings", {})
    return {remapped.get(name, name): kind for name, kind in known.items()}
