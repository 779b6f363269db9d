"""Write the report: a self-contained page with the worst pairs first."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from corrosion.judgement.change import Predictor
from evaluation.report.table import number
from evaluation.trend.metrics import MEANINGS, Figures
from evaluation.trend.pair import Trial, try_pair
from evaluation.trend.panels import panels

SHOWN: Final = 60
_PAGE: Final = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
_TILES: Final = "tiles"


def write_report(
    trials: Sequence[Trial], figures: Figures, *, facts: Mapping[str, str], predictor: Predictor, folder: Path
) -> None:
    """Write index.html and one picture for each of the `SHOWN` worst pairs into `folder`."""
    (folder / _TILES).mkdir(parents=True, exist_ok=True)
    shown = worst_first(trials)[:SHOWN]
    tiles = [_tile(trial, f"{_TILES}/{index:03}.jpg", predictor, folder) for index, trial in enumerate(shown, start=1)]
    page = _PAGE.substitute(
        {key: escape(value) for key, value in facts.items()},
        pairs=len(trials),
        figures="\n".join(_figure(key, figures) for key in figures),
        tiles="\n".join(tiles),
    )
    (folder / "index.html").write_text(page, encoding="utf-8")


def worst_first(trials: Sequence[Trial]) -> list[Trial]:
    """Sort: false alarms, missed growth, other wrong words, pairs not compared; then by error."""
    return sorted(trials, key=lambda trial: (_badness(trial), _error(trial)), reverse=True)


def _badness(trial: Trial) -> int:
    if trial.is_unchanged and trial.said == "worsening":
        return 4
    if trial.has_grown and trial.is_compared and trial.said != "worsening":
        return 3
    if trial.is_compared:
        return 2 if trial.expected is not None and not trial.is_right else 0
    return 0 if trial.is_right else 1


def _error(trial: Trial) -> float:
    if trial.change is None or trial.true_points is None:
        return 0.0
    return abs(trial.change.points - trial.true_points)


def _tile(trial: Trial, place: str, predictor: Predictor, folder: Path) -> str:
    """Compares the pair again, because the maps of all pairs would not fit into memory."""
    kept = try_pair(trial.pair, predictor=predictor, keep=True)
    picture = panels(kept)
    shown = ""
    if picture is not None:
        (folder / place).write_bytes(picture)
        shown = f'<a href="{place}"><img src="{place}" loading="lazy" alt="earlier, later, and what became more"></a>'
    said = f'<span class="{_mark(trial)}">{escape(f"{trial.said} {trial.reason}")}</span>'
    lines = [
        f"<b>{escape(trial.pair.name)}</b>",
        f"{said}, expected {escape(trial.expected or 'either')}",
        escape(_measured(trial)),
    ]
    return f"<figure>{shown}<figcaption>{'<br>'.join(lines)}</figcaption></figure>"


def _mark(trial: Trial) -> str:
    if trial.is_right or trial.expected is None:
        return "right"
    return "wrong" if trial.is_compared else "open"


def _measured(trial: Trial) -> str:
    true = "unknown" if trial.true_points is None else f"{trial.true_points:+.1f}"
    measured = "nothing" if trial.change is None else f"{trial.change.points:+.1f} ± {1.96 * trial.change.error:.1f}"
    return f"measured {measured} points, true {true}"


def _figure(key: str, figures: Figures) -> str:
    figure, says = figures[key], escape(MEANINGS[key])
    cells = '<td colspan="3">does not apply</td>'
    if figure is not None:
        interval = f"{number(figure.low)} – {number(figure.high)}"
        cells = f"<td><b>{number(figure.value)}</b></td><td>{interval}</td><td>{figure.n}</td>"
    return f'<tr><th scope="row">{escape(key)}</th>{cells}<td class="says">{says}</td></tr>'
