"""The demo's photos: rendered samples, or the pictures of a folder."""

from pathlib import Path

from rendering.samples import sample_set

ANGLES = ("wide", "mid", "close")
SUFFIXES = {".jpg", ".jpeg", ".png", ".heic"}
SEED = 7
MODES = ("corrosion", "osmosis")
SEVERITY = 0.35
# By visit: some rust, more of it, and none after the repaint.
SEVERITIES = (SEVERITY, 0.75, 0.0)

# point index → angle → encoded bytes
Walk = dict[int, dict[str, bytes]]


class NotEnoughPhotos(Exception):
    """The folder has fewer pictures than one point needs."""


def rendered(*, mode: str, points: int, severity: float, visit: int = 0) -> Walk:
    """Return a walk round a rendered hull. Another visit sees the same plates a little differently."""
    walk: Walk = {}
    for photo in sample_set(mode=mode, seed=SEED, points=points, severity=severity, visit=visit):
        walk.setdefault(photo.point_index, {})[photo.angle] = photo.content
    return walk


def from_folder(folder: Path, *, mode: str, points: int) -> Walk:
    """Return three pictures per point, in the order of their names, from `folder/<mode>` if it exists.

    If only the other mode has a folder, the owner gave no pictures for this mode: it uses rendered samples.
    """
    own = folder / mode
    files = sorted(path for path in (own if own.is_dir() else folder).iterdir() if path.suffix.lower() in SUFFIXES)
    if not files and any((folder / other).is_dir() for other in MODES if other != mode):
        return rendered(mode=mode, points=points, severity=SEVERITY)
    points = min(points, len(files) // len(ANGLES))
    if not points:
        raise NotEnoughPhotos(f"{folder} holds {len(files)} pictures; a point needs {len(ANGLES)}.")
    chosen = iter(files)
    return {index: {angle: next(chosen).read_bytes() for angle in ANGLES} for index in range(1, points + 1)}
