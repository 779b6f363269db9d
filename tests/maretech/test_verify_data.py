"""After a restore: `manage.py verify_data` finds what is missing, changed or too much, and nothing else."""

from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from billing.models import LedgerEntry, LedgerTransaction
from inspections.models import Inspection, MediaAsset, Result, ShadowResult
from inspections.shadow import rerun
from maretech.common.storage import object_store
from tests.books import unsealed

pytestmark = pytest.mark.django_db


@pytest.fixture
def completed(phone) -> str:
    """A delivered inspection, and a credit that was bought."""
    phone.buy()
    return phone.complete("corrosion")


def verify(**options: bool) -> tuple[int, list[str]]:
    out = StringIO()
    try:
        call_command("verify_data", stdout=out, **options)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def found() -> str:
    """The one thing that is wrong."""
    code, lines = verify()
    assert code == 1
    assert lines[-1].endswith(": 1 wrong"), lines
    return lines[0]


def evidence() -> MediaAsset:
    return MediaAsset.objects.exclude(evidence_uri="").first()


def test_what_is_whole_is_found_whole(completed):
    code, lines = verify()
    assert (code, len(lines)) == (0, 1)
    assert lines[0].endswith(": 0 wrong")
    assert "0 objects" not in lines[0]


def test_what_another_model_marked_is_claimed_too(completed):
    rerun(UUID(completed), engine_name="stub")
    [marked] = [item["overlay_uri"] for item in ShadowResult.objects.get().corrosion["points"]]
    assert verify()[0] == 0
    object_store().delete([marked])
    assert found() == f"{marked} is missing"


def test_a_frozen_photograph_that_is_gone_is_found(completed):
    object_store().delete([evidence().evidence_uri])
    assert found() == f"{evidence().evidence_uri} is missing"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda content: content[:-1], "holds other bytes"),
        (lambda content: content[:-1] + b"!", "holds other bytes"),
        (lambda content: content + b"!", "is larger than it was"),
    ],
    ids=["cut off", "one byte", "longer"],
)
def test_a_frozen_photograph_with_other_bytes_is_found(completed, spoil, said):
    key = evidence().evidence_uri
    content = object_store().read(key, max_bytes=10_000_000)
    object_store().write(key, spoil(content), content_type="image/jpeg")
    assert found() == f"{key} {said}"


def test_an_upload_that_is_still_to_be_judged_and_is_gone_is_found(completed, phone):
    opened = phone.open("osmosis", points=2)
    phone.shoot(opened["uploads"])
    asset = MediaAsset.objects.get(pk=opened["uploads"][0]["asset_id"])
    MediaAsset.objects.filter(pk=asset.pk).update(state="uploaded", uploaded_at=timezone.now())
    assert verify()[0] == 0
    object_store().delete([asset.uri])
    assert found() == f"{asset.uri} is missing"


def test_a_picture_that_owners_look_at_and_is_gone_is_found(completed):
    view = evidence().view_uri
    object_store().delete([view])
    code, lines = verify()
    assert code == 1
    assert f"{view} is missing" in lines
    overlay = Result.objects.get(inspection=completed).corrosion["points"][0]["overlay_uri"]
    object_store().delete([overlay])
    assert f"{overlay} is missing" in verify()[1]


def test_an_object_without_a_row_is_found_and_can_be_deleted(completed):
    strays = [
        "inspections/11111111-2222-4333-8444-555555555555/evidence/11111111-2222-4333-8444-555555555555",
        f"inspections/{completed}/evidence/11111111-2222-4333-8444-555555555555",
        f"inspections/{completed}/elsewhere",
    ]
    for key in strays:
        object_store().write(key, b"later", content_type="image/jpeg")
    code, lines = verify()
    assert code == 1
    assert sorted(lines[:-1]) == sorted(f"{key} is accounted for by no row" for key in strays)
    assert verify(delete_unknown=True)[0] == 0
    assert verify()[0] == 0
    assert not [key for key in strays if object_store().head(key)]


def test_what_its_owner_deleted_is_not_missed(completed):
    Inspection.objects.filter(pk=completed).update(deleted_at=timezone.now())
    object_store().delete(list(object_store().list(f"inspections/{completed}/")))
    assert verify()[0] == 0


def test_a_lost_entry_is_found(completed):
    entry = LedgerEntry.objects.first()
    connection.check_constraints()  # as at commit: afterwards no seal looks at these entries again
    with unsealed():
        LedgerEntry.objects.filter(pk=entry.pk).delete()
    code, lines = verify()
    assert code == 1
    assert f"transaction {entry.transaction_id} sums to {-entry.amount} {entry.unit}" in lines


def test_a_lost_transaction_is_found(completed):
    """Its entries still balance, and its order was paid."""
    order_booking = LedgerTransaction.objects.exclude(order=None).filter(order__price_minor__gt=0).first()
    with unsealed():
        LedgerEntry.objects.filter(transaction__order=order_booking.order).delete()
        LedgerTransaction.objects.filter(order=order_booking.order).delete()
    assert f"order {order_booking.order_id} was paid and nothing is booked" in verify()[1]
