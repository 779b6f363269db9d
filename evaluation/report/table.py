"""The figures as rows of text."""

from evaluation.metrics.detection import Figures
from evaluation.metrics.resampling import Figure


def table(figures: Figures) -> str:
    """Return one line per figure: value, 95 % interval, n and name, in columns."""
    return "\n".join(f"{_cells(figure)}  {key}" for key, figure in figures.items())


def number(value: float) -> str:
    """Return a rate with three decimals, a large number with one."""
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def _cells(figure: Figure | None) -> str:
    """A dash marks a figure that does not apply."""
    if figure is None:
        return f"{'–':>8}{'':29}"
    interval = f"[{number(figure.low)}, {number(figure.high)}]"
    return f"{number(figure.value):>8}  {interval:<18} n={figure.n:<6}"
