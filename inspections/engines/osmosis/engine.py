"""The classical osmosis engine: does the surface show round bumps that one low lamp lights from one side?"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from inspections.engines.base import (
    Confidence,
    Measurement,
    Photo,
    Point,
    PointFinding,
    Rgb,
    Signal,
    SignalDetected,
    Strength,
)
from inspections.engines.certainty import logistic, verdict
from inspections.engines.imaging.decode import decode
from inspections.engines.osmosis.relief import Bumps, Plane, facing, find_bumps, shapes
from inspections.engines.overlay import LONG_SIDE_PX, Circle, circled, png

# The lowest light shows relief best, so the close photo decides; the others only where it is missing.
_DECIDING_ORDER: Final = ("close", "mid", "wide")
_CIRCLE_RADII: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Every number that can change an answer; its hash is part of `model_version`.

    Fitted on rendered blisters over real surfaces and on drawn clean gelcoat: no licensed photograph of real gelcoat
    blisters is known.
    """

    long_side_px: int = 512
    min_strength: float = 0.08
    shape_weights: tuple[float, ...] = (1.079, 1.048, 4.602, -0.652, -1.131)
    shape_offset: float = -8.134
    facing_within_rad: float = 0.7
    possible_above: float = 0.1
    counted_above: float = 0.2
    sure_above: float = 0.3
    clearest: int = 3
    presence_floor: float = 0.05
    presence_slope: float = 4.24
    presence_offset: float = 1.35
    strong_from_count: int = 20
    moderate_from_count: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What one photo showed: its possible blisters, how likely each is one, and how likely there is any."""

    photo: Photo
    pixels: Rgb
    bumps: Bumps
    likelihoods: Plane
    probability: float


class OsmosisEngine:
    """Judges a point of a fibreglass hull; pure, never surer than "medium", and safe to share between threads."""

    mode = "osmosis"

    def __init__(self, parameters: Parameters | None = None) -> None:
        self._parameters = parameters or Parameters()
        named = repr(self._parameters)
        self.model_version = f"osmosis-classical-1.{hashlib.sha256(named.encode()).hexdigest()[:8]}"

    def examine(self, point: Point, *, context: Mapping[str, str]) -> PointFinding:
        """Return how many blister-like bumps the photo in the lowest light shows, with its range.

        Inconclusive where that photo shows none but another does, and where the probability stays under .8 for yes
        and over .3 for no. Raises `UnreadableImage` for a photo that does not decode.
        """
        first, *others = (self._look(photo) for photo in sorted(point.photos, key=_preference))
        detected, confidence, reasons = _judged(first, others)
        count = self._count(first, detected)
        return PointFinding(
            point_index=point.point_index,
            signal_detected=detected,
            confidence=confidence,
            extent=count,
            signals=self._signals(count) if detected == "yes" else (),
            measurements=(count, _density(count, first.pixels), _probability(first.probability)),
            reasons=reasons,
            overlay_asset_id=first.photo.asset_id,
            overlay_png=self._overlay(first, marked=detected != "no"),
        )

    def _look(self, photo: Photo) -> _Look:
        parameters = self._parameters
        pixels = decode(photo.content, long_side_px=parameters.long_side_px)
        bumps = find_bumps(pixels, min_strength=parameters.min_strength)
        log_odds = shapes(pixels, bumps) @ np.asarray(parameters.shape_weights) + parameters.shape_offset
        likelihoods = np.asarray(1 / (1 + np.exp(-log_odds)), np.float32)
        possible = likelihoods > parameters.possible_above
        bumps, likelihoods = bumps.where(possible), likelihoods[possible]
        same_lamp = facing(bumps, likelihoods, within_rad=parameters.facing_within_rad)
        bumps, likelihoods = bumps.where(same_lamp), likelihoods[same_lamp]
        presence = self._presence(likelihoods)
        return _Look(photo=photo, pixels=pixels, bumps=bumps, likelihoods=likelihoods, probability=presence)

    def _presence(self, likelihoods: Plane) -> float:
        """One bump may be a drip or a rivet: the few clearest together decide."""
        parameters = self._parameters
        clearest = float(np.sort(likelihoods)[::-1][: parameters.clearest].sum())
        evidence = float(np.log(clearest + parameters.presence_floor))
        return logistic(parameters.presence_slope * evidence + parameters.presence_offset)

    def _count(self, look: _Look, detected: SignalDetected) -> Measurement:
        parameters = self._parameters
        low, value, high = (
            float((look.likelihoods > above).sum())
            for above in (parameters.sure_above, parameters.counted_above, parameters.possible_above)
        )
        if detected == "no":
            low, value = 0.0, 0.0
        return Measurement(name="blister_count", value=value, low=low, high=high, unit="count")

    def _signals(self, count: Measurement) -> tuple[Signal, ...]:
        strength: Strength = "weak"
        if count.value >= self._parameters.strong_from_count:
            strength = "strong"
        elif count.value >= self._parameters.moderate_from_count:
            strength = "moderate"
        return (Signal(type="blister_like_relief", strength=strength),)

    def _overlay(self, look: _Look, *, marked: bool) -> bytes:
        pixels = decode(look.photo.content, long_side_px=LONG_SIDE_PX)
        if not marked:
            return png(pixels)
        scale = pixels.shape[1] / look.pixels.shape[1]
        counted = look.bumps.where(look.likelihoods > self._parameters.counted_above)
        circles = (
            Circle(x=float(x) * scale, y=float(y) * scale, radius=float(radius) * scale * _CIRCLE_RADII)
            for x, y, radius in zip(counted.x, counted.y, counted.radius, strict=True)
        )
        return png(circled(pixels, circles))


def _judged(first: _Look, others: list[_Look]) -> tuple[SignalDetected, Confidence, tuple[str, ...]]:
    """Judge by the deciding photo; a low "yes" is not worth saying, and "high" is not ours to say."""
    detected, confidence = verdict(first.probability)
    contradicted = any(verdict(other.probability)[0] == "yes" for other in others)
    if detected == "no" and contradicted:
        return "inconclusive", "low", ("angles_disagree",)
    if detected == "inconclusive" or (detected == "yes" and confidence == "low"):
        return "inconclusive", "low", ("unsure",)
    return detected, "medium" if confidence == "high" else confidence, ()


def _preference(photo: Photo) -> int:
    return _DECIDING_ORDER.index(photo.angle) if photo.angle in _DECIDING_ORDER else len(_DECIDING_ORDER)


def _density(count: Measurement, pixels: Rgb) -> Measurement:
    """Blisters per million pixels of the analysed picture: without a scale there are no square metres."""
    per_count = 1e6 / (pixels.shape[0] * pixels.shape[1])
    value, low, high = (round(number * per_count, 2) for number in (count.value, count.low, count.high))
    return Measurement(name="blister_density", value=value, low=low, high=high, unit="per_megapixel")


def _probability(value: float) -> Measurement:
    rounded = round(value, 4)
    return Measurement(name="blister_probability", value=rounded, low=rounded, high=rounded, unit="probability")
