"""Test that the App Store is configured completely or not at all, and only for Apple's two environments."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from maretech import checks
from testing.fake_stores.app_store import APPLE_ID, BUNDLE_ID, ISSUER_ID, KEY_ID, FakeAppStore
from tests.maretech.checks.test_configuration import SAFE, python


@pytest.fixture
def set_up(settings, tmp_path):
    """Return a production with a valid App Store configuration."""
    with FakeAppStore() as apple:
        (tmp_path / "Root.cer").write_bytes(apple.authority.root.der)
        app_store = {
            "APP_STORE_BUNDLE_ID": BUNDLE_ID,
            "APP_STORE_APPLE_ID": APPLE_ID,
            "APP_STORE_ISSUER_ID": ISSUER_ID,
            "APP_STORE_KEY_ID": KEY_ID,
            "APP_STORE_PRIVATE_KEY": apple.api_key_pem,
            "APP_STORE_ROOTS_DIR": str(tmp_path),
        }
    for name, value in (SAFE | app_store).items():
        setattr(settings, name, value)
    return settings


def test_a_complete_configuration_starts(set_up):
    checks.refuse_dangerous_start()


def test_the_key_can_have_escaped_line_ends(tmp_path):
    show = "from maretech import settings; print(settings.APP_STORE_PRIVATE_KEY)"
    shown = python("-c", show, var_dir=tmp_path, APP_STORE_PRIVATE_KEY=r"-----BEGIN\nMIGT\n-----END")
    assert shown.stdout.splitlines() == ["-----BEGIN", "MIGT", "-----END"], shown.stderr


@pytest.mark.parametrize("name", ["APPLE_ID", "ISSUER_ID", "KEY_ID", "PRIVATE_KEY", "ROOTS_DIR"])
def test_a_partial_configuration_is_refused(set_up, name: str):
    setattr(set_up, f"APP_STORE_{name}", 0 if name == "APPLE_ID" else "")
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E022"]
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E022"):
        checks.refuse_dangerous_start()


def test_a_folder_without_a_root_is_refused(set_up, tmp_path):
    (tmp_path / "Root.cer").rename(tmp_path / "Root.txt")
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E022"]


@pytest.mark.parametrize("production", [True, False], ids=["production", "development"])
@pytest.mark.parametrize("word", ["Xcode", "xcode", "LocalTesting", "Sandbox", "prod", ""])
def test_an_unknown_environment_is_refused_everywhere(settings, word: str, production):
    settings.PRODUCTION, settings.ENVIRONMENT = production, "production" if production else "development"
    settings.APP_STORE_ENVIRONMENT = word
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E023"):
        checks.refuse_dangerous_start()


@pytest.mark.parametrize("key", ["x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_an_invalid_key_is_refused_at_the_start(set_up, key: str):
    set_up.APP_STORE_PRIVATE_KEY = key
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E024"):
        checks.refuse_dangerous_start()


def test_an_invalid_root_is_refused_at_the_start(set_up, tmp_path):
    (tmp_path / "Other.cer").write_bytes(b"<html>")
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E024"):
        checks.refuse_dangerous_start()


def test_development_can_use_the_sandbox_and_not_the_real_store(set_up):
    set_up.PRODUCTION, set_up.ENVIRONMENT, set_up.ALLOW_REMOTE_SERVICES = False, "development", True
    set_up.STRIPE_SECRET_KEY, set_up.APP_STORE_ENVIRONMENT = "", "sandbox"
    checks.refuse_dangerous_start()
    set_up.APP_STORE_ENVIRONMENT = "production"
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E060: APP_STORE_ENVIRONMENT"):
        checks.refuse_dangerous_start()


@pytest.mark.parametrize(
    "text", ["", "nobody", "Everyone", "someone@example.org", "5f0c2c5e-6a0b-4f0e-9b55-0c8a3e1d2f4b,"]
)
def test_an_invalid_list_of_sandbox_buyers_is_refused(set_up, text):
    set_up.APP_STORE_SANDBOX = text
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E025"):
        checks.refuse_dangerous_start()


@pytest.mark.parametrize("text", ["everyone", "off", "5f0c2c5e-6a0b-4f0e-9b55-0c8a3e1d2f4b"])
def test_production_can_grant_test_purchases(set_up, text):
    set_up.APP_STORE_SANDBOX, set_up.PLAY_ALLOW_TEST_PURCHASES = text, True
    assert checks.production_is_safe() == []
    checks.refuse_dangerous_start()
