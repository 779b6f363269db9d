"""The API documentation: texts, tags and recorded examples of every operation."""

import json
import os
from typing import Any

import jsonschema
import pytest

from maretech.api_docs.hooks import EXAMPLES, OPEN_ENUMS
from tests.billing.web import selling
from tests.contract.examples import recorded
from tests.contract.operations import Operation, component, operations, schema

ERRORS_OF_ANY_OPERATION = {"401", "413", "415", "422", "429", "500", "503"}


@pytest.mark.anywhere
@pytest.mark.django_db
def test_the_examples_are_what_the_server_answers(settings, mailoutbox):
    settings.ENGINE = "trained"
    with selling(settings) as fake:
        answered = recorded(fake, mailoutbox)
    if os.environ.get("RECORD_EXAMPLES"):
        EXAMPLES.write_text(json.dumps(answered, indent=1, ensure_ascii=False) + "\n")
    assert answered == json.loads(EXAMPLES.read_text()), "run: make examples"


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_every_operation_has_a_summary_a_description_and_an_explained_tag(operation: Operation):
    assert operation.spec.get("summary")
    assert operation.spec.get("description")
    explained = {tag["name"] for tag in schema()["tags"] if tag["description"]}
    assert set(operation.spec["tags"]) <= explained


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_every_operation_has_valid_examples_of_its_request_and_of_each_answer(operation: Operation):
    if operation.takes_json:
        content = operation.spec["requestBody"]["content"]["application/json"]
        valid(content["example"], content["schema"])
    for status, response in operation.spec["responses"].items():
        content = response.get("content", {}).get("application/json")
        if content is not None and not operation.path.startswith("/health"):
            assert content.get("examples"), (str(operation), status)
            for example in content["examples"].values():
                valid(resolved(example)["value"], content["schema"])


def test_an_enum_that_will_grow_is_open_in_answers_and_closed_in_requests():
    assert component("Order")["properties"]["status"]["anyOf"] == [
        {"$ref": "#/components/schemas/OrderStatusEnum"},
        {"type": "string"},
    ]
    assert component("CheckoutRequest")["properties"]["product"] == {"$ref": "#/components/schemas/ProductCodeEnum"}
    assert all("New values may be added" in component(name)["description"] for name in OPEN_ENUMS)


def test_no_enum_has_a_name_that_was_made_up_from_its_values():
    names = [name for name, shape in schema()["components"]["schemas"].items() if "enum" in shape]
    assert not [name for name in names if "StatusStatus" in name or name in ("KindEnum", "ReasonsEnum", "NullEnum")]
    assert not [name for name in schema()["components"]["schemas"] if name.endswith("RequestRequest")]


def resolved(example: dict[str, Any]) -> dict[str, Any]:
    """An example, or the shared one that it refers to."""
    if "$ref" in example:
        return schema()["components"]["examples"][example["$ref"].rpartition("/")[2]]
    return example


def valid(body: Any, shape: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator({"components": schema()["components"], **shape}).validate(body)
