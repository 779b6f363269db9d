"""Test that dashboard and alerts use metrics that `/metrics` serves, and that every alert has a runbook page."""

import json
import re
from pathlib import Path

import pytest
import yaml
from django.core.cache import cache
from prometheus_client.core import CounterMetricFamily
from prometheus_client.parser import text_string_to_metric_families

from maretech.common.observability.metrics import FORMER_NAMES, count_store_error, with_former_names
from testing.phone import caller

ROOT = Path(__file__).resolve().parents[3]
RULES = [
    rule
    for group in yaml.safe_load((ROOT / "ops/prometheus/alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
PANELS = json.loads((ROOT / "ops/grafana/maretech.json").read_text())["panels"]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [target["expr"] for panel in PANELS for target in panel["targets"]]
METRIC = re.compile(r"\b(maretech_\w+)(?:\{([^}]*)\})?")
GROUPING = re.compile(r"\bby \(([^)]*)\)")
OF_PROMETHEUS = {"instance", "job", "le"}


@pytest.fixture
def served(db) -> dict[str, set[str]]:
    """Return the labels of every series that `/metrics` serves."""
    cache.clear()
    caller().get("/health")
    count_store_error("unreachable")
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(caller().get("/metrics").content.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_every_metric_in_an_expression_is_served_with_its_labels(served):
    for expression in EXPRESSIONS:
        for name, selector in METRIC.findall(expression):
            assert name in served, expression
            assert set(re.findall(r"(\w+)\s*[=!]", selector)) <= served[name], expression


def test_every_grouping_label_is_a_label_of_its_metric(served):
    for expression in EXPRESSIONS:
        known = OF_PROMETHEUS.union(*(served[name] for name, _ in METRIC.findall(expression)))
        for labels in GROUPING.findall(expression):
            assert {label.strip() for label in labels.split(",")} <= known, expression


def test_every_served_metric_is_used(served):
    queried = {name for expression in EXPRESSIONS for name, _ in METRIC.findall(expression)}
    shown = {name for name in served if not name.endswith(("_created", "_sum", "_count"))}
    assert shown - {former for name in FORMER_NAMES.values() for former in (name, f"{name}_total")} <= queried


def test_a_renamed_metric_has_both_names_for_one_release(served):
    for name, former in FORMER_NAMES.items():
        assert served.get(former, served.get(f"{former}_total")) == served.get(name, served.get(f"{name}_total"))
        assert former in served or f"{former}_total" in served


def test_counts_of_the_previous_release_are_served_under_both_names():
    now, before = CounterMetricFamily("maretech_isolated_failures", ""), CounterMetricFamily("maretech_passed_over", "")
    now.add_metric([], 5)
    before.add_metric([], 2)
    found = {sample.name: sample.value for family in with_former_names([before, now]) for sample in family.samples}
    assert found == {"maretech_isolated_failures_total": 7, "maretech_passed_over_total": 7}
    alone = list(with_former_names([before]))
    assert [sample.value for family in alone for sample in family.samples] == [2]


def test_a_runbook_is_named_after_its_first_alert():
    first: dict[str, str] = {}
    for rule in RULES:
        first.setdefault(rule["annotations"]["runbook"], rule["alert"])
    for page, alert in first.items():
        assert Path(page).stem == re.sub(r"(?<=[a-z])(?=[A-Z])", "-", alert).lower()


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_brackets_and_quotes_of_an_expression_match(expression: str):
    bare = re.sub(r'"[^"]*"', "", expression)
    assert '"' not in bare
    for opening, closing in ("()", "{}", "[]"):
        assert bare.count(opening) == bare.count(closing)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_names_a_runbook_with_steps(rule):
    page = ROOT / rule["annotations"]["runbook"]
    assert page.parent == ROOT / "docs/runbooks"
    assert re.search(r"^1\. ", page.read_text(), re.MULTILINE), "no first step"
    assert rule["annotations"]["summary"]
    assert rule["labels"]["severity"] in ("page", "ticket")


def test_names_of_alerts_and_panels_are_unique():
    names = [rule["alert"] for rule in RULES]
    assert len(set(names)) == len(names)
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)


def test_links_between_runbooks_work():
    for page in (ROOT / "docs/runbooks").glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} → {target}"
