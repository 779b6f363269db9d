"""Write the report: a self-contained page with the worst pairs first."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from corrosion.judgement.change import Predictor
from corrosion.vocabulary import Trend
from evaluation.report.table import number
from evaluation.trend.metrics import MEANINGS, Metrics
from evaluation.trend.pair import PairResult, evaluate_pair
from evaluation.trend.panels import panels

SHOWN: Final = 60
_PAGE: Final = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
_TILES: Final = "tiles"


def write_report(
    results: Sequence[PairResult], metrics: Metrics, *, facts: Mapping[str, str], predictor: Predictor, folder: Path
) -> None:
    """Write index.html and one picture for each of the `SHOWN` worst pairs into `folder`."""
    (folder / _TILES).mkdir(parents=True, exist_ok=True)
    shown = worst_first(results)[:SHOWN]
    tiles = [
        _tile(result, f"{_TILES}/{index:03}.jpg", predictor, folder) for index, result in enumerate(shown, start=1)
    ]
    page = _PAGE.substitute(
        {key: escape(value) for key, value in facts.items()},
        pairs=len(results),
        metrics="\n".join(_metric_row(key, metrics) for key in metrics),
        tiles="\n".join(tiles),
    )
    (folder / "index.html").write_text(page, encoding="utf-8")


def worst_first(results: Sequence[PairResult]) -> list[PairResult]:
    """Sort: false alarms, missed growth, other wrong words, pairs not compared; then by error."""
    return sorted(results, key=lambda result: (_severity(result), _error(result)), reverse=True)


def _severity(result: PairResult) -> int:
    if result.is_unchanged and result.answer == Trend.WORSENING:
        return 4
    if result.has_grown and result.is_compared and result.answer != Trend.WORSENING:
        return 3
    if result.is_compared:
        return 2 if result.expected is not None and not result.is_correct else 0
    return 0 if result.is_correct else 1


def _error(result: PairResult) -> float:
    if result.change is None or result.true_points is None:
        return 0.0
    return abs(result.change.points - result.true_points)


def _tile(result: PairResult, place: str, predictor: Predictor, folder: Path) -> str:
    """Compares the pair again, because the maps of all pairs would not fit into memory."""
    result = evaluate_pair(result.pair, predictor=predictor, keep_prediction=True)
    picture = panels(result)
    shown = ""
    if picture is not None:
        (folder / place).write_bytes(picture)
        shown = (
            f'<a href="{place}"><img src="{place}" loading="lazy" alt="earlier photo, later photo, and the growth"></a>'
        )
    words = f'<span class="{_css_class(result)}">{escape(f"{result.answer} {result.reason}")}</span>'
    lines = [
        f"<b>{escape(result.pair.name)}</b>",
        f"{words}, expected {escape(result.expected or 'either')}",
        escape(_measured(result)),
    ]
    return f"<figure>{shown}<figcaption>{'<br>'.join(lines)}</figcaption></figure>"


def _css_class(result: PairResult) -> str:
    if result.is_correct or result.expected is None:
        return "right"
    return "wrong" if result.is_compared else "open"


def _measured(result: PairResult) -> str:
    true = "unknown" if result.true_points is None else f"{result.true_points:+.1f}"
    measured = "nothing" if result.change is None else f"{result.change.points:+.1f} ± {1.96 * result.change.error:.1f}"
    return f"measured {measured} points, true {true}"


def _metric_row(key: str, metrics: Metrics) -> str:
    metric, says = metrics[key], escape(MEANINGS[key])
    cells = '<td colspan="3">does not apply</td>'
    if metric is not None:
        interval = f"{number(metric.low)} – {number(metric.high)}"
        cells = f"<td><b>{number(metric.value)}</b></td><td>{interval}</td><td>{metric.n}</td>"
    return f'<tr><th scope="row">{escape(key)}</th>{cells}<td class="says">{says}</td></tr>'
