"""Test which addresses count as push services, and which texts as a subscription's keys."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.models import Device
from accounts.notifications.push_services import (
    MAX_ENDPOINT_LENGTH,
    PUSH_SERVICES,
    decoded,
    encoded,
    is_auth_secret,
    is_point,
    is_push_endpoint,
)
from testing.fake_push import Browser

REAL = (
    "https://fcm.googleapis.com/fcm/send/dQw4w9WgXcQ:APA91bH_x-1",
    "https://fcm.googleapis.com/wp/dQw4w9WgXcQ:APA91bH_x-1",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABk_-x=",
    "https://web.push.apple.com/QGuQyavXutnMH",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAACwKh%2bQ",
)
ELSEWHERE = (
    "http://fcm.googleapis.com/fcm/send/x",
    "ftp://fcm.googleapis.com/x",
    "//fcm.googleapis.com/x",
    "fcm.googleapis.com/x",
    "https://fcm.googleapis.com",
    "https://fcm.googleapis.com/",
    "https://fcm.googleapis.com:443/x",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com./x",
    "https://FCM.googleapis.com/x",
    "https://user@fcm.googleapis.com/x",
    "https://fcm.googleapis.com@evil.example/x",
    "https://fcm.googleapis.com\\@evil.example/x",
    "https://evil.example\\.push.apple.com/x",
    "https://evil.example#.push.apple.com/x",
    "https://evil.example?.push.apple.com/x",
    "https://evil.example/.push.apple.com/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evilfcm.googleapis.com/x",
    "https://x.fcm.googleapis.com/x",
    "https://push.apple.com/x",
    "https://evilpush.apple.com/x",
    "https://.push.apple.com/x",
    "https://a..push.apple.com/x",
    "https://-.push.apple.com/x",
    "https://127.0.0.1/x",
    "https://2130706433/x",
    "https://0x7f.1/x",
    "https://[::1]/x",
    "https://localhost/x",
    "https://169.254.169.254/latest/meta-data",
    "https://fcm.googleapis.com/x y",
    "https://fcm.googleapis.com/x\n",
    "https://fcm.googleapis.com/x\r\nHost: evil.example",
    "https://fcm.googleapis.com/\x00",
    "https://fcm.googleapis.com/é",
    "https://fcm。googleapis.com/x",
    "https://ｆcm.googleapis.com/x",
    "https://fcm.gооgleapis.com/x",  # Cyrillic о
    "https://fcm.xn--ggleapis-s8jc.com/x",  # the same, as a resolver sees it
    "https://fcm.googleapis.com\u2024evil.example/x",
    "https://fcm%2egoogleapis.com/x",
    "https://fcm.googleapis.com%00.push.apple.com/x",
    "https://fcm.googleapis.com:/x",
    "https://fcm.googleapis.com:0443/x",
    "https://:pass@fcm.googleapis.com/x",
    "https://web.push.apple.com./x",
    "https://web.push.apple.com.:443/x",
    "https:///fcm.googleapis.com/x",
    "https:\\\\fcm.googleapis.com/x",
    "https://fcm.googleapis.com\t/x",
    "https://[fcm.googleapis.com]/x",
    "https://[::ffff:169.254.169.254]/x",
    "https://0177.0.0.1/x",
    "http://127.0.0.1:8123/x",
    "",
)
POINT = Browser("").subscription["keys"]["p256dh"]


@pytest.mark.parametrize("endpoint", REAL)
def test_the_browsers_services_are_on_the_list(endpoint: str) -> None:
    assert is_push_endpoint(endpoint, services=PUSH_SERVICES)


@pytest.mark.parametrize("endpoint", ELSEWHERE, ids=repr)
def test_every_other_address_is_refused(endpoint: str) -> None:
    assert not is_push_endpoint(endpoint, services=PUSH_SERVICES)


@pytest.mark.parametrize("services", [[], ["*"], ["*."], [""], ["googleapis.com"], ["*.fcm.googleapis.com"]])
def test_an_entry_names_one_host_or_the_hosts_below_a_domain(services: list[str]) -> None:
    assert not is_push_endpoint(REAL[0], services=services)


def test_a_number_is_no_host_even_when_it_is_listed() -> None:
    for number in ("10.0.0.7", "2130706433", "[::1]"):
        assert not is_push_endpoint(f"https://{number}/x", services=[number, f"*.{number}"])


def test_a_fake_service_is_on_this_machine_and_listed() -> None:
    listed = ["http://127.0.0.1:8123", "http://10.0.0.7:8123", "http://evil.example"]
    assert is_push_endpoint("http://127.0.0.1:8123/x", services=listed)
    for other in (
        "http://127.0.0.1:8124/x",
        "http://10.0.0.7:8123/x",
        "http://evil.example/x",
        "http://localhost:8123/x",
    ):
        assert not is_push_endpoint(other, services=listed)


def test_an_endpoint_has_a_greatest_length_which_fits_its_column() -> None:
    longest = REAL[0].ljust(MAX_ENDPOINT_LENGTH, "x")
    assert is_push_endpoint(longest, services=PUSH_SERVICES)
    assert not is_push_endpoint(f"{longest}x", services=PUSH_SERVICES)
    assert Device._meta.get_field("endpoint").max_length == MAX_ENDPOINT_LENGTH


def test_a_point_is_65_bytes_on_the_curve() -> None:
    raw = decoded(POINT)
    other_curve = ec.generate_private_key(ec.SECP256K1()).public_key()
    assert is_point(POINT)
    assert is_point(f"{POINT}=")
    for wrong in (
        encoded(raw[:-1]),
        encoded(raw + b"\x00"),
        encoded(b"\x04" + bytes(64)),
        encoded(b"\x04" + b"\xff" * 64),
        encoded(bytes([2]) + raw[1:33]),
        encoded(other_curve.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
        POINT.replace(POINT[10], "+"),
        "",
    ):
        assert not is_point(wrong), wrong


def test_an_auth_secret_is_16_bytes() -> None:
    assert is_auth_secret("BTBZMqHH6r4Tts7J_aSIgg")
    assert is_auth_secret("BTBZMqHH6r4Tts7J_aSIgg==")
    for wrong in ("", "BTBZMqHH6r4Tts7J_aSI", "BTBZMqHH6r4Tts7J/aSIgg", "BTBZMqHH6r4Tts7J_aSIggA", "=", "A"):
        assert not is_auth_secret(wrong), wrong
