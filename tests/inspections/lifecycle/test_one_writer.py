"""Test that each status is written in one place: any other write would bypass its rules."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.anywhere
ROOT = Path(__file__).resolve().parents[3]
SERVED = (
    "accounts",
    "billing",
    "corrosion",
    "dossiers",
    "inspections",
    "maretech",
    "notifications",
    "osmosis",
    "surveys",
    "vessels",
)
WRITERS = {
    "AppointmentStatus": ("surveys/appointments/transitions.py",),
    "AssetState": ("inspections/lifecycle/photo_state.py",),
    "ComparisonState": ("corrosion/comparison/answers.py", "corrosion/comparison/work.py"),
    "DeliveryState": ("notifications/delivery.py",),
    "DeliveryStatus": ("dossiers/deliveries/transitions.py",),
    "DisputeState": ("billing/disputes/cases.py",),
    "DossierStatus": ("dossiers/lifecycle/transitions.py",),
    "EventState": ("billing/inbox/events.py",),
    "InspectionStatus": ("inspections/lifecycle/transitions.py",),
    "JobState": ("inspections/lifecycle/transitions.py",),
    "OrderStatus": ("billing/orders/transitions.py",),
    "PayeePayoutState": ("billing/payees/transitions.py",),
    "PayoutState": ("billing/reconciliation/payouts.py",),
    "RecordingState": ("dossiers/recordings/transcription.py", "dossiers/recordings/uploads.py"),
    "RefinementState": ("dossiers/drafts/refining.py",),
    "RefundRequestState": ("billing/orders/refund_requests.py",),
    "ReviewState": ("surveys/reviews/moderation.py",),
    "SubscriptionState": ("billing/entitlements/subscriptions.py",),
}
STATUS = {"state", "status"}
WRITING = {"update", "update_unless_changed", "create", "update_or_create", "get_or_create"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in SERVED:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def written_values(module: ast.Module) -> Iterator[ast.AST]:
    """Yield the values that are assigned to a `state` or `status`, or passed to a write."""
    for node in ast.walk(module):
        if isinstance(node, ast.Assign):
            targets = {
                each.attr for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Attribute)
            }
            if targets & STATUS:
                yield node.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
            for keyword in node.keywords:
                if keyword.arg in STATUS:
                    yield keyword.value
                elif keyword.arg == "defaults" and isinstance(keyword.value, ast.Dict):
                    yield from _written_defaults(keyword.value)


def _written_defaults(defaults: ast.Dict) -> Iterator[ast.AST]:
    for key, value in zip(defaults.keys, defaults.values, strict=True):
        if isinstance(key, ast.Constant) and key.value in STATUS:
            yield value


def written_in(module: ast.Module) -> set[str]:
    """Return the vocabularies with members that code writes by name."""
    return {name for value in written_values(module) for name in names_in(value)} & set(WRITERS)


def test_a_status_is_written_in_its_place_only():
    writers = {(name, path) for path, module in modules() for name in written_in(module)}
    assert {(name, path) for name, path in writers if path not in WRITERS[name]} == set()
    assert {"AssetState", "ComparisonState", "EventState", "SubscriptionState"} <= {name for name, _ in writers}


def test_no_other_module_writes_any_status():
    """A value may have another name than its vocabulary, so that the place of a write counts, not its value."""
    allowed = {path for paths in WRITERS.values() for path in paths}
    assert {path for path, module in modules() if any(written_values(module))} - allowed == set()


def test_a_second_writer_is_found():
    assert written_in(ast.parse("asset.state, asset.at = AssetState.READY, now")) == {"AssetState"}
    assert written_in(ast.parse("jobs.filter(state=JobState.QUEUED).update(state=JobState.RUNNING)")) == {"JobState"}
    assert written_in(ast.parse("payouts.update_or_create(defaults={'state': PayoutState.PAID})")) == {"PayoutState"}
    assert written_in(ast.parse("jobs.filter(state=JobState.QUEUED)")) == set()
    assert any(written_values(ast.parse("order.status = PAID")))
    assert not any(written_values(ast.parse("status = order.status")))
