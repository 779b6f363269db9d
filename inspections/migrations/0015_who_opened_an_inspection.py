import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Null, also in what the release before writes: the owner opened it."""

    dependencies = [
        ("inspections", "0014_framing_of_photos_is_whole"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="inspection",
            name="opened_by",
            field=models.ForeignKey(
                db_index=False,
                help_text=(
                    "Who opened it, if it has come to its owner with a vessel. Its original photos are theirs alone."
                ),
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
