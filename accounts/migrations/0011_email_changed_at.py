"""When an account's address changed: for some hours, no code of a step-up goes to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_step_ups_follow_deletion")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="email_changed_at",
            field=models.DateTimeField(
                blank=True, help_text="When the address became another one; empty if it never did.", null=True
            ),
        ),
    ]
