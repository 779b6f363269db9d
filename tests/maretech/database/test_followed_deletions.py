"""Test that the release before, which knows none of the new tables, can delete rows that these refer to.

Its DELETE names its own tables only: Django sends one for each model that it knows.
"""

from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.identity.sessions import start_session
from accounts.models import StepUp
from dossiers.models import Dossier, DossierInspection
from testing.dossiers import final_of
from testing.factories import UserFactory, handover_of
from vessels.models import Handover

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="On SQLite no release runs beside another, so no foreign key has a rule"
    ),
]


def delete_like_the_release_before(row: models.Model) -> None:
    """Delete the row alone, and check the foreign keys as a commit does."""
    with transaction.atomic():
        rows: Any = type(row)._base_manager.filter(pk=row.pk)
        rows._raw_delete(connection.alias)
        connection.check_constraints()


def test_step_ups_go_with_their_session(owner):
    session = start_session(user=owner)
    StepUp.objects.create(user=owner, session=session, channel="mail", requested_at=timezone.now())
    delete_like_the_release_before(session)
    assert not StepUp.objects.exists()


def test_a_dossier_outlives_its_vessel(owner):
    dossier = final_of(owner)
    type(dossier.entries.get().inspection).objects.update(vessel=None)  # as that release does first
    delete_like_the_release_before(dossier.vessel)
    assert Dossier.objects.get().vessel is None


def test_a_dossier_outlives_a_purged_inspection(owner):
    dossier = final_of(owner)
    inspection = dossier.entries.get().inspection
    for relation in ("slots", "events"):
        getattr(inspection, relation).all().delete()
    inspection.result.delete()
    delete_like_the_release_before(inspection)
    assert not DossierInspection.objects.exists()
    assert Dossier.objects.get() == dossier


def test_a_handover_that_is_over_outlives_its_vessel(owner):
    row = handover_of(owner)
    Handover.objects.filter(pk=row.pk).update(status="cancelled", ended_at=timezone.now())
    delete_like_the_release_before(row.vessel)
    assert Handover.objects.get().vessel is None


@pytest.mark.parametrize("status", ["initiated", "pending_codes", "disputed"])
def test_a_vessel_in_a_handover_is_not_deleted(owner, status):
    row, now = handover_of(owner), timezone.now()
    dispute = {"disputed_at": now, "disputed_by": "buyer", "completed_at": now, "buyer": UserFactory.create()}
    Handover.objects.filter(pk=row.pk).update(status=status, **(dispute if status == "disputed" else {}))
    with pytest.raises(IntegrityError, match="a_vessel_stays_while_it_is_in_a_handover"):
        delete_like_the_release_before(row.vessel)
    assert Handover.objects.get().vessel == row.vessel


@pytest.mark.parametrize("table", ["accounts_session", "inspections_inspection", "vessels_vessel"])
def test_each_new_reference_follows_the_deletion_of_its_row(table):
    """A new table that refers to rows that the release before deletes needs `FollowDeletionInDatabase`."""
    known = {  # to the release before: it deletes these rows itself, or refuses
        "accounts_device",
        "corrosion_comparison",
        "corrosion_maintenance",
        "corrosion_reminder",
        "inspections_captureslot",
        "inspections_inferencejob",
        "inspections_inspection",
        "inspections_inspectionevent",
        "inspections_missingobject",
        "inspections_result",
        "inspections_shadowresult",
        "osmosis_liftout",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conkey, bool_or(confdeltype <> 'a') FROM pg_constraint "
            "WHERE contype = 'f' AND confrelid = %s::regclass GROUP BY conrelid, conkey",
            [table],
        )
        unruled = {name for name, _, has_rule in cursor.fetchall() if not has_rule}
    assert unruled <= known
