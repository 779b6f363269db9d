"""The metrics as rows of text."""

from evaluation.metrics.detection import Metrics
from evaluation.metrics.resampling import Metric


def table(metrics: Metrics) -> str:
    """Return one line per metric: value, 95 % interval, n and name, in columns."""
    return "\n".join(f"{_cells(metric)}  {key}" for key, metric in metrics.items())


def number(value: float) -> str:
    """Return a rate with three decimals, a large number with one."""
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def _cells(metric: Metric | None) -> str:
    """A dash marks a metric that does not apply."""
    if metric is None:
        return f"{'–':>8}{'':29}"
    interval = f"[{number(metric.low)}, {number(metric.high)}]"
    return f"{number(metric.value):>8}  {interval:<18} n={metric.n:<6}"
