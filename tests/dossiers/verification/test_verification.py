"""Test the code printed on a dossier: what it answers, online and offline, and the rotation of keys."""

import base64
import hashlib
import struct
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.core.management import call_command
from django.utils import timezone

from dossiers.lifecycle.rendering import render_next
from dossiers.models import Dossier
from dossiers.verification.keys import encoded
from dossiers.verification.tokens import Claims, digest_of, read, sign
from testing.dossiers import draft_of, final_of
from testing.phone import caller

pytestmark = pytest.mark.django_db


def verified(token: str) -> dict:
    answer = caller().get(f"/v1/verify/{token}")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    return answer.json()


def a_key() -> str:
    return encoded(Ed25519PrivateKey.generate().private_bytes_raw())


def public_of(private: str) -> str:
    raw = base64.urlsafe_b64decode(private + "=")
    return encoded(Ed25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw())


def test_a_valid_dossier_answers_with_what_is_printed_on_it(owner):
    final = final_of(owner, vessel_name="Tern")
    assert verified(final.token) == {
        "result": "VALID",
        "dated_at": final.dated_at.isoformat().replace("+00:00", "Z"),
        "vessel_name": "Tern",
        "sha256": final.pdf_sha256,
    }


def test_a_superseded_and_a_revoked_one_say_so(phone, owner):
    older = final_of(owner)
    newer = final_of(owner, superseded_by=older.pk)
    Dossier.objects.filter(pk=older.pk).update(superseded_by=newer)
    assert verified(older.token)["result"] == "SUPERSEDED"
    phone.delete(f"/dossiers/{older.pk}")
    body = verified(older.token)
    assert (body["result"], body["sha256"]) == ("REVOKED", older.pdf_sha256)


def test_one_of_an_erased_account_is_revoked_and_its_details_are_gone(owner):
    token = final_of(owner).token
    Dossier.objects.all().delete()
    body = verified(token)
    assert (body["result"], body["vessel_name"], body["sha256"]) == ("REVOKED", None, None)


def forgeries(token: str) -> dict[str, str]:
    raw = base64.urlsafe_b64decode(token + "==")
    other = Ed25519PrivateKey.generate()
    return {
        "cut": token[:-1],
        "longer": token + "A",
        "padded": token + "==",
        "other case": token.swapcase(),
        "one byte of the id": encoded(raw[:6] + bytes([raw[6] ^ 1]) + raw[7:]),
        "one byte of the date": encoded(raw[:22] + bytes([raw[22] ^ 1]) + raw[23:]),
        "one byte of the digest": encoded(raw[:30] + bytes([raw[30] ^ 1]) + raw[31:]),
        "one byte of the signature": encoded(raw[:-1] + bytes([raw[-1] ^ 1])),
        "another version": encoded(b"\2" + raw[1:]),
        "another key": encoded(raw[:-64] + other.sign(raw[:-64])),
        "rubbish": "no-such-code",
        "empty bytes": "%00",
        "long": "A" * 5000,
        "beyond ASCII": "é" * 146,
    }


def test_a_forged_or_cut_code_is_not_found(owner):
    token = final_of(owner).token
    wrong = {kind: forged for kind, forged in forgeries(token).items() if verified(forged)["result"] != "NOT_FOUND"}
    assert wrong == {}
    assert verified(token)["result"] == "VALID"


def test_a_genuine_code_of_an_attempt_that_was_never_handed_out_is_not_found(owner):
    draft = draft_of(owner)
    claims = Claims(dossier_id=draft.pk, dated_at=timezone.now(), digest=bytes(20))
    assert verified(sign(claims))["result"] == "NOT_FOUND"


def test_the_same_claims_make_the_same_code():
    claims = Claims(dossier_id=uuid4(), dated_at=timezone.now().replace(microsecond=0), digest=bytes(range(20)))
    assert sign(claims) == sign(claims)
    assert read(sign(claims)) == claims


def test_a_code_can_be_checked_offline_with_the_published_keys_and_the_document(phone, owner, renderer):
    dossier = draft_of(owner)
    phone.post(f"/dossiers/{dossier.pk}/finalise")
    render_next()
    body = phone.get(f"/dossiers/{dossier.pk}").json()
    raw = base64.urlsafe_b64decode(body["verify_url"].rpartition("/")[2] + "==")
    signed, signature = raw[:45], raw[45:]
    version, key_id, dossier_id, _, digest = struct.unpack(">B4s16sI20s", signed)
    (key,) = (each for each in caller().get("/v1/verify/keys").json()["keys"] if each["kid"] == key_id.hex())
    Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "=")).verify(signature, signed)
    assert (version, dossier_id) == (1, dossier.pk.bytes)
    lines = [body["vessel_label"], *sorted(photo["sha256"] for photo in body["photos"])]
    assert digest == hashlib.sha256("\n".join(lines).encode()).digest()[:20]


def test_the_digest_depends_on_vessel_and_photos_and_not_on_their_order():
    first = digest_of(vessel_name="Tern", photo_hashes=["a", "b"])
    assert first == digest_of(vessel_name="Tern", photo_hashes=["b", "a"])
    assert first != digest_of(vessel_name="Gannet", photo_hashes=["a", "b"])
    assert first != digest_of(vessel_name="Tern", photo_hashes=["a"])


def test_a_retired_key_verifies_and_signs_no_more(owner, settings):
    settings.DOSSIER_SIGNING_KEY = old = a_key()
    token = final_of(owner).token
    settings.DOSSIER_SIGNING_KEY = a_key()
    assert verified(token)["result"] == "NOT_FOUND"
    settings.DOSSIER_RETIRED_KEYS = [public_of(old)]
    assert verified(token)["result"] == "VALID"
    keys = caller().get("/v1/verify/keys").json()["keys"]
    assert [key["x"] for key in keys] == [public_of(settings.DOSSIER_SIGNING_KEY), public_of(old)]


def test_the_command_prints_the_settings_of_a_rotation(owner, settings, capsys):
    token = final_of(owner).token
    call_command("make_dossier_key")
    printed = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines() if not line.startswith("#"))
    settings.DOSSIER_SIGNING_KEY = printed["DOSSIER_SIGNING_KEY"]
    settings.DOSSIER_RETIRED_KEYS = printed["DOSSIER_RETIRED_KEYS"].split(",")
    assert verified(token)["result"] == "VALID"
    assert read(sign(Claims(dossier_id=uuid4(), dated_at=timezone.now(), digest=bytes(20))))


@pytest.mark.parametrize(("language", "title"), [("en", "Genuine and valid"), ("de", "Echt und gültig")])
def test_a_browser_gets_a_page_in_the_language_of_the_document(language, title, owner):
    final = final_of(owner, language=language, vessel_name="Tern")
    page = caller().get(f"/v1/verify/{final.token}", HTTP_ACCEPT="text/html,application/xhtml+xml")
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert page["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    text = page.content.decode()
    assert title in text
    assert final.pdf_sha256 in text
    assert owner.email not in text


def test_a_browser_gets_a_page_for_a_forged_code_in_its_own_language():
    page = caller().get("/v1/verify/forged", HTTP_ACCEPT="text/html", HTTP_ACCEPT_LANGUAGE="de-DE,de;q=0.9")
    assert (page.status_code, "Nicht echt" in page.content.decode()) == (200, True)
