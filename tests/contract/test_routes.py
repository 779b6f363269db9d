"""Test that the served routes are the documented ones, and that any other is refused in the one shape."""

import re

import pytest
from django.conf import settings
from django.urls import resolve

from testing.openapi.operations import Operation, component, fields_of, operations, schema
from testing.openapi.routes import METHODS, UNDOCUMENTED, served
from testing.phone import caller
from tests.contract.refusals import CODES, refused
from tests.contract.undone import undone

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
PATHS = sorted(schema()["paths"])


def test_the_served_routes_are_the_documented_ones():
    answered = {(method, path) for method, path in served() if not UNDOCUMENTED.fullmatch(path)}
    assert answered == {(operation.method, operation.path) for operation in operations()}


def test_the_label_of_a_route_in_metrics_names_its_parameters(subtests):
    """A router's route has the label of a written one, so that metrics continue under their names."""
    for path in PATHS:
        with subtests.test(path):
            label = re.sub(r"\{(mode|token)\}", r"<str:\1>", re.sub(r"\{(\w+_id)\}", r"<uuid:\1>", path))
            assert f"/{resolve(Operation('GET', path).url()).route}" == label


def test_no_path_ends_in_a_slash():
    assert not [path for path in PATHS if path.endswith("/")]


def test_the_schema_is_openapi_3_1_with_a_distinct_name_per_operation():
    assert schema()["openapi"].startswith("3.1")
    names = [operation.spec["operationId"] for operation in operations()]
    assert len(names) == len(set(names))


# The first words of operation ids. A new `POST` may add one.
VERBS = {
    "GET": "get list compare verify",
    "POST": "add announce cancel change check complete confirm decline deliver dispute erase explain finalise give "
    "hold log mark mock offer open receive refine refresh register report request resend review share submit validate "
    "verify",
    "PUT": "change note set upload",
    "PATCH": "change",
    "DELETE": "delete end",
}


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_an_operation_is_named_by_a_verb_and_what_it_acts_upon(operation: Operation):
    name = operation.spec["operationId"]
    verb, _, rest = name.partition("_")
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name), name
    assert verb in VERBS[operation.method].split(), name
    assert not re.search(r"_(create|retrieve|destroy|partial|list|detail)$", rest), name


@pytest.mark.parametrize("operation", [one for one in operations() if one.method == "GET"], ids=str)
def test_exactly_what_answers_with_a_list_is_named_so(operation: Operation):
    content = operation.spec["responses"]["200"].get("content", {}).get("application/json", {"schema": {}})
    fields = fields_of(content["schema"]).items()
    lists = [name for name, shape in fields if shape.get("type") == "array"]
    is_list = len(lists) == 1 and {name for name, _ in fields} <= {*lists, "next", "previous"}
    assert operation.spec["operationId"].startswith("list_") == is_list


def test_the_schema_has_exactly_the_error_codes_of_the_contract():
    assert set(component("ErrorCodeEnum")["enum"]) == set.union(*CODES.values())


def test_every_operation_documents_its_statuses_with_the_one_error_shape(subtests):
    for operation in operations():
        with subtests.test(str(operation)):
            documents_its_statuses(operation)


def documents_its_statuses(operation: Operation) -> None:
    refusals = {code: answer for code, answer in operation.spec["responses"].items() if int(code) >= 400}
    assert refusals.keys() <= {str(code) for code in CODES}
    if not operation.path.startswith("/health"):
        assert {"429", "500", "503"} <= refusals.keys()
        for answer in refusals.values():
            assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}
    if operation.names_an_id:
        assert "404" in refusals
    if operation.takes_json:
        assert {"400", "413", "415"} <= refusals.keys()


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/", "/v1/nothing", "/v2/inspections", "/health/", "/v1/inspections/", "/index.html"]
)
def test_an_unknown_path_is_not_found_signed_in_or_not(path: str, phone):
    for client in (phone.client, caller()):
        for method in METHODS:
            refused(getattr(client, method.lower())(path), 404, "NOT_FOUND")


@pytest.mark.parametrize("path", [path for path in PATHS if "_id}" in path])
def test_a_bad_uuid_is_not_found(path: str, phone):
    for bad in ("1", "not-a-uuid", "%00", "..%2f", "0" * 32, "%27%20or%201=1", "x" * 3000, "é"):
        for method in METHODS:
            answer = getattr(phone.client, method.lower())(re.sub(r"\{\w+_id\}", bad, path))
            refused(answer, 404, "NOT_FOUND")


@pytest.mark.parametrize("mode", ["rust", "Corrosion", "%00", "corrosion%00", "é", "%ff", "x" * 3000, "corrosion%20"])
def test_an_unknown_mode_has_no_capture_policy(mode: str, phone):
    refused(phone.get(f"/capture-policy/{mode}"), 404, "NOT_FOUND")


def documented_methods() -> dict[str, set[str]]:
    """Return the methods of each path, the pages of the schema included."""
    methods: dict[str, set[str]] = {"/v1/schema": {"GET"}, "/v1/docs": {"GET"}}
    for operation in operations():
        methods.setdefault(operation.path, set()).add(operation.method)
    return methods


def test_another_method_is_refused_with_the_allowed_ones(phone, subtests):
    for path, documented in documented_methods().items():
        for method in {*METHODS} - documented:
            with subtests.test(f"{method} {path}"), undone():
                answer = getattr(phone.client, method.lower())(Operation(method, path).url())
                refused(answer, 405, "METHOD_NOT_ALLOWED")
                assert documented <= set(answer["Allow"].split(", "))


def test_options_names_the_methods_signed_in_or_not(phone, subtests):
    for path, documented in documented_methods().items():
        expected = documented | {"OPTIONS"} | ({"HEAD"} if "GET" in documented else set())
        for client in (caller(), phone.client, caller("rubbish")):
            with subtests.test(path), undone():
                answer = client.options(Operation("OPTIONS", path).url())
                assert (answer.status_code, answer.content) == (204, b"")
                assert set(answer["Allow"].split(", ")) == expected
                assert answer["X-Request-ID"]


def test_options_discloses_no_ids_and_counts_by_address(phone, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"default": "2/min"}
    known, unknown = phone.open()["inspection_id"], "00000000-0000-0000-0000-000000000007"
    answers = [caller().options(f"/v1/inspections/{one}", REMOTE_ADDR="203.0.113.5") for one in (known, unknown)]
    assert [(one.status_code, one["Allow"]) for one in answers] == [(204, "GET, DELETE, HEAD, OPTIONS")] * 2
    refused(phone.client.options(f"/v1/inspections/{known}", REMOTE_ADDR="203.0.113.5"), 429, "RATE_LIMITED")
    assert phone.get(f"/inspections/{known}").status_code == 200


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/inspections/x", "/v1/", "/"])
def test_options_of_an_unknown_path_is_not_found(path: str):
    refused(caller().options(path), 404, "NOT_FOUND")


def test_a_foreign_host_is_refused_in_the_one_error_shape():
    refused(caller().get("/health", headers={"host": "evil.example"}), 400, "VALIDATION_ERROR")


def test_every_accept_header_gets_json(phone):
    for accepts in ("text/html", "application/xml", "*/*", "rubbish", ""):
        answer = phone.get("/entitlements/corrosion", HTTP_ACCEPT=accepts)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
        refused(phone.get("/inspections", HTTP_ACCEPT=accepts), 400, "MODE_REQUIRED")


def test_the_docs_are_served_offline():
    page = caller().get("/v1/docs").content.decode()
    assert "http://" not in page.replace("http://testserver", "")
    assert "https://" not in page
    for asset in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        assert caller().get(asset).status_code == 200
    assert settings.SPECTACULAR_SETTINGS["SWAGGER_UI_DIST"] == "SIDECAR"
