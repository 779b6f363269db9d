"""Test the pages of shadow results: both results side by side, without any action."""

import re
from uuid import UUID

import pytest
from django.utils import timezone

from inspections.models import Inspection, ShadowResult
from inspections.work.shadow import rerun

pytestmark = pytest.mark.django_db
LIST = "/admin/inspections/shadowresult/"


@pytest.fixture
def shadow(phone) -> ShadowResult:
    inspection_id = phone.complete("corrosion", points=2)
    rerun(UUID(inspection_id), engine_name="stub")
    return ShadowResult.objects.get()


def seen(client, shadow: ShadowResult) -> str:
    answer = client.get(f"{LIST}{shadow.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_support_can_find_a_shadow_by_its_inspection(support, shadow):
    for query in ("", f"?q={shadow.inspection_id}", "?q=stub-1", "?mode=corrosion", "?deleted=no"):
        assert str(shadow.inspection_id)[:8] in support.get(LIST + query).content.decode()
    assert "0 shadow results" in support.get(f"{LIST}?deleted=yes").content.decode()


def test_the_page_shows_both_answers_with_their_pictures(support, shadow):
    text = seen(support, shadow)
    assert "<h2>Shadow</h2>" in text
    assert "<h2>Result</h2>" in text
    links = set(re.findall(r'<img src="http://testserver([^"]+)"', text))
    assert len(links) == 4
    assert {support.get(link).status_code for link in links} == {200}


def test_the_page_of_a_deleted_inspection_shows_no_answer(support, shadow):
    Inspection.objects.update(deleted_at=timezone.now())
    text = seen(support, shadow)
    assert "The owner deleted the inspection" in text
    assert "<img" not in text
    assert "Signal:" not in text


def test_a_superuser_cannot_change_a_shadow(boss, shadow):
    for path in (f"{shadow.pk}/change/", f"{shadow.pk}/delete/", "add/"):
        assert boss.post(LIST + path, {"post": "yes"}).status_code == 403
