"""Test the whole way of a dossier with the real typesetter, from the photos to the page of a share."""

import hashlib
from urllib.parse import urlsplit

import pytest

from dossiers.lifecycle.rendering import render_next
from dossiers.models import Dossier
from maretech.common.storage import object_store
from testing.phone import caller
from tests.dossiers.document.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("mode", "language"), [("corrosion", "en"), ("osmosis", "de")])
def test_photos_become_a_pdf_that_its_recipient_reads_and_verifies(mode, language, phone):
    inspection_id = phone.complete(mode, vessel_label="Tern")
    opened = phone.send("/dossiers", {"inspection_ids": [inspection_id], "statement": "In May.", "language": language})
    phone.send(f"/dossiers/{opened['dossier_id']}/finalise")
    assert render_next()
    final = phone.fetch(f"/dossiers/{opened['dossier_id']}")
    assert (final["status"], final["reason"]) == ("final", None)
    share = phone.send(f"/dossiers/{opened['dossier_id']}/shares", {"expires_in_days": 7})
    pdf = caller().get(f"{urlsplit(share['url']).path}/dossier.pdf").content
    assert pdf.startswith(b"%PDF-")
    assert hashlib.sha256(pdf).hexdigest() == final["pdf"]["sha256"]
    verified = caller().get(urlsplit(final["verify_url"]).path).json()
    assert (verified["result"], verified["vessel_name"]) == ("VALID", "Tern")
    assert verified["sha256"] == final["pdf"]["sha256"]


def test_a_name_that_no_font_draws_is_printed_and_verified_with_a_sign_in_its_place(phone):
    inspection_id = phone.complete("corrosion", vessel_label="Tern \u16a0", label="\U00013000 Spring")
    opened = phone.send("/dossiers", {"inspection_ids": [inspection_id]})
    phone.send(f"/dossiers/{opened['dossier_id']}/finalise")
    assert render_next()
    final = phone.fetch(f"/dossiers/{opened['dossier_id']}")
    assert (final["status"], final["reason"]) == ("final", None)
    verified = caller().get(urlsplit(final["verify_url"]).path).json()
    assert (verified["result"], verified["vessel_name"]) == ("VALID", "Tern \ufffd")
    dossier = Dossier.objects.get()
    text = text_of(object_store().read(dossier.pdf_uri, max_bytes=10**8))
    assert "Tern \ufffd" in text
    assert "\ufffd Spring" in text
