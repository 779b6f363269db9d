"""Test `manage.py verify_data` after a restore: it finds what is missing, changed or surplus, and nothing else."""

from datetime import timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Export
from accounts.privacy.export import build
from billing.models import LedgerEntry, LedgerTransaction
from inspections.models import Inspection, MediaAsset, Result, ShadowResult
from inspections.objects.garbage_collection import MAX_UNKNOWN
from inspections.work.shadow import rerun
from maretech.common.models import QueueHeartbeat
from maretech.common.observability.heartbeat import beat
from maretech.common.storage import object_store
from testing.books import unsealed

pytestmark = pytest.mark.django_db


@pytest.fixture
def completed(phone) -> str:
    """Create a delivered inspection and a bought credit; its worker has stopped."""
    phone.buy()
    inspection = phone.complete("corrosion")
    QueueHeartbeat.objects.all().delete()
    return inspection


def verify(**options: bool) -> tuple[int, list[str]]:
    out = StringIO()
    try:
        call_command("verify_data", stdout=out, **options)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def found() -> str:
    """Return the one fault found."""
    code, lines = verify()
    assert code == 1
    assert lines[-1].endswith(": 1 wrong"), lines
    return lines[0]


def evidence() -> MediaAsset:
    return MediaAsset.objects.exclude(evidence_uri="").first()


def test_complete_data_have_no_fault(completed):
    code, lines = verify()
    assert (code, len(lines)) == (0, 1)
    assert lines[0].endswith(": 0 wrong")
    assert "0 objects" not in lines[0]


def test_overlays_of_shadow_results_are_verified(completed):
    rerun(UUID(completed), engine_name="stub")
    [marked] = [item["overlay_uri"] for item in ShadowResult.objects.get().corrosion["points"]]
    assert verify()[0] == 0
    object_store().delete([marked])
    assert found() == f"{marked} is missing"


def test_a_missing_frozen_photograph_is_found(completed):
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


def test_a_missing_upload_of_an_open_inspection_is_found(completed, phone):
    opened = phone.open("osmosis", points=2)
    phone.shoot(opened["uploads"])
    asset = MediaAsset.objects.get(pk=opened["uploads"][0]["asset_id"])
    MediaAsset.objects.filter(pk=asset.pk).update(state="uploaded", uploaded_at=timezone.now())
    assert verify()[0] == 0
    object_store().delete([asset.uri])
    assert found() == f"{asset.uri} is missing"


def test_a_missing_viewing_copy_or_overlay_is_found(completed):
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


def test_an_export_without_a_row_is_found_and_can_be_deleted(completed, owner):
    claimed, stray = Export.objects.create(user=owner), f"exports/{owner.pk}/{uuid4()}.zip"
    build(claimed.pk)
    assert verify()[0] == 0
    object_store().write(stray, b"PK\x03\x04", content_type="application/zip")
    assert found() == f"{stray} is accounted for by no row"
    assert verify(delete_unknown=True)[0] == 0
    assert list(object_store().list("exports/")) == [claimed.key]


def test_a_missing_or_cut_export_is_found_until_it_expires(completed, owner):
    export = Export.objects.create(user=owner)
    build(export.pk)
    object_store().write(export.key, b"PK\x03\x04", content_type="application/zip")
    assert found().startswith(f"{export.key} has 4 bytes instead of ")
    object_store().delete([export.key])
    assert found() == f"{export.key} is missing"
    Export.objects.update(expires_at=timezone.now())
    assert verify()[0] == 0


def store_foreign_objects(count: int) -> list[str]:
    """Store objects of this many inspections that are not in this database."""
    keys = [f"inspections/{uuid4()}/evidence/{uuid4()}" for _ in range(count)]
    for key in keys:
        object_store().write(key, b"another's", content_type="image/jpeg")
    return keys


def are_there(keys: list[str]) -> bool:
    return all(object_store().head(key) for key in keys)


def test_nothing_is_deleted_while_a_photograph_is_missing(completed):
    keys = store_foreign_objects(1)
    object_store().delete([evidence().evidence_uri])
    code, lines = verify(delete_unknown=True)
    assert (code, are_there(keys)) == (1, True)
    assert lines[0].startswith("nothing is deleted: 1 other things are wrong")


def test_nothing_is_deleted_from_the_store_of_another_database(completed):
    keys = [*store_foreign_objects(MAX_UNKNOWN + 1), f"exports/{uuid4()}/{uuid4()}.zip"]
    object_store().write(keys[-1], b"another's", content_type="application/zip")
    code, lines = verify(delete_unknown=True)
    assert (code, are_there(keys)) == (1, True)
    assert lines[0].startswith("nothing is deleted: most objects are of no inspection in this database")
    object_store().delete(keys[:1])
    assert verify(delete_unknown=True)[0] == 0
    assert not any(object_store().head(key) for key in keys)


def test_nothing_is_deleted_while_workers_run(completed):
    keys = store_foreign_objects(1)
    beat("checks")
    with pytest.raises(CommandError, match="checks: stop web, workers and beat first"):
        verify(delete_unknown=True)
    assert are_there(keys)
    assert verify()[0] == 1  # reading is allowed
    QueueHeartbeat.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    assert verify(delete_unknown=True)[0] == 0


def test_objects_of_a_deleted_inspection_are_not_missing(completed):
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
