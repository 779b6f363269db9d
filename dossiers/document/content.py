"""Everything a dossier prints, as frozen data: vessel, visits, photos, statement, disclaimer. Plain Python.

Words are tokens (`trace`, `blurred`, `monitor`); the wording of the language turns them into sentences. Two contents
that are equal make the same bytes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from inspections.vocabulary import ConfidenceLevel, Mode, SignalDetected
from maretech.common.vocabulary import Vocabulary

MAX_PHOTOS: Final = 60
MAX_VISITS: Final = 10


class Language(Vocabulary):
    EN = "en", "English"
    DE = "de", "German"


class Paper(Vocabulary):
    A4 = "a4", "A4"
    LETTER = "us-letter", "US Letter"


class StatementOrigin(Vocabulary):
    """How the owner's statement came into being. The owner accepted the text in all cases."""

    TYPED = "typed"
    TRANSCRIBED = "transcribed"
    REFINED = "refined"


@dataclass(frozen=True, slots=True, kw_only=True)
class VesselFacts:
    """The vessel by the owner's own details; empty and None for what was not given."""

    name: str
    hull_material: str = ""
    length_m: float | None = None
    built_year: int | None = None
    hull_id: str = ""
    home_port: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The display copy of a photo (JPEG), and the marked-up copy of it (PNG or JPEG) if the engine made one."""

    view: bytes
    overlay: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFacts:
    """One photo as it was submitted. `sha256` is that of the original file, `taken_at` the phone's own time.

    `reasons` are the tokens for which the photo was left out; a used photo has none. `pictures` are None for a photo
    that is listed without being shown.
    """

    asset_id: UUID
    angle: str
    sha256: str
    used: bool
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    taken_at: datetime | None = None
    received_at: datetime | None = None
    content_type: str = ""
    byte_size: int | None = None
    device_model: str = ""
    os: str = ""
    app_version: str = ""
    pictures: Pictures | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFacts:
    """One point at one visit: what its photos show, and the photos in capture order.

    `band` is a token of the mode. `doubts` are the quality flags that made the point inconclusive.
    """

    point_index: int
    label: str
    band: str
    signal_detected: SignalDetected
    photos: tuple[PhotoFacts, ...]
    confidence_level: ConfidenceLevel | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureFacts:
    """What the owner noted about the hull at a visit; empty for what was not noted."""

    hull_material: str = ""
    surface: str = ""
    antifouling: str = ""
    region_text: str = ""
    hauled_out_at: datetime | None = None
    hours_ashore: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One completed inspection with its result. `explanation` and `disclaimer` are the texts the owner was shown."""

    inspection_id: UUID
    submitted_at: datetime
    completed_at: datetime
    signal_detected: SignalDetected
    confidence_level: ConfidenceLevel
    guidance: tuple[str, ...]
    explanation: str
    disclaimer: str
    model_version: str
    policy_version: int
    points: tuple[PointFacts, ...]
    context: CaptureFacts = CaptureFacts()
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Work on the vessel that the owner noted. `points` are indices; empty: the whole vessel."""

    kind: str
    performed_on: date
    points: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The comparison of a point with the visit before; `trend` is None where no comparison was possible."""

    point_index: int
    label: str
    from_at: datetime
    to_at: datetime
    trend: str | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The course of a vessel over its visits, for the mode that has one. `svg` describes itself in its `desc`."""

    svg: str
    changes: tuple[Change, ...] = ()
    works: tuple[Work, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The owner's statement, word for word. `transcriber` and `refiner` name the engines that took part."""

    text: str
    origin: StatementOrigin = StatementOrigin.TYPED
    transcriber: str = ""
    refiner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclaimer:
    """The general disclaimer in the version that the owner accepted. `language` is that of the text."""

    version: str
    text: str
    accepted_at: datetime | None = None
    language: Language = Language.EN


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierContent:
    """A dossier as a whole.

    `created_at` is the date of the document and of the PDF. `time_zone` (IANA) is the one that times are printed in.
    `verification_url` is printed, and drawn as a QR code. `timeline` is None in a mode that has none.
    """

    dossier_id: UUID
    mode: Mode
    language: Language
    paper: Paper
    created_at: datetime
    vessel: VesselFacts
    visits: tuple[Visit, ...]
    disclaimer: Disclaimer
    verification_url: str
    statement: Statement | None = None
    timeline: Timeline | None = None
    time_zone: str = "UTC"
