from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels and help texts alone. No table changes."""

    dependencies = [("accounts", "0006_durable_work")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(name="staffaction", options={"verbose_name_plural": "staff audit log"}),
                migrations.AlterField(
                    model_name="user",
                    name="email_verified_at",
                    field=models.DateTimeField(
                        blank=True, help_text="When the owner entered a code or opened a link mailed to it.", null=True
                    ),
                ),
                migrations.AlterField(
                    model_name="user",
                    name="erased_at",
                    field=models.DateTimeField(blank=True, help_text="Since then the row names no person.", null=True),
                ),
                migrations.AlterField(
                    model_name="session",
                    name="access_issued_at",
                    field=models.DateTimeField(help_text="Set if the phone lost the first answer.", null=True),
                ),
                migrations.AlterField(
                    model_name="erasure",
                    name="counts",
                    field=models.JSONField(help_text="What each app held when the erasure began.", null=True),
                ),
            ]
        )
    ]
