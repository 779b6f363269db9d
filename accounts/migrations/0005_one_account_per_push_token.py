"""A push token belongs to one account. Of those that have it now, the last that registered it keeps it."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Exists, OuterRef, Q


def keep_the_last(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Device = apps.get_model("accounts", "Device")
    if schema_editor.connection.vendor == "postgresql":
        # The release that serves must not register one twice before the constraint is there: it waits.
        schema_editor.execute("LOCK TABLE accounts_device IN SHARE ROW EXCLUSIVE MODE")
    later = Q(created_at__gt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), id__gt=OuterRef("id"))
    Device.objects.filter(Exists(Device.objects.filter(later, push_token=OuterRef("push_token")))).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_proven_addresses")]
    operations = [
        migrations.RunPython(keep_the_last, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(fields=("push_token",), name="a_push_token_belongs_to_one_account"),
        ),
    ]
