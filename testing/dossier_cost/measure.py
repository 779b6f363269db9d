"""Renders the same dossier of 60 photos in new processes, and measures each."""

import json
import pickle
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from dossiers.document.content import DossierContent, Paper, Pictures
from dossiers.document.selection import printed_photos
from evaluation.speed import phone_photo
from inspections.engines.imaging.decode import decode
from inspections.engines.imaging.display_copy import VIEW_LONG_SIDE_PX, viewing_copy
from inspections.engines.overlay import draw_hatching, encode_png
from inspections.vocabulary import Mode
from testing.dossier_cost.once import Cost
from testing.samples.sample_dossiers import ANGLES, Key, sample_dossier

ROUNDS: Final = 3


def measure(*, rounds: int = ROUNDS) -> list[Cost]:
    content = content_of_sixty()
    with tempfile.TemporaryDirectory() as name:
        given = Path(name) / "content.pickle"
        given.write_bytes(pickle.dumps(content))
        return [_in_new_process(given) for _ in range(rounds)]


def content_of_sixty(*, paper: Paper = Paper.A4) -> DossierContent:
    """Return two visits to ten points, with three photos each: 60 photos and 20 marked-up copies."""
    content = sample_dossier(mode=Mode.CORROSION, paper=paper, visits=2, points=10, draw=phone_pictures, left_out=False)
    assert len(printed_photos(content)) == 60
    return content


def phone_pictures(_mode: Mode, key: Key, _severity: float) -> Pictures:
    """Return the display copy of a photo of 12 megapixels, shifted and with noise of its own."""
    seed = key[0] * 100 + key[1] * 10 + key[2]
    pixels = _with_noise(np.roll(_display_pixels(), 37 * seed, axis=1), seed)
    if ANGLES[key[2]] != "mid":
        return Pictures(viewing_copy(pixels))
    mask = cv2.GaussianBlur(pixels[..., 0], (0, 0), 9) > np.percentile(pixels[..., 0], 80)
    return Pictures(viewing_copy(pixels), encode_png(draw_hatching(pixels, mask)))


@cache
def _display_pixels() -> NDArray[np.uint8]:
    return decode(phone_photo(), long_side_px=VIEW_LONG_SIDE_PX)


def _with_noise(pixels: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed).normal(0, 2, (*pixels.shape[:2], 1))
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


def _in_new_process(given: Path) -> Cost:
    command = [sys.executable, "-m", "testing.dossier_cost.once", str(given)]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    return Cost(**json.loads(made.stdout))
