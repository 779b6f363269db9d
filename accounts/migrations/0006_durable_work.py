import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q

# The time of the next try, by one name in every table of durable work. Columns and indexes are unchanged.
INDEXED = (
    ("emailcode", "notices_not_yet_sent", ~Q(notice_to="") & Q(noticed_at__isnull=True)),
    ("staffinvitation", "staff_links_not_yet_sent", Q(sent_at__isnull=True)),
    ("erasure", "erasures_to_carry_out", Q(done_at__isnull=True)),
    ("export", "exports_to_build", Q(built_at__isnull=True)),
)


def renamed(model_name: str, index: str, condition: Q) -> list[migrations.operations.base.Operation]:
    due_at = models.DateTimeField(db_column="next_try_at", default=django.utils.timezone.now)
    return [
        migrations.RemoveIndex(model_name=model_name, name=index),
        migrations.AlterField(model_name=model_name, name="next_try_at", field=due_at),
        migrations.RenameField(model_name=model_name, old_name="next_try_at", new_name="due_at"),
        migrations.AddIndex(
            model_name=model_name, index=models.Index(condition=condition, fields=["due_at"], name=index)
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_one_account_per_push_token")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[operation for table in INDEXED for operation in renamed(*table)]
        )
    ]
