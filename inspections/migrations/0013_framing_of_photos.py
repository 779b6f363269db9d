from django.db import migrations, models

from maretech.common.database.online import AddCheckOnline


class Migration(migrations.Migration):
    dependencies = [("inspections", "0012_vessels_of_earlier_inspections")]
    operations = [
        migrations.AddField(
            model_name="mediaasset",
            name="framing",
            field=models.JSONField(
                help_text="How it is framed against the last visit, where that was measured.", null=True
            ),
        ),
        AddCheckOnline(
            model_name="mediaasset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("framing__isnull", True),
                    models.Q(
                        ("framing__shift_x__gt", -100),
                        ("framing__shift_x__isnull", False),
                        ("framing__shift_x__lt", 100),
                        ("framing__shift_y__gt", -100),
                        ("framing__shift_y__isnull", False),
                        ("framing__shift_y__lt", 100),
                        ("framing__scale__gt", 0),
                        ("framing__scale__isnull", False),
                        ("framing__scale__lt", 1000),
                        ("framing__rotation_deg__gt", -360),
                        ("framing__rotation_deg__isnull", False),
                        ("framing__rotation_deg__lt", 360),
                    ),
                    _connector="OR",
                ),
                name="a_framing_is_whole",
            ),
        ),
    ]
