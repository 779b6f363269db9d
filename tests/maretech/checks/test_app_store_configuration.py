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


def test_set_up_completely_it_starts(set_up):
    checks.refuse_dangerous_start()


def test_the_key_may_have_its_ends_of_lines_escaped(tmp_path):
    show = "from maretech import settings; print(settings.APP_STORE_PRIVATE_KEY)"
    shown = python("-c", show, var_dir=tmp_path, APP_STORE_PRIVATE_KEY=r"-----BEGIN\nMIGT\n-----END")
    assert shown.stdout.splitlines() == ["-----BEGIN", "MIGT", "-----END"], shown.stderr


@pytest.mark.parametrize("name", ["APPLE_ID", "ISSUER_ID", "KEY_ID", "PRIVATE_KEY", "ROOTS_DIR"])
def test_set_up_in_part_it_is_refused(set_up, name: str):
    setattr(set_up, f"APP_STORE_{name}", 0 if name == "APPLE_ID" else "")
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E022"]
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E022"):
        checks.refuse_dangerous_start()


def test_a_folder_without_a_root_is_refused(set_up, tmp_path):
    (tmp_path / "Root.cer").rename(tmp_path / "Root.txt")
    assert [found.id for found in checks.production_is_safe()] == ["maretech.E022"]


@pytest.mark.parametrize("production", [True, False], ids=["production", "development"])
@pytest.mark.parametrize("word", ["Xcode", "xcode", "LocalTesting", "Sandbox", "prod", ""])
def test_another_environment_is_refused_everywhere(settings, word: str, production):
    settings.PRODUCTION, settings.ENVIRONMENT = production, "production" if production else "development"
    settings.APP_STORE_ENVIRONMENT = word
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E023"):
        checks.refuse_dangerous_start()


@pytest.mark.parametrize("key", ["x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_is_none_is_found_at_the_start(set_up, key: str):
    set_up.APP_STORE_PRIVATE_KEY = key
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E024"):
        checks.refuse_dangerous_start()


def test_a_root_that_is_none_is_found_at_the_start(set_up, tmp_path):
    (tmp_path / "Other.cer").write_bytes(b"<html>")
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E024"):
        checks.refuse_dangerous_start()


def test_the_sandbox_may_be_tried_in_development_and_the_true_store_is_refused(set_up):
    set_up.PRODUCTION, set_up.ENVIRONMENT, set_up.ALLOW_REMOTE_SERVICES = False, "development", True
    set_up.STRIPE_SECRET_KEY, set_up.APP_STORE_ENVIRONMENT = "", "sandbox"
    checks.refuse_dangerous_start()
    set_up.APP_STORE_ENVIRONMENT = "production"
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E060: APP_STORE_ENVIRONMENT"):
        checks.refuse_dangerous_start()


@pytest.mark.parametrize(
    "text", ["", "nobody", "Everyone", "someone@example.org", "5f0c2c5e-6a0b-4f0e-9b55-0c8a3e1d2f4b,"]
)
def test_who_may_buy_in_the_sandbox_is_everyone_nobody_or_named(set_up, text):
    set_up.APP_STORE_SANDBOX = text
    with pytest.raises(ImproperlyConfigured, match=r"maretech\.E025"):
        checks.refuse_dangerous_start()


@pytest.mark.parametrize("text", ["everyone", "off", "5f0c2c5e-6a0b-4f0e-9b55-0c8a3e1d2f4b"])
def test_production_grants_tests_which_are_no_money(set_up, text):
    set_up.APP_STORE_SANDBOX, set_up.PLAY_ALLOW_TEST_PURCHASES = text, True
    assert checks.production_is_safe() == []
    checks.refuse_dangerous_start()
