"""Test that a picture decoded in a process of its own gives the same pixels and the same errors."""

import signal
import subprocess
import sys
from io import BytesIO
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from PIL import Image

from inspections.engines.imaging import decode, decode_process
from inspections.engines.imaging.containers import UnusableFile
from inspections.engines.imaging.decode import UnreadableImage, read_picture
from inspections.engines.imaging.decode_process import DecodeProcessFailed, read_stored_in_process
from inspections.media_types import JPEG
from testing.samples.hostile_files import saved

DECODE = (
    "import sys; from inspections.engines.imaging.decode_process import read_stored_in_process;"
    "assert read_stored_in_process(sys.stdin.buffer.read(), 'image/jpeg', 256).shape == (192, 256, 3)"
)


def photo(**options) -> bytes:
    noise = np.random.default_rng(3).integers(0, 256, (60, 80, 3), np.uint8)
    return saved(Image.fromarray(noise).resize((800, 600)), "JPEG", progressive=True, **options)


def no_memory() -> cv2.error:
    error = cv2.error("no memory")
    error.code = cv2.Error.StsNoMem
    return error


@pytest.fixture
def every_picture_apart(monkeypatch):
    monkeypatch.setattr(decode, "_MAX_DECODER_BYTES_HERE", 0)


def ended(monkeypatch, returncode: int) -> None:
    done = subprocess.CompletedProcess([], returncode, stdout=b"", stderr=b"no such module")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)


@pytest.mark.parametrize("long_side_px", [256, 2000])
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_pixels_are_the_same(monkeypatch, long_side_px, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = photo(exif=exif)
    here = read_picture(content, long_side_px=long_side_px)
    monkeypatch.setattr(decode, "_MAX_DECODER_BYTES_HERE", 0)
    apart = read_picture(content, long_side_px=long_side_px)
    assert np.array_equal(here.pixels, apart.pixels)
    assert here.header == apart.header


@pytest.mark.usefixtures("every_picture_apart")
def test_a_cut_picture_is_reported_as_truncated():
    with pytest.raises(UnreadableImage, match="truncated"):
        read_picture(photo()[:-4000], long_side_px=256)


def test_a_failure_of_the_decoder_is_reported_as_a_broken_picture():
    with pytest.raises(UnusableFile, match="broken"):
        read_stored_in_process(b"\xff\xd8\xff", "image/png", 256)


def test_a_crash_of_the_decoder_rejects_the_picture(monkeypatch):
    ended(monkeypatch, -signal.SIGSEGV)
    with pytest.raises(UnusableFile, match="broken"):
        read_stored_in_process(photo(), JPEG, 256)


def test_a_killed_process_counts_as_lack_of_memory(monkeypatch):
    ended(monkeypatch, -signal.SIGKILL)
    with pytest.raises(MemoryError):
        read_stored_in_process(photo(), JPEG, 256)


def test_a_process_that_cannot_start_does_not_reject_the_picture(monkeypatch):
    ended(monkeypatch, 1)
    with pytest.raises(DecodeProcessFailed, match="no such module"):
        read_stored_in_process(photo(), JPEG, 256)


@pytest.mark.parametrize("error", [BlockingIOError(11, "no process"), OSError(12, "no memory"), FileNotFoundError()])
@pytest.mark.usefixtures("every_picture_apart")
def test_a_process_that_cannot_be_created_does_not_reject_the_picture(monkeypatch, error):
    def run(*_, **__):
        raise error

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(DecodeProcessFailed):
        read_picture(photo(), long_side_px=256)


def test_a_signal_from_outside_does_not_reject_the_picture(monkeypatch):
    ended(monkeypatch, -signal.SIGTERM)
    with pytest.raises(DecodeProcessFailed):
        read_stored_in_process(photo(), JPEG, 256)


def test_a_cut_answer_of_the_process_does_not_reject_the_picture(monkeypatch):
    ended(monkeypatch, 0)
    with pytest.raises(DecodeProcessFailed):
        read_stored_in_process(photo(), JPEG, 256)


@pytest.mark.parametrize("error", [MemoryError(), no_memory()])
def test_lack_of_memory_differs_from_a_broken_picture(monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(decode_process, "read_stored", fail)
    monkeypatch.setattr(decode_process, "_limit_cpu", lambda: None)
    monkeypatch.setattr(decode_process.sys, "stdin", SimpleNamespace(buffer=BytesIO()))
    assert decode_process._main("image/jpeg", "256") == decode_process._NO_MEMORY


def test_a_worker_with_its_own_memory_limit_can_decode():
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_CPU, (30, 30)); {DECODE}"
    subprocess.run([sys.executable, "-c", limited], input=photo(), check=True)


def test_the_process_gets_no_credentials(monkeypatch):
    seen = {}

    def run(*_, env, **__):
        seen.update(env)
        answer = BytesIO()
        np.save(answer, np.zeros((2, 2, 3), np.uint8))
        return subprocess.CompletedProcess([], 0, stdout=answer.getvalue(), stderr=b"")

    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setattr(decode_process.subprocess, "run", run)
    read_stored_in_process(photo(), JPEG, 256)
    assert set(seen) == {"PYTHONPATH"}
