"""Worker side: write down what a recording says."""

import hashlib

import structlog

from accounts.identity.documents import STATEMENT_SENDING, has_agreed
from dossiers.document.fonts import without_undrawable
from dossiers.models import Recording
from dossiers.statement import registry
from dossiers.statement.audio import decode
from dossiers.statement.failures import LanguageUnsupported, NoSpeech, Refused, Unavailable, UnusableRecording
from dossiers.turns import claim_next
from dossiers.vocabulary import RecordingFailure, RecordingState
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing, ObjectTooLarge
from maretech.common.work.outages import postpone_in_an_outage

log = structlog.get_logger(__name__)


def transcribe_next() -> bool:
    """Transcribe the next recording in turn. Returns whether there was one. Safe to be killed at any line."""
    recording = claim_next(Recording, give_up=_give_up)
    if recording is None:
        return False
    with postpone_in_an_outage(lambda _: recording.postpone(), recording=str(recording.pk)):
        _transcribe(recording)
    return True


def _transcribe(recording: Recording) -> None:
    try:
        _write_down(recording)
    except ObjectMissing:
        _fail(recording, RecordingFailure.MISSING)
    except ObjectTooLarge:
        _fail(recording, RecordingFailure.CHECKSUM_MISMATCH)
    except UnusableRecording as refusal:
        _fail(recording, RecordingFailure(refusal.reason.value))
    except Unavailable as outage:
        log.warning("transcriber unavailable", recording=str(recording.pk), error=str(outage))
        recording.postpone()
    except Refused:
        log.exception("transcriber refuses", recording=str(recording.pk))
        _fail(recording, RecordingFailure.COULD_NOT_BE_TRANSCRIBED)


def _write_down(recording: Recording) -> None:
    """Transcribe by another service only if the owner agrees at this moment."""
    owner, language = recording.dossier.owner, recording.dossier.language
    transcriber = registry.transcriber(may_leave_server=has_agreed(owner, STATEMENT_SENDING))
    if language not in transcriber.languages:
        raise LanguageUnsupported
    audio = object_store().read(recording.uri, max_bytes=recording.byte_size)
    if hashlib.sha256(audio).hexdigest() != recording.sha256:
        _fail(recording, RecordingFailure.CHECKSUM_MISMATCH)
        return
    transcript = without_undrawable(transcriber.transcribe(decode(audio), language))
    if not transcript:
        raise NoSpeech
    recording.update_unless_changed(
        state=RecordingState.TRANSCRIBED,
        transcript=transcript,
        transcriber=transcriber.name,
        consent_version=STATEMENT_SENDING.version if transcriber.leaves_server else "",
    )


def _fail(recording: Recording, reason: RecordingFailure) -> None:
    recording.update_unless_changed(state=RecordingState.FAILED, failure_reason=reason)


def _give_up(recording: Recording) -> None:
    log.error("recording given up", recording=str(recording.pk), attempts=recording.attempts)
    _fail(recording, RecordingFailure.COULD_NOT_BE_TRANSCRIBED)
