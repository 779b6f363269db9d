"""Calibrate a head's output to probabilities, on source pictures that the head has not seen."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from inspections.engines.base import Circle, Rgb
from inspections.engines.corrosion import trained as corrosion_detector
from inspections.engines.domain_gate import gate
from inspections.engines.osmosis import trained as osmosis_detector
from training.augmentation import augment
from training.data.dataset import Picture
from training.heads.osmosis import blisters_of
from training.synthesis.blisters.composition import compose, compose_clean, compose_negative
from training.synthesis.blisters.hull import gelcoat_background
from training.synthesis.hulls import painted_hull

_PIXELS_PER_PICTURE: Final = 2000
_CROPS_PER_PICTURE: Final = 3
_RUSTY_FROM: Final = 0.02
_HIT_WITHIN_PX: Final = 6.0
# If the probabilities of mirror images of a picture differ by more than this, there is no sure answer.
_VIEWS_DIFFER_BY: Final = 0.45
_SCENE_MARGIN: Final = 1.25

Rows = NDArray[np.float64]
Labels = NDArray[np.bool_]

# For a detector that only returns its views.
BLANK_CORROSION: Final = corrosion_detector.Calibration(
    share_slope=1.0,
    share_offset=0.0,
    graded_above=0.5,
    presence_weights=(0.0, 0.0, 0.0),
    presence_offset=0.0,
    scene_mean=(0.0,),
    scene_scale=(1.0,),
    unlike_above=1.0,
    views_differ_by=_VIEWS_DIFFER_BY,
)
BLANK_OSMOSIS: Final = osmosis_detector.Calibration(
    peak_slope=1.0,
    peak_offset=0.0,
    presence_weights=(0.0, 0.0),
    presence_offset=0.0,
    views_differ_by=_VIEWS_DIFFER_BY,
)
BLANK_DOMAIN_GATE: Final = gate.Calibration(mean=(0.0,), scale=(1.0,), foreign_above=0.0, tail=1.0)


def calibrate_corrosion(
    detector: corrosion_detector.TrainedDetector,
    pictures: Sequence[Picture],
    training_pictures: Sequence[Picture],
    *,
    rng: Generator,
) -> corrosion_detector.Calibration:
    """Fit on `pictures` of the calibration split; `training_pictures` give the known scenes."""
    share = _fit_line(*_pixels(detector, [picture for picture in pictures if picture.shows_signal], rng))
    fitted = replace(BLANK_CORROSION, share_slope=share[0][0], share_offset=share[1])
    rows, labels = [], []
    for pixels, shows_signal in _presence_examples(pictures, rng):
        views, _ = detector.views(pixels)
        rows.append(
            corrosion_detector.presence_features(
                corrosion_detector.rust_probability(corrosion_detector.mean_of_views(views), fitted)
            )
        )
        labels.append(shows_signal)
    weights, offset = _fit_rising_line(np.array(rows), np.array(labels))
    scenes = np.array([detector.views(picture.pixels)[1] for picture in (*training_pictures, *pictures)])
    return replace(fitted, presence_weights=weights, presence_offset=offset, **_scene_statistics(scenes))


def calibrate_osmosis(
    detector: osmosis_detector.TrainedDetector,
    pictures: Sequence[Picture],
    backgrounds: Sequence[Picture],
    *,
    rng: Generator,
) -> osmosis_detector.Calibration:
    """Fit on pictures of the calibration split, as they come and with blisters drawn on the backgrounds."""
    peaks, hits, rows, labels = [], [], [], []
    for pixels, blisters in _blister_examples(pictures, backgrounds, rng):
        found = osmosis_detector.find_peaks(
            osmosis_detector.mean_of_views(detector.views(pixels)), size=pixels.shape[1::-1]
        )
        peaks += [[osmosis_detector.log_odds(peak.likelihood)] for peak in found]
        hits += _hits(found, blisters)
        rows.append(osmosis_detector.presence_features(found))
        labels.append(bool(blisters))
    (slope,), offset = _fit_line(np.array(peaks), np.array(hits))
    weights, presence_offset = _fit_rising_line(np.array(rows), np.array(labels), weights="balanced")
    return osmosis_detector.Calibration(
        peak_slope=slope,
        peak_offset=offset,
        presence_weights=weights,
        presence_offset=presence_offset,
        views_differ_by=_VIEWS_DIFFER_BY,
    )


def write(calibration: Any, path: Path) -> None:
    """Store every number with six digits."""
    stored = {name: _rounded(getattr(calibration, name)) for name in calibration.__slots__}
    path.write_text(json.dumps(stored, indent=1) + "\n")


def _scene_statistics(scenes: Rows) -> dict[str, Any]:
    """Usual scenes, and the distance from them that counts as out of domain."""
    mean, scale = scenes.mean(axis=0), scenes.std(axis=0) + 1e-3
    furthest = max(corrosion_detector.scene_distance(scene, mean=tuple(mean), scale=tuple(scale)) for scene in scenes)
    return {"scene_mean": tuple(mean), "scene_scale": tuple(scale), "unlike_above": _SCENE_MARGIN * furthest}


def _fit_line(rows: Rows, labels: Labels, *, weights: str | None = None) -> tuple[tuple[float, ...], float]:
    """Weights and offset of a logistic line; `weights` "balanced" gives both classes equal weight."""
    fitted = LogisticRegression(C=1.0, max_iter=1000, class_weight=weights).fit(rows, labels)
    return tuple(float(weight) for weight in fitted.coef_[0]), float(fitted.intercept_[0])


def _fit_rising_line(rows: Rows, labels: Labels, *, weights: str | None = None) -> tuple[tuple[float, ...], float]:
    """A logistic line that never falls with more of any evidence: evidence that would lower it has weight 0.

    If none is left (a barely trained head), only the frequency of the label remains.
    """
    columns = list(range(rows.shape[1]))
    while columns:
        found, offset = _fit_line(rows[:, columns], labels, weights=weights)
        if min(found) >= 0:
            break
        columns.remove(columns[int(np.argmin(found))])
    else:
        found, offset = (), 0.0 if weights else float(np.log(labels.mean() / (1 - labels.mean())))
    by_place = dict(zip(columns, found, strict=True))
    return tuple(by_place.get(place, 0.0) for place in range(rows.shape[1])), offset


def _pixels(
    detector: corrosion_detector.TrainedDetector, pictures: Sequence[Picture], rng: Generator
) -> tuple[Rows, Labels]:
    rows, labels = [], []
    for picture in pictures:
        views, _ = detector.views(picture.pixels)
        chosen = rng.integers(picture.mask.size, size=_PIXELS_PER_PICTURE)
        good = np.clip(corrosion_detector.mean_of_views(views)[0].ravel()[chosen], 1e-5, 1 - 1e-5)
        rows.append(np.log((1 - good) / good)[:, None])
        labels.append(picture.mask.ravel()[chosen] > 0)
    return np.concatenate(rows), np.concatenate(labels)


def _presence_examples(pictures: Sequence[Picture], rng: Generator) -> list[tuple[Rgb, bool]]:
    """Whole pictures, crops of them (a near view differs from a shrunk far one), and painted hulls."""
    examples = [(picture.pixels, picture.shows_signal) for picture in pictures]
    for picture in pictures:
        if picture.shows_signal:
            examples += _crops(picture, rng)
        elif rng.random() < 0.5:
            grain = augment.crop(picture.pixels, picture.mask, rng=rng, side_px=384, scales=(1, 3))[0]
            examples.append((painted_hull(grain, rng=rng), False))
        else:
            examples.append((augment.repaint(picture.pixels, picture.mask, rng=rng), False))
    return examples


def _crops(picture: Picture, rng: Generator) -> list[tuple[Rgb, bool]]:
    parts = [_square(picture, rng) for _ in range(_CROPS_PER_PICTURE)]
    rusty = [float((picture.mask[part] > 0).mean()) for part in parts]
    return [
        (picture.pixels[part], share > 0)
        for part, share in zip(parts, rusty, strict=True)
        if share == 0 or share >= _RUSTY_FROM
    ]


def _square(picture: Picture, rng: Generator) -> tuple[slice, slice]:
    side = int(rng.integers(140, 400))
    top, left = (int(rng.integers(length - side + 1)) for length in picture.mask.shape)
    return slice(top, top + side), slice(left, left + side)


def _blister_examples(
    pictures: Sequence[Picture], backgrounds: Sequence[Picture], rng: Generator
) -> list[tuple[Rgb, list[Circle]]]:
    examples = [(picture.pixels, blisters_of(picture.mask > 0)) for picture in pictures]
    for background in backgrounds:
        drawn = compose(background.pixels, rng=rng)
        examples.append((drawn.pixels, list(drawn.centres)))
        bare = compose_clean(gelcoat_background(rng), rng=rng)
        others = (compose_negative(background.pixels, rng=rng), compose_clean(background.pixels, rng=rng), bare)
        examples += [(other.pixels, []) for other in others]
    return examples


def _hits(found: Sequence[Circle], blisters: Sequence[Circle]) -> list[bool]:
    return [
        any(np.hypot(peak.x - each.x, peak.y - each.y) < max(each.radius, _HIT_WITHIN_PX) for each in blisters)
        for peak in found
    ]


def _rounded(value: float | tuple[float, ...]) -> float | list[float]:
    return [round(float(each), 6) for each in value] if isinstance(value, tuple) else round(float(value), 6)
