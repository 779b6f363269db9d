"""Test that the longest recording can be written down on a slow machine, by one worker at a time."""

from datetime import timedelta

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings as configured
from django.utils import timezone

from dossiers.models import Recording
from dossiers.recordings import transcription
from dossiers.recordings.transcription import transcribe_next
from dossiers.vocabulary import RecordingState
from maretech.celery import app
from testing.dossiers import draft_of

# Measured: five minutes of speech, the embedded engine, one core.
LONGEST_MEASURED_SECONDS = 240
TASK = "dossiers.tasks.transcribe_recording"


def test_the_limits_leave_the_longest_recording_twice_its_time():
    task = app.tasks[TASK]
    assert task.soft_time_limit > 2 * LONGEST_MEASURED_SECONDS
    assert task.time_limit > task.soft_time_limit > configured.CELERY_TASK_TIME_LIMIT


def test_the_limits_end_before_the_next_attempt_and_before_the_broker_sends_again():
    limit = app.tasks[TASK].time_limit
    assert timedelta(seconds=limit) < Recording.retry.first
    assert limit < 600


@pytest.mark.django_db
def test_no_worker_begins_again_beside_an_attempt_that_takes_its_whole_time(owner, monkeypatch):
    recording = Recording.objects.create(
        dossier=draft_of(owner),
        uri="dossiers/a-recording",
        content_type="audio/ogg",
        byte_size=9,
        sha256="0" * 64,
        state=RecordingState.UPLOADED,
        uploaded_at=timezone.now(),
    )
    others = []

    def listen(_):
        monkeypatch.setattr(transcription, "_write_down", others.append)
        with time_machine.travel(timezone.now() + timedelta(seconds=app.tasks[TASK].time_limit)):
            assert not transcribe_next()
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(transcription, "_write_down", listen)
    with pytest.raises(SoftTimeLimitExceeded):
        transcribe_next()
    with time_machine.travel(timezone.now() + Recording.retry.first + timedelta(seconds=1)):
        assert transcribe_next()
    assert others == [recording]
    recording.refresh_from_db()
    assert (recording.attempts, recording.state) == (2, RecordingState.UPLOADED)
