"""Give every inspection the vessel that its label names: one for each owner and name, in any spelling.

Inspections without a label share their owner's one vessel without a name. No label changes. Deleted inspections get no
vessel. What the release before opens from now on gets its vessel from the sweep.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from vessels.naming import vessel_key, vessel_name

BATCH = 500


def give_vessels(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Commit batch by batch, the oldest first, so that a vessel has the spelling of its first inspection.

    An interrupted run goes on where it stopped.
    """
    Inspection = apps.get_model("inspections", "Inspection")
    without = Inspection.objects.filter(vessel=None, deleted_at=None).order_by("created_at", "id")
    columns = ("id", "owner_id", "vessel_label", "created_at")
    while batch := list(without.values_list(*columns)[:BATCH]):
        with transaction.atomic():
            _give(apps, batch)


def _give(apps: Apps, batch: Iterable[tuple[UUID, UUID, str, Any]]) -> None:
    Inspection = apps.get_model("inspections", "Inspection")
    Vessel = apps.get_model("vessels", "Vessel")
    first: dict[tuple[UUID, str], tuple[str, Any]] = {}
    rows: dict[tuple[UUID, str], list[UUID]] = {}
    for pk, owner_id, label, created_at in batch:
        name = (owner_id, vessel_key(label))
        first.setdefault(name, (vessel_name(label), created_at))
        rows.setdefault(name, []).append(pk)
    new = [
        Vessel(owner_id=owner_id, name=spelled, name_key=key, created_at=created_at)
        for (owner_id, key), (spelled, created_at) in first.items()
    ]
    Vessel.objects.bulk_create(new, ignore_conflicts=True)
    known = Vessel.objects.filter(owner_id__in={owner_id for owner_id, _ in first})
    for pk, owner_id, key in known.values_list("id", "owner_id", "name_key"):
        if (owner_id, key) in rows:
            Inspection.objects.filter(pk__in=rows[owner_id, key], vessel=None).update(vessel_id=pk)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inspections", "0011_inspections_of_a_vessel_are_found_at_once")]
    operations = [migrations.RunPython(give_vessels, migrations.RunPython.noop)]
