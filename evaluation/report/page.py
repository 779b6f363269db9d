"""Write the report: a self-contained page."""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from evaluation.metrics.detection import Metrics
from evaluation.metrics.reliability import plot, reliability
from evaluation.observation import Observation
from evaluation.outcome import Outcome
from evaluation.report.contact_sheets import Sheet, sheets
from evaluation.report.listing import listing
from evaluation.report.meanings import meaning
from evaluation.report.table import number
from evaluation.report.tiles import tile
from inspections.engines.base import Engine

_PAGE: Final = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
_TILES: Final = "tiles"


def write_report(outcome: Outcome, engine: Engine, folder: Path) -> None:
    """Write index.html, photos.csv (the result of every photo) and the tiles into `folder`."""
    chosen = sheets(outcome.observations)
    pictures = _write_tiles({each.row.file: each for sheet in chosen for each in sheet.observations}, engine, folder)
    page = _PAGE.substitute(
        {key: escape(str(value)) for key, value in _facts(outcome).items()},
        metrics=_metric_rows({key: metric for key, metric in outcome.metrics.items() if "[" not in key}),
        parts=_metric_rows({key: metric for key, metric in outcome.metrics.items() if "[" in key}),
        plot=plot(reliability(outcome.observations)),
        unreadable=_unreadable(outcome),
        sheets="\n".join(_sheet(sheet, pictures) for sheet in chosen),
    )
    (folder / "index.html").write_text(page, encoding="utf-8")
    (folder / "photos.csv").write_text(listing(outcome.observations), encoding="utf-8")


def _write_tiles(observations: Mapping[str, Observation], engine: Engine, folder: Path) -> dict[str, str]:
    """Write a tile for each photo; return its file by the photo's name."""
    (folder / _TILES).mkdir(parents=True, exist_ok=True)
    places = {file: f"{_TILES}/{index:03}.jpg" for index, file in enumerate(observations, start=1)}
    for file, place in places.items():
        (folder / place).write_bytes(tile(observations[file].row, engine))
    return places


def _facts(outcome: Outcome) -> dict[str, object]:
    subject = outcome.subject
    return {
        "mode": subject.mode,
        "engine": subject.engine,
        "model_version": subject.model_version,
        "manifest": subject.manifest,
        "split": subject.split,
        "photos": len(outcome.observations),
        "source_images": outcome.source_images,
    }


def _metric_rows(metrics: Metrics) -> str:
    return "\n".join(
        f'<tr><th scope="row">{escape(key)}</th>'
        + (
            '<td class="n" colspan="3">does not apply</td>'
            if metric is None
            else f"<td><b>{number(metric.value)}</b></td><td>{number(metric.low)} – {number(metric.high)}</td>"
            f'<td class="n">{metric.n}</td>'
        )
        + f'<td class="says">{escape(meaning(key))}</td></tr>'
        for key, metric in metrics.items()
    )


def _unreadable(outcome: Outcome) -> str:
    if not outcome.unreadable:
        return "<p>Every file could be read.</p>"
    return _list(f"{each.file}: {each.reason.replace('_', ' ')}" for each in outcome.unreadable)


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in lines)}</ul>"


def _sheet(sheet: Sheet, pictures: Mapping[str, str]) -> str:
    tiles = "\n".join(_tile(each, pictures[each.row.file]) for each in sheet.observations)
    heading = f"<h2>{escape(sheet.title)} <small>{len(sheet.observations)}</small></h2><p>{escape(sheet.says)}</p>"
    return f'<section>{heading}<div class="sheet">{tiles or "<p>None.</p>"}</div></section>'


def _tile(each: Observation, picture: str) -> str:
    right = "right" if each.is_correct else "open" if not each.is_decided else "wrong"
    lines = [
        f"<b>{escape(each.row.file)}</b>",
        f"label {'yes' if each.row.shows_signal else 'no'}, probability {each.probability:.3f}",
        f'<span class="{right}">{escape(_words(each))}</span>',
        escape(_extent(each)),
    ]
    shown = f'<a href="{picture}"><img src="{picture}" loading="lazy" alt="photo, marked photo and mask"></a>'
    return f"<figure>{shown}<figcaption>{'<br>'.join(lines)}</figcaption></figure>"


def _words(each: Observation) -> str:
    reasons = f" ({', '.join(each.reasons)})" if each.reasons else ""
    return f"{each.detected}, {each.confidence}{reasons}"


def _extent(each: Observation) -> str:
    """Measured against true extent, where the latter is known."""
    if each.extent.unit == "count":
        true = "unknown" if each.true_count is None else str(each.true_count)
        return f"count {each.extent.value:.0f}, true {true}"
    true = "unknown" if each.true_percent is None else f"{each.true_percent:.1f} %"
    expected = "" if each.share_percent is None else f" (expected {each.share_percent:.1f} %)"
    return f"area {each.extent.value:.1f} %{expected}, true {true}"
