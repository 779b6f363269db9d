"""Test that a content that cannot be printed is refused, and that a rendering leaves nothing behind."""

import os
import signal
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from dossiers.document import render
from dossiers.document.content import Statement
from dossiers.document.errors import ContentError, RenderingFailed, UnreadablePicture
from dossiers.document.render import render_pdf
from testing.samples.sample_dossiers import sample_dossier


def changed_visit(content, **changes):
    return replace(content, visits=(replace(content.visits[0], **changes), *content.visits[1:]))


def changed_photo(content, **changes):
    point = content.visits[0].points[0]
    photos = (replace(point.photos[0], **changes), *point.photos[1:])
    return changed_visit(content, points=(replace(point, photos=photos), *content.visits[0].points[1:]))


@pytest.mark.parametrize(
    "change",
    [
        lambda content: replace(content, visits=()),
        lambda content: replace(content, visits=content.visits * 11),
        lambda content: changed_visit(content, points=()),
        lambda content: replace(content, visits=content.visits * 2),
        lambda content: replace(content, verification_url="javascript:alert(1)"),
        lambda content: replace(content, verification_url="https://example.org/a b"),
        lambda content: replace(content, created_at=content.created_at.replace(tzinfo=None)),
        lambda content: replace(content, time_zone="Atlantis/Sunk"),
        lambda content: replace(content, time_zone="../../etc/passwd"),
        lambda content: changed_photo(content, sha256="00"),
        lambda content: changed_photo(content, asset_id=UUID(int=1002)),
        lambda content: replace(content, timeline=replace(sample_dossier(visits=2).timeline, svg="no chart")),
    ],
)
def test_a_content_that_makes_no_sense_is_refused(change):
    with pytest.raises(ContentError):
        render_pdf(change(sample_dossier(points=1)))


def test_a_timeline_in_a_mode_without_one_is_refused():
    timeline = sample_dossier(visits=2).timeline
    with pytest.raises(ContentError, match="no timeline"):
        render_pdf(replace(sample_dossier(mode="osmosis", points=1), timeline=timeline))


def with_a_broken_picture():
    content = sample_dossier(points=1)
    pictures = replace(content.visits[0].points[0].photos[0].pictures, view=b"broken")
    return changed_photo(content, pictures=pictures)


def test_a_broken_picture_is_refused():
    with pytest.raises(UnreadablePicture):
        render_pdf(with_a_broken_picture())


def folders() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob("maretech-dossier-*"))


@pytest.fixture
def own_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_rendering_leaves_no_file_behind(own_temporary_folder):
    render_pdf(sample_dossier(points=1))
    with pytest.raises(UnreadablePicture):
        render_pdf(with_a_broken_picture())
    assert folders() == []


def test_what_a_killed_rendering_left_is_deleted_by_a_later_one(own_temporary_folder):
    old, new = own_temporary_folder / "maretech-dossier-old", own_temporary_folder / "maretech-dossier-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "photo-1.jpg").write_bytes(b"a photo")
    long_ago = time.time() - 7200
    os.utime(old, (long_ago, long_ago))
    render_pdf(sample_dossier(points=1))
    assert folders() == [new]


def test_a_warning_of_the_typesetter_is_an_error(monkeypatch):
    """A font that is missing is a warning there, and text that is not drawn."""
    laid_out = render.layout
    monkeypatch.setattr(render, "layout", lambda *content: laid_out(*content) | {"fixed_width": "No Such Font"})
    with pytest.raises(RenderingFailed, match="no such font"):
        render_pdf(sample_dossier(points=1))


def test_an_error_of_the_typesetter_is_reported(monkeypatch):
    laid_out = render.layout
    monkeypatch.setattr(render, "layout", lambda *content: laid_out(*content) | {"blocks": [{"type": "x"}]})
    with pytest.raises(RenderingFailed, match="unknown block"):
        render_pdf(sample_dossier(points=1))


def test_a_typesetter_that_was_killed_for_its_memory_is_tried_again_elsewhere(monkeypatch):
    killed = subprocess.CompletedProcess([], returncode=-signal.SIGKILL, stdout=b"", stderr=b"")
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_options: killed)
    with pytest.raises(MemoryError):
        render_pdf(sample_dossier(points=1))


def test_the_typesetter_gets_no_environment(monkeypatch):
    """Credentials are in it."""
    ran, given = subprocess.run, []
    monkeypatch.setattr(
        subprocess, "run", lambda *args, **options: given.append(options["env"]) or ran(*args, **options)
    )
    render_pdf(sample_dossier(points=1))
    assert [set(environment) for environment in given] == [{"PYTHONPATH"}]


def test_no_template_evaluates_text_or_imports_from_elsewhere():
    templates = Path(render.__file__).parent / "templates"
    sources = [path.read_text() for path in templates.glob("*.typ")]
    assert len(sources) == 3
    for source in sources:
        for forbidden in ("eval(", "@preview", "plugin(", "sys.inputs", "read("):
            assert forbidden not in source


def test_an_empty_statement_is_no_statement():
    assert render_pdf(replace(sample_dossier(points=1), statement=Statement(text=" \n "))) == render_pdf(
        replace(sample_dossier(points=1), statement=None)
    )
