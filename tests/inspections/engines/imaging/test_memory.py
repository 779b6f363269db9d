"""Test the peak memory of a photo's check and of its analysis, and of the processes that they start: 400 MB each."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image

from inspections.engines.imaging.decode import decode
from inspections.media_types import HEIC, JPEG, MAX_PIXELS, MAX_PIXELS_BY_TYPE, MAX_PIXELS_HEIC, PNG
from testing.samples.hostile_files import FAST, flat, noise, raw_png, resized, saved, scan_bomb

BOUND_MB = 400
PHONE = (8160, 6120)
# The peak memory since the start: of the process, not of its parent, and of the processes it started to decode.
PEAK = """
import resource, sys
def peak_mb():
    own = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    return max(int(own.split()[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1000
"""
CHECK = f"""{PEAK}
from inspections.engines.imaging.quality import PhotoConstraints, check_photo
types = ("image/jpeg", "image/png", "image/heic")
content = open(sys.argv[1], "rb").read()
check = check_photo(content, constraints=PhotoConstraints(min_short_side_px=480, max_bytes=10**8, content_types=types))
print(check.pixels is not None, peak_mb(), *check.retake_reasons)
"""
# A worker that serves both modes: its libraries and networks, and what a picture before left behind.
ANALYSE = f"""{PEAK}
import django
django.setup()
from inspections.engines.findings import Photo, Point
from inspections.engines.registry import engine_for
from maretech.celery import prepare_process
prepare_process()
for path in sys.argv[1:]:
    photo = Photo(asset_id="a", angle="mid", content=open(path, "rb").read())
    for mode in ("corrosion", "osmosis"):
        finding = engine_for(mode=mode, name="trained").examine(Point(point_index=1, photos=(photo,)), context={{}})
        assert finding.overlay_png
print(peak_mb())
"""


def checked(content: bytes, folder: Path) -> tuple[bool, float, list[str]]:
    """Return whether it was decoded, the peak memory in MB, and the reasons why it must be taken again."""
    path = folder / "photo"
    path.write_bytes(content)
    completed = subprocess.run([sys.executable, "-c", CHECK, str(path)], capture_output=True, text=True, check=True)
    is_decoded, peak, *reasons = completed.stdout.split()
    return is_decoded == "True", float(peak), reasons


def analysed_peak_mb(contents: list[bytes], folder: Path) -> float:
    """Return the peak memory in MB of one worker that analyses these photos one after another."""
    paths = [folder / str(number) for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    completed = subprocess.run(
        [sys.executable, "-c", ANALYSE, *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "maretech.settings"},
    )
    return float(completed.stdout)


def large_heic(width: int, height: int, *, bits: int = 8, chroma: int = 420) -> bytes:
    """Return a HEIC, flat except its middle: a decoder's memory depends on the size alone."""
    pixels = np.full((height, width, 3), 120, np.uint8 if bits == 8 else np.uint16)
    mode, out = "RGB" if bits == 8 else "RGB;16", BytesIO()
    pillow_heif.encode(mode, (width, height), pixels.data, out, quality=20, chroma=chroma, enc_params=FAST)
    return out.getvalue()


def heic_that_says(width: int, height: int, *, bits: int = 8, chroma: int = 420) -> bytes:
    """Return a small HEIC with a header that claims this size."""
    small = large_heic(64, 64, bits=bits, chroma=chroma)
    size = small.index(b"ispe") + 8  # after the name of the box, its version and its flags
    assert small[size : size + 8] == bytes([0, 0, 0, 64] * 2)
    return small[:size] + width.to_bytes(4) + height.to_bytes(4) + small[size + 8 :]


def large_jpeg(width: int, height: int) -> bytes:
    """Return a baseline JPEG of a phone's size, grey where it is flat."""
    pixels = np.full((height, width, 3), 90, np.uint8)
    pixels[:600, :800] = np.random.default_rng(1).integers(60, 200, (600, 800, 1), np.uint8)
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 60])
    return encoded.tobytes()


DECODED: dict[str, Callable[[], bytes]] = {
    "baseline, 64 megapixels": lambda: large_jpeg(9248, 6936),
    "baseline, 108 megapixels": lambda: large_jpeg(12_000, 9000),
    "baseline, 200 megapixels": lambda: large_jpeg(16_384, 12_288),
    "baseline, a strip": lambda: large_jpeg(65_000, 3000),
    "progressive, 50 megapixels": lambda: saved(Image.new("RGB", PHONE), "JPEG", progressive=True),
    "progressive, 50 megapixels, without an end": lambda: saved(Image.new("RGB", PHONE), "JPEG", progressive=True)[:-2],
    "CMYK, 59 megapixels": lambda: flat("CMYK", 7700),
    "PNG, 36 megapixels": lambda: raw_png(6000, 6000, rows=6000),
    "PNG, transparent, 36 megapixels": lambda: raw_png(6000, 6000, depth=16, colour=6, rows=6000),
    "PNG, grey in 16 bits, 36 megapixels": lambda: raw_png(6000, 6000, depth=16, colour=0, rows=6000),
    "HEIC, 50 megapixels": lambda: large_heic(*PHONE),
    "HEIC, 22 megapixels in 10 bits": lambda: large_heic(5504, 4128, bits=10),
    "HEIC, 24 megapixels in full colour": lambda: large_heic(5712, 4284, chroma=444),
    "ten megabytes of colour profile": lambda: flat("RGB", 2000, icc_profile=noise(10_000_000)),
}


@cache
def drawn(kind: str) -> bytes:
    """Return a file of this kind: encoding the large ones takes seconds."""
    return DECODED[kind]()


SCANS = "five thousand scans"
# All but the scans are refused by their header, so that a small file with the header of a large one is enough.
REFUSED: dict[str, Callable[[], bytes]] = {
    "progressive, 52 megapixels": lambda: resized(flat("RGB", 64, progressive=True), 7200, 7200),
    "HEIC, 51 megapixels": lambda: heic_that_says(7150, 7150),
    "progressive in full colour, 59 megapixels": lambda: resized(
        flat("RGB", 64, progressive=True, subsampling=0), 7700, 7700
    ),
    "CMYK, progressive, 59 megapixels": lambda: resized(flat("CMYK", 64, progressive=True), 7700, 7700),
    "baseline, more than any phone's": lambda: resized(flat("RGB", 64), 16_400, 12_300),
    "a file that says it is enormous and has no end": lambda: resized(flat("RGB", 64), 65_500, 65_500)[:-2],
    "progressive, enormous, without an end": lambda: resized(flat("RGB", 64, progressive=True), 16_000, 12_000)[:-2],
    SCANS: lambda: scan_bomb(3000, 5000),
    "PNG, 37 megapixels": lambda: raw_png(6100, 6100, rows=1),
    "HEIC, 12 bits in full colour, 24 megapixels": lambda: heic_that_says(5712, 4284, bits=10, chroma=444),
}


@pytest.mark.parametrize("kind", DECODED)
def test_a_large_photo_is_decoded_within_the_bound(kind, tmp_path):
    is_decoded, peak, _ = checked(drawn(kind), tmp_path)
    assert is_decoded
    assert peak <= BOUND_MB


def test_a_worker_that_analyses_the_largest_photos_stays_within_the_bound(tmp_path):
    kinds = ("HEIC, 50 megapixels", "progressive, 50 megapixels, without an end", "PNG, transparent, 36 megapixels")
    usual = [large_jpeg(4000, 3000), large_heic(4032, 3024)]
    assert analysed_peak_mb([*usual, *map(drawn, kinds), *usual], tmp_path) <= BOUND_MB


@pytest.mark.parametrize("kind", REFUSED)
def test_a_photo_that_would_take_more_is_refused_within_the_bound(kind, tmp_path):
    is_decoded, peak, reasons = checked(REFUSED[kind](), tmp_path)
    assert (is_decoded, reasons) == (False, ["not_an_image" if kind == SCANS else "too_large"])
    assert peak <= BOUND_MB


def test_the_limits_by_type_fit_the_memory_bound():
    assert MAX_PIXELS_BY_TYPE == {JPEG: MAX_PIXELS, PNG: 36_000_000, HEIC: MAX_PIXELS_HEIC}
    assert MAX_PIXELS >= 16_384 * 12_288
    assert PHONE[0] * PHONE[1] <= MAX_PIXELS_HEIC


def test_a_200_megapixel_photo_decodes_like_its_scaled_copy():
    small = np.asarray(Image.effect_noise((512, 384), 60).convert("RGB").resize((1024, 768)))
    large = cv2.resize(small, (16_384, 12_288), interpolation=cv2.INTER_NEAREST)
    _, encoded = cv2.imencode(".jpg", large, [cv2.IMWRITE_JPEG_QUALITY, 80])
    del large
    shown = decode(encoded.tobytes(), long_side_px=1024)
    assert np.abs(shown.astype(int) - small).mean() < 4
