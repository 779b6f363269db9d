"""Chromium, driven by Playwright, with a camera that films a drawn hull."""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, Playwright, sync_playwright

from rendering.samples import sample_set

NAMES = ("chromium", "chromium-browser", "google-chrome")
# As root it has no sandbox, and without the others it asks its maker's servers at every start.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
)
PHONE = {"width": 390, "height": 844}
FRAME = (1280, 960)
FRAMES = 60


def executable() -> str | None:
    """Return the browser that `CHROMIUM` names, or that is installed; None without one."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


@cache
def film(directory: Path, *, seed: int = 4) -> Path:
    """Write a film of one drawn place of a metal hull: Chromium takes JPEGs, one after another, for a camera."""
    (photo, *_) = sample_set(mode="corrosion", seed=seed, points=1, severity=0.6)
    frame = io.BytesIO()
    Image.open(io.BytesIO(photo.content)).resize(FRAME).save(frame, "JPEG", quality=95)
    path = directory / f"hull-{seed}.mjpeg"
    path.write_bytes(frame.getvalue() * FRAMES)
    return path


_running: list[Playwright] = []


@contextmanager
def _playwright() -> Iterator[Playwright]:
    """Run Playwright's driver until the block ends. A block within another one shares its driver: a thread has one."""
    if _running:
        yield _running[0]
        return
    with sync_playwright() as playwright:
        _running.append(playwright)
        try:
            yield playwright
        finally:
            _running.clear()


@contextmanager
def browser_of(
    profile: Path,
    *,
    camera: Path | None = None,
    voice: Path | None = None,
    locale: str = "en-GB",
    dark: bool = False,
) -> Iterator[BrowserContext]:
    """Open a phone-sized browser with this profile: what it stored before is there again.

    `camera` is a film and `voice` a recording (WAV, again and again) that may be used without asking. Without them the
    owner refuses.
    """
    with _playwright() as playwright:
        context = launch(playwright, profile, camera=camera, voice=voice, locale=locale, dark=dark)
        try:
            yield context
        finally:
            context.close()


def launch(
    playwright: Playwright,
    profile: Path,
    *,
    camera: Path | None,
    voice: Path | None = None,
    locale: str = "en-GB",
    dark: bool = False,
) -> BrowserContext:
    """Start the browser. The caller closes or kills it."""
    devices = {"camera": camera, "microphone": voice}
    allowed = [name for name, file in devices.items() if file]
    fakes = [
        *([f"--use-file-for-fake-video-capture={camera}"] if camera else []),
        *([f"--use-file-for-fake-audio-capture={voice}"] if voice else []),
        *(["--use-fake-ui-for-media-stream"] if allowed else []),
    ]
    return playwright.chromium.launch_persistent_context(
        profile,
        executable_path=executable(),
        args=[*OPTIONS, *fakes],
        viewport=PHONE,  # type: ignore[arg-type]
        locale=locale,
        color_scheme="dark" if dark else "light",
        permissions=allowed,
    )
