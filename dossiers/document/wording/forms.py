"""The form of the words of a document. A language fills every field, so none can be forgotten. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass

from dossiers.document.content import StatementOrigin
from inspections.vocabulary import Angle, Antifouling, ConfidenceLevel, SignalDetected, Surface

# Sentences for one and for several; the first is used for a count of 1.
Plural = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverWords:
    kind: str
    unnamed: str
    prepared: str
    photo_count: Plural
    visit_count: Plural
    point_count: Plural
    contents: str
    vessel: str
    as_noted: str
    hull_material: str
    length: str
    metres: str
    built: str
    hull_id: str
    home_port: str
    not_noted: str
    dossier: str
    date: str
    verify: str
    no_survey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkWords:
    """The three kinds of text, kept apart on every page: what was recorded, read by software, and said by the owner."""

    title: str
    recorded: str
    recorded_means: str
    reading: str
    reading_means: str
    owner: str
    owner_means: str
    band_means: str
    no_opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryWords:
    title: str
    latest: str
    only: str
    place: str
    signal: str
    confidence: str
    overall: str
    page: str
    order: str
    guidance: str
    signals: Mapping[SignalDetected, str]
    confidences: Mapping[ConfidenceLevel, str]
    unread: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementWords:
    title: str
    intro: str
    origins: Mapping[StatementOrigin, str]
    none: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointWords:
    title: str
    point: str
    named: str
    labelled: str
    visit: str
    photos_used: str
    used_of: str
    doubts: str
    caption: str
    marked: str
    unmarked: str
    taken: str
    received: str
    alt: str
    alt_marked: str
    no_photo: str
    angles: Mapping[Angle, str]
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureWords:
    title: str
    intro: str
    visit_of: str
    submitted: str
    analysed: str
    first_photo: str
    last_photo: str
    hull_material: str
    surface: str
    surfaces: Mapping[Surface, str]
    antifouling: str
    antifoulings: Mapping[Antifouling, str]
    region: str
    device: str
    system: str
    app: str
    inspection: str
    label: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageWords:
    title: str
    intro: str
    points_read: str
    photos_used: str
    not_read: str
    left_out: str
    absent: str
    complete: str
    reasons: Mapping[str, str]
    other_reason: str
    limits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceWords:
    title: str
    intro: str
    copies: str
    more: str
    number: str
    photo: str
    page: str
    not_used: str
    warnings: Mapping[str, str]
    sha256: str
    megabytes: str
    kilobytes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingWords:
    models_title: str
    models_intro: str
    visit: str
    model: str
    policy: str
    shown_text: str
    disclaimer_title: str
    disclaimer_version: str
    accepted: str
    in_language: str
    verify_title: str
    verify: str
    verify_hash: str
    qr_alt: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words that both modes share, in one language."""

    locale: str
    months: tuple[str, ...]
    date: str
    time: str
    short_time: str
    decimal: str
    minutes: Plural
    hours: Plural
    days: Plural
    footer: str
    page_of: str
    alt_chart: str
    alt_chart_continued: str
    cover: CoverWords
    marks: MarkWords
    summary: SummaryWords
    statement: StatementWords
    points: PointWords
    capture: CaptureWords
    coverage: CoverageWords
    evidence: EvidenceWords
    closing: ClosingWords


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseWords:
    """The words of a mode that follows a hull over time."""

    title: str
    intro: str
    chart: str
    changes_title: str
    point: str
    between: str
    change: str
    trends: Mapping[str, str]
    no_trend: str
    reasons: Mapping[str, str]
    limits: str
    work_title: str
    day: str
    kind: str
    where: str
    note: str
    kinds: Mapping[str, str]
    whole_vessel: str
    no_work: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeWords:
    """The words of one mode in one language. `bands` also explains them; `guidance` is in the order of the tokens."""

    title: str
    band: str
    bands: Mapping[str, str]
    band_means: Mapping[str, str]
    bands_note: str
    signs: Mapping[str, str]
    no_signs: str
    uncertain: str
    unreadable: str
    worst: str
    doubts: Mapping[str, str]
    guidance: Mapping[str, str]
    marks: str
    no_marks: str
    hull_materials: Mapping[str, str]
    hauled_out: str
    ashore: str
    time_ashore: str
    time_ashore_unknown: str
    limits: tuple[str, ...]
    course: CourseWords | None
