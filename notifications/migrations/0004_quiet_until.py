from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_staff_kinds_hold_for_every_row")]
    operations = [
        migrations.AddField(
            model_name="delivery",
            name="quiet_until",
            field=models.DateTimeField(help_text="The end of the quiet hours that it last waited for.", null=True),
        ),
    ]
