"""The words that both modes share, in English."""

from typing import Final

from dossiers.document.content import StatementOrigin
from dossiers.document.wording.forms import (
    CaptureWords,
    ClosingWords,
    CoverageWords,
    CoverWords,
    EvidenceWords,
    MarkWords,
    PointWords,
    StatementWords,
    SummaryWords,
    Words,
)
from inspections.retake_reasons import RetakeReason
from inspections.vocabulary import Angle, Antifouling, ConfidenceLevel, SignalDetected, Surface

WORDS: Final = Words(
    locale="en",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    date="{day} {month} {year}",
    time="{date}, {time} ({offset})",
    short_time="{day} {month:.3} {year}, {time}",
    decimal=".",
    minutes=("{count} minute", "{count} minutes"),
    hours=("{count} hour", "{count} hours"),
    days=("{count} day", "{count} days"),
    footer="Dossier {number} · {vessel} · {date}",
    page_of="Page {page} of {pages}",
    alt_chart="Chart. {description}",
    alt_chart_continued="The chart, continued.",
    cover=CoverWords(
        kind="Photographic dossier",
        unnamed="Unnamed vessel",
        prepared="Photographed by the owner. Prepared for a marine surveyor.",
        photo_count=("{count} photo", "{count} photos"),
        visit_count=("{count} visit", "{count} visits"),
        point_count=("{count} point", "{count} points"),
        contents="Contents",
        vessel="Vessel",
        as_noted="As noted by the owner",
        hull_material="Hull material",
        length="Length",
        metres="{number} m",
        built="Built",
        hull_id="Hull identification",
        home_port="Home port",
        not_noted="not noted",
        dossier="Dossier",
        date="Date of the document",
        verify="Scan to verify",
        no_survey="This is not a survey and makes no diagnosis.",
    ),
    marks=MarkWords(
        title="How to read this document",
        recorded="Recorded",
        recorded_means=(
            "Photos, times and file hashes as the server received them. The pictures are reduced copies; the originals "
            "are kept and are identified by their hashes."
        ),
        reading="Read by software",
        reading_means=(
            "What a model reads from the pixels of each photo. It can be wrong. Its words are its own and no grade of "
            "any standard."
        ),
        owner="Owner's words",
        owner_means="Vessel details, labels of points, notes and the statement, as the owner wrote them. Not checked.",
        band_means="Meaning",
        no_opinion="Nothing in this document is the opinion of a surveyor.",
    ),
    summary=SummaryWords(
        title="Summary",
        latest="Visit of {date}, the latest of {count}",
        only="Visit of {date}",
        place="Place",
        signal="Signs",
        confidence="Confidence",
        overall="Confidence of this reading: {level}.",
        page="Page",
        order="The clearest signs come first, here and throughout. Signs of low confidence follow surer ones.",
        guidance="Guidance shown to the owner",
        signals={
            SignalDetected.YES: "seen",
            SignalDetected.NO: "none seen",
            SignalDetected.INCONCLUSIVE: "inconclusive",
        },
        confidences={ConfidenceLevel.LOW: "low", ConfidenceLevel.MEDIUM: "medium", ConfidenceLevel.HIGH: "high"},
        unread="not read",
    ),
    statement=StatementWords(
        title="Statement of the owner",
        intro="Printed word for word. It was not checked against the photos.",
        origins={
            StatementOrigin.TYPED: "Typed by the owner.",
            StatementOrigin.TRANSCRIBED: (
                "Spoken by the owner, transcribed by software ({transcriber}) and approved by the owner."
            ),
            StatementOrigin.REFINED: "Reworded by software ({refiner}) and approved by the owner.",
        },
        none="The owner made no statement.",
    ),
    points=PointWords(
        title="Points, worst first",
        point="Point {index}",
        named="Point {index} ({label})",
        labelled="Point {index}: {label}",
        visit="Visit",
        photos_used="Photos",
        used_of="{used} of {all} used",
        doubts="Why inconclusive, {date}: {reasons}",
        caption="Photo {number} · {angle}",
        marked="Photo {number}, marked up",
        unmarked="Photo {number}, as read",
        taken="taken {time}",
        received="received {time}",
        alt="{angle} photo of {place}, {time}.",
        alt_marked="Copy of photo {number} with the marks of the software. {marks}",
        no_photo="No photo of this point is printed.",
        angles={Angle.WIDE: "Wide", Angle.MID: "Mid", Angle.CLOSE: "Close"},
        notes="Surveyor's notes",
    ),
    capture=CaptureWords(
        title="How the photos were taken",
        intro=(
            "Times of photos are those of the phone's own clock. What the owner noted about the hull was not checked. "
            "No position is recorded."
        ),
        visit_of="Visit of {date}",
        submitted="Submitted",
        analysed="Read by software",
        first_photo="First photo",
        last_photo="Last photo",
        hull_material="Hull material",
        surface="Surface",
        surfaces={Surface.WET: "wet", Surface.DRY: "dry"},
        antifouling="Antifouling",
        antifoulings={
            Antifouling.PRESENT: "present",
            Antifouling.REMOVED: "removed",
            Antifouling.UNKNOWN: "unknown",
        },
        region="Region of the hull",
        device="Device",
        system="System",
        app="App version",
        inspection="Inspection number",
        label="Label",
        item="Item",
    ),
    coverage=CoverageWords(
        title="Coverage and limitations",
        intro="Only the points named here were photographed. Nothing is said about the rest of the hull.",
        points_read="{read} of {all} points could be read.",
        photos_used="{used} of {all} photos were used.",
        not_read="Not read: {place}. {reasons}",
        left_out="Left out: {angle} photo of {place} ({reasons}).",
        absent="Not photographed on this visit: {places}.",
        complete="Every point photographed on any visit was photographed on this one.",
        reasons={
            RetakeReason.BLURRED: "blurred",
            RetakeReason.TOO_DARK: "too dark",
            RetakeReason.TOO_BRIGHT: "too bright",
            RetakeReason.TOO_SMALL: "too few pixels",
            RetakeReason.TOO_LARGE: "too large a file",
            RetakeReason.NOT_AN_IMAGE: "not a readable picture",
            RetakeReason.UNSUPPORTED_FORMAT: "a file format that is not read",
            RetakeReason.INCOMPLETE: "incomplete file",
            RetakeReason.MISSING: "never arrived",
            RetakeReason.CHECKSUM_MISMATCH: "not the file that was announced",
            RetakeReason.CHANGED_AFTER_SUBMISSION: "changed after submission",
        },
        other_reason="not usable",
        limits="Limitations",
    ),
    evidence=EvidenceWords(
        title="List of photos",
        intro=(
            "Every photo that was submitted, with the SHA-256 of the original file. The originals were frozen before "
            "they were read."
        ),
        copies="The pictures in this document are reduced copies without metadata.",
        more=(
            "{shown} of {used} used photos are printed, the newest visit first and in it the worst point first. The "
            "others are listed here."
        ),
        number="No.",
        photo="Photo",
        page="Page",
        not_used="left out: {reasons}",
        warnings={
            "small": "few pixels",
            "slightly_blurred": "slightly blurred",
            "too_far": "taken from far away",
            "same_as_other_angle": "the same picture as another one",
            "framed_differently": "framed unlike the visit before",
        },
        sha256="SHA-256 of the original",
        megabytes="{number} MB",
        kilobytes="{number} kB",
    ),
    closing=ClosingWords(
        models_title="Models and texts",
        models_intro="Each visit was read once, by the model named here. A later model does not change it.",
        visit="Visit",
        model="Model",
        policy="Capture policy",
        shown_text="Text shown to the owner, {date}",
        disclaimer_title="Disclaimer",
        disclaimer_version="Version {version}.",
        accepted="Version {version}, accepted by the owner on {date}.",
        in_language="In English, the language in which it was accepted.",
        verify_title="Verification",
        verify=(
            "Scan the code or open the address. The page says whether this document is valid, superseded by a newer "
            "one, or revoked."
        ),
        verify_hash="It also shows the date, the vessel and the SHA-256 to compare with that of this file.",
        qr_alt="QR code of the address {url}",
        format="Document format {version}",
    ),
)
