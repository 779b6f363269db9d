"""Test that every kind has words in every language, without a word of the other mode, and is in the docs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template
from django.utils import timezone

from accounts.notifications.port import MessageKind
from inspections.vocabulary import Mode
from notifications.catalogue.kinds import KINDS, MODES, Kind
from notifications.channels import fcm, web_push
from notifications.channels.email import mail_of
from notifications.channels.ports import Envelope
from notifications.vocabulary import Channel, KindName, Locale, OutsideMailKind
from notifications.wording import template_name, words_of
from testing.fake_push import Browser
from tests.contract.test_mode_isolation import DIAGNOSIS, OTHER, says

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "notifications" / "templates" / "notifications"
WIRED = [kind for kind in KINDS.values() if kind.is_wired]
WORDED = [(kind, variant, locale) for kind in WIRED for variant in kind.variants or ("",) for locale in Locale]
GERMAN = {"corrosion": r"korrosion\w*|rost\w*", "osmosis": r"osmose\w*|gelcoat\w*|blasen\w*"}


def ids_of(kind: Kind) -> dict[str, str]:
    return {name: f"<{name}>" for name in kind.data}


def text_of(kind: Kind, variant: str, locale: str) -> str:
    words = words_of(kind, variant=variant, locale=locale, data=ids_of(kind))
    return f"{words.title}\n{words.body}"


@pytest.mark.parametrize(("kind", "variant", "locale"), WORDED)
def test_every_kind_has_a_title_and_a_body_in_every_language(kind: Kind, variant: str, locale: str) -> None:
    words = words_of(kind, variant=variant, locale=locale, data=ids_of(kind))
    assert 0 < len(words.title) <= 200
    assert words.body
    assert "\n" not in words.title
    assert "{" not in words.title + words.body


def test_no_template_is_unused() -> None:
    expected = {template_name(kind, variant=variant, locale=locale) for kind, variant, locale in WORDED}
    frames = {f"notifications/{locale}/mail.{end}" for locale in Locale for end in ("txt", "html")}
    account_mails = {f"notifications/en/account_mails/{kind}.txt" for kind in MessageKind}
    outside = {f"notifications/{locale}/outside_mails/{kind}.txt" for locale in Locale for kind in OutsideMailKind}
    found = {f"notifications/{path.relative_to(TEMPLATES)}" for path in TEMPLATES.rglob("*.*")}
    assert found == expected | frames | account_mails | outside


@pytest.mark.parametrize(("kind", "variant", "locale"), [one for one in WORDED if one[2] != Locale.ENGLISH])
def test_a_translation_names_the_same_ids_and_is_another_text(kind: Kind, variant: str, locale: str) -> None:
    texts = [source(kind, variant, each) for each in (Locale.ENGLISH, locale)]
    assert re.findall(r"{{.*?}}", texts[0]) == re.findall(r"{{.*?}}", texts[1])
    assert texts[0] != texts[1]
    assert texts[0].count("\n\n") == texts[1].count("\n\n")


def source(kind: Kind, variant: str, locale: str) -> str:
    template: Any = get_template(template_name(kind, variant=variant, locale=locale))
    return template.template.source


@pytest.mark.parametrize(("kind", "variant", "locale"), [one for one in WORDED if not one[0].is_for_staff])
def test_no_word_of_the_other_mode_and_no_diagnosis(kind: Kind, variant: str, locale: str) -> None:
    text = text_of(kind, variant, locale)
    for mode in MODES if variant not in MODES else (OTHER[variant],):
        assert not says(mode, text)
        assert not re.search(GERMAN[mode], text, re.IGNORECASE)
    assert not DIAGNOSIS.search(text)


def test_the_german_words_are_found() -> None:
    """The control of the test above."""
    assert re.search(GERMAN["corrosion"], text_of(KINDS[KindName.RESULT_READY], "corrosion", "de"), re.IGNORECASE)


def test_the_modes_are_those_of_inspections() -> None:
    assert set(MODES) == set(Mode.values())


def test_every_kind_is_in_the_table() -> None:
    assert set(KINDS) == set(KindName)


def test_a_kind_for_staff_goes_by_ops_alone_and_no_other_does() -> None:
    for kind in KINDS.values():
        assert (set(kind.channels) == {Channel.OPS}) is kind.is_for_staff
        assert kind.is_for_staff or kind.channels[Channel.IN_APP]


def test_security_notices_cannot_be_switched_off_and_ignore_quiet_hours() -> None:
    kind = KINDS[KindName.SECURITY]
    assert not kind.can_be_switched_off
    assert kind.ignores_quiet_hours
    assert kind.is_repeated


# --- the docs --------------------------------------------------------------------------------------------------------
COLUMNS = ["kind", "for", "in_app", "push", "email", "ops", "modes", "stale", "ignores", "off", "repeated", "wired"]


def row_of(kind: Kind) -> list[str]:
    hours = kind.stale_after.total_seconds() / 3600
    stale = f"{hours / 24:g} d" if hours >= 24 else f"{hours:g} h"
    channels = [{True: "on", False: "off", None: "–"}[kind.channels.get(channel)] for channel in Channel]
    flags = [kind.ignores_quiet_hours, kind.can_be_switched_off, kind.is_repeated, kind.is_wired]
    answers = ["yes" if flag else "no" for flag in flags]
    return [kind.name, ", ".join(kind.audiences), *channels, ", ".join(kind.modes) or "–", stale, *answers]


def test_the_docs_show_the_table() -> None:
    page = (ROOT / "docs" / "notifications.md").read_text()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:1] == "|"]
    shown = [row for row in rows if len(row) == len(COLUMNS) and row[0] in KindName.values()]
    assert shown == [row_of(kind) for kind in KINDS.values()]


# --- sizes ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "variant", "locale"), [one for one in WORDED if Channel.PUSH in one[0].channels])
def test_every_push_fits_with_the_longest_ids(owner, kind: Kind, variant: str, locale: str) -> None:
    """A push service accepts 4096 bytes: Web Push of the encrypted body, FCM of text and data."""
    ids = dict.fromkeys(kind.data, "x" * 64)
    words = words_of(kind, variant=variant, locale=locale, data=ids)
    data = {**ids, "notification_id": str(owner.pk)}
    envelope = Envelope(owner.pk, kind.name, words.title, words.body, data, locale, timezone.now())
    assert len(web_push._encrypted(envelope, Browser("").target)) <= 4096
    message = fcm._message(envelope, "token")
    assert len(json.dumps([message["notification"], message["data"]], ensure_ascii=False).encode()) <= 4096


# --- mail ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("locale", Locale)
def test_a_mail_escapes_html_in_its_html_alone(owner, locale: str) -> None:
    envelope = Envelope(owner.pk, "result_ready", "A & B", "<b>one</b>\n\ntwo", {}, locale, timezone.now())
    mail = mail_of(envelope, to=("a@example.org",))
    assert "<b>one</b>\n\ntwo" in mail.text
    assert "&lt;b&gt;one&lt;/b&gt;" in mail.html
    assert f'<html lang="{locale}">' in mail.html
    assert "http" not in mail.html.replace("http://localhost", "")


@pytest.mark.parametrize(("kind", "expected"), [("result_ready", True), ("dispute_opened", False)])
def test_only_a_mail_to_an_owner_mentions_the_preferences(owner, kind: str, *, expected: bool) -> None:
    mail = mail_of(Envelope(owner.pk, kind, "title", "body", {}, "en", timezone.now()), to=("a@example.org",))
    assert ("In the app you choose" in mail.text) is expected
    assert ("In the app you choose" in mail.html) is expected
