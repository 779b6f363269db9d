"""Test that the same content makes the same bytes, in another process and another time zone too."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from dossiers.document.render import render_pdf
from testing.samples.sample_dossiers import FIRST_VISIT, sample_dossier
from tests.dossiers.document.reading import pdf_of

IN_ANOTHER_PROCESS = """
import hashlib
from dossiers.document.content import Language
from dossiers.document.render import render_pdf
from inspections.vocabulary import Mode
from testing.samples.sample_dossiers import sample_dossier
content = sample_dossier(mode=Mode("{mode}"), language=Language("de"), visits=2)
print(hashlib.sha256(render_pdf(content)).hexdigest())
"""


@pytest.mark.parametrize("mode", ["corrosion", "osmosis"])
def test_two_processes_make_the_same_bytes(mode):
    elsewhere = os.environ | {
        "PYTHONHASHSEED": "7",
        "TZ": "Pacific/Auckland",
        "LANG": "de_DE.UTF-8",
    }
    made = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS.format(mode=mode)],
        env=elsewhere,
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.strip() == hashlib.sha256(pdf_of(mode, "de", visits=2)).hexdigest()


def test_another_content_makes_other_bytes():
    """The control of the test above."""
    content = sample_dossier(points=1)
    made = render_pdf(content)
    assert render_pdf(content) == made
    for other in (
        replace(content, created_at=content.created_at + timedelta(seconds=1)),
        replace(content, vessel=replace(content.vessel, name="Terns")),
        replace(content, verification_url=f"{content.verification_url}A"),
    ):
        assert render_pdf(other) != made


def test_the_date_of_the_file_is_that_of_the_content():
    created = PdfReader(BytesIO(pdf_of())).metadata.creation_date
    assert created == sample_dossier().created_at
    assert created > FIRST_VISIT
