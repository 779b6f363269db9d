"""Test the encryption against the example that RFC 8291 prints (section 5 and appendix A)."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from accounts.notifications.push_services import decoded, encoded
from notifications.channels.vapid import private_key_of, public_key_of
from notifications.channels.web_push_encryption import MAX_PLAINTEXT_BYTES, encrypt
from testing.fake_push.browser import decrypt

PLAINTEXT = b"When I grow up, I want to be a watermelon"
SALT = decoded("DGv6ra1nlYgDCS1FRnbzlw")
AUTH = decoded("BTBZMqHH6r4Tts7J_aSIgg")
SENDER = private_key_of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
BROWSER = private_key_of("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_keys_are_those_of_the_example():
    assert public_key_of(BROWSER) == (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    )


def test_the_body_is_that_of_the_example_to_the_byte():
    body = encrypt(PLAINTEXT, p256dh=decoded(public_key_of(BROWSER)), auth=AUTH, salt=SALT, sender_key=SENDER)
    assert encoded(body) == BODY


def test_the_fake_browser_reads_the_example():
    assert decrypt(decoded(BODY), key=BROWSER, auth=AUTH) == PLAINTEXT


def test_a_text_of_any_length_is_read_back():
    point = decoded(public_key_of(BROWSER))
    for length in (0, 1, 15, 16, 17, MAX_PLAINTEXT_BYTES):
        body = encrypt(b"\x02" * length, p256dh=point, auth=AUTH)
        assert len(body) == 86 + length + 1 + 16 <= 4096
        assert decrypt(body, key=BROWSER, auth=AUTH) == b"\x02" * length
    with pytest.raises(ValueError, match="too long"):
        encrypt(b"x" * (MAX_PLAINTEXT_BYTES + 1), p256dh=point, auth=AUTH)


@pytest.mark.parametrize("point", [b"", b"\x04" + b"\x01" * 64, b"\x04" * 65, b"\x00"])
def test_a_point_off_the_curve_is_refused(point):
    """A point of another curve would give away the sender's key."""
    with pytest.raises(ValueError):
        encrypt(b"x", p256dh=point, auth=AUTH)


def test_another_curve_is_refused():
    other = ec.generate_private_key(ec.SECP384R1())
    with pytest.raises(ValueError):
        encrypt(b"x", p256dh=decoded(public_key_of(other)), auth=AUTH)
