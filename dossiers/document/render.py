"""Render a dossier as a tagged PDF (PDF/UA-1 and PDF/A-2a). The same content makes the same bytes."""

import json
import shutil
import tempfile
import time
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from dossiers.document.chart import ChartParts, split_chart
from dossiers.document.content import DossierContent
from dossiers.document.edition import Edition, edition_of
from dossiers.document.fonts import check_drawable
from dossiers.document.layout import layout
from dossiers.document.pictures import fitted, photos_with_pictures, share_of
from dossiers.document.qr_code import qr_svg
from dossiers.document.sections.course import chart_file
from dossiers.document.sections.cover import QR_FILE
from dossiers.document.sections.points import file_of, overlay_file_of
from dossiers.document.typesetter import MAIN, typeset_in_process
from dossiers.document.validation import validate

_TEMPLATES: Final = (MAIN, "blocks.typ", "style.typ")
_FOLDERS: Final = "maretech-dossier-"
_ABANDONED_AFTER_SECONDS: Final = 3600


def render_pdf(content: DossierContent) -> bytes:
    """Return the document. Raises `ContentError` for a content that cannot be printed, else `RenderingFailed`."""
    validate(content)
    edition = edition_of(content)
    chart = None if content.timeline is None else split_chart(content.timeline.svg)
    data = layout(edition, chart)
    _check_texts(data)
    _delete_abandoned()
    with tempfile.TemporaryDirectory(prefix=_FOLDERS) as name:
        folder = Path(name)
        _write_files(folder, edition, chart)
        (folder / "document.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return typeset_in_process(folder, timestamp=int(content.created_at.timestamp()))


def _check_texts(data: Any, where: str = "document") -> None:
    if isinstance(data, str):
        check_drawable(data, where=where)
    elif isinstance(data, dict):
        for name, value in data.items():
            _check_texts(value, name)
    elif isinstance(data, list | tuple):
        for value in data:
            _check_texts(value, where)


def _write_files(folder: Path, edition: Edition, chart: ChartParts | None) -> None:
    """Write the template and all it shows. One picture at a time is decoded."""
    for name in _TEMPLATES:
        (folder / name).write_bytes(files("dossiers.document").joinpath("templates", name).read_bytes())
    (folder / QR_FILE).write_bytes(qr_svg(edition.content.verification_url))
    for number, part in enumerate(chart.parts if chart is not None else ()):
        (folder / chart_file(number)).write_bytes(part.shapes)
    share = share_of(edition.content)
    for photo in photos_with_pictures(edition.content):
        number, pictures = edition.numbers[photo.asset_id], photo.pictures
        assert pictures is not None
        (folder / file_of(number)).write_bytes(fitted(pictures.view, share))
        if pictures.overlay is not None:
            (folder / overlay_file_of(number)).write_bytes(fitted(pictures.overlay, share))


def _delete_abandoned() -> None:
    """Delete the folders of renderings that were killed: they hold an owner's photos."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDERS}*"):
        try:
            if time.time() - folder.stat().st_mtime > _ABANDONED_AFTER_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:
            continue  # its own rendering deleted it
