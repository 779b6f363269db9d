"""The outcome of one evaluation, and its JSON form."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from evaluation.metrics.detection import Metrics
from evaluation.metrics.reliability import reliability
from evaluation.metrics.summary import compute_metrics
from evaluation.observation import Observation, Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The subject of an evaluation: the engine and the photos."""

    mode: str
    engine: str
    model_version: str
    manifest: str
    split: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result: `metrics` of the observations; `unreadable` names the unusable photos and masks."""

    subject: Subject
    observations: tuple[Observation, ...]
    unreadable: tuple[Unreadable, ...]
    metrics: Metrics

    @property
    def source_images(self) -> int:
        """Number of independent pictures that the photos were made from."""
        return len({each.row.source_image for each in self.observations})

    def as_json(self) -> str:
        """Return flat keys: the subject, then each metric as {"value", "low", "high", "n"} or null."""
        fields = {
            **asdict(self.subject),
            "photos": len(self.observations),
            "source_images": self.source_images,
            "unreadable": {"n": len(self.unreadable), "files": [asdict(each) for each in self.unreadable]},
            **{key: metric and metric.as_json() for key, metric in self.metrics.items()},
            "reliability": [asdict(each) for each in reliability(self.observations)],
        }
        return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def outcome_of(subject: Subject, outcomes: Iterable[Observation | Unreadable]) -> Outcome:
    """Return the evaluation of all observations; a photo without its mask still counts as a photo."""
    every = tuple(outcomes)
    observations = tuple(each for each in every if isinstance(each, Observation))
    masks = (each.unreadable_mask if isinstance(each, Observation) else each for each in every)
    return Outcome(
        subject=subject,
        observations=observations,
        unreadable=tuple(each for each in masks if each is not None),
        metrics=compute_metrics(observations, mode=subject.mode),
    )
