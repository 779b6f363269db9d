import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Vessel",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, max_length=120)),
                (
                    "name_key",
                    models.CharField(blank=True, help_text="Equal for every spelling of the name.", max_length=360),
                ),
                (
                    "hull_material",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("grp", "Grp"),
                            ("steel", "Steel"),
                            ("aluminium", "Aluminium"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                    ),
                ),
                ("length_m", models.FloatField(null=True)),
                ("built_year", models.PositiveSmallIntegerField(null=True)),
                ("hull_id", models.CharField(blank=True, max_length=40)),
                ("home_port", models.CharField(blank=True, max_length=120)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("archived_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vessels",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("owner"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="vessels_of_an_owner",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name_key"), name="one_vessel_per_owner_and_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), ("name_key", "")),
                            models.Q(
                                models.Q(("name", ""), _negated=True), models.Q(("name_key", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_vessel_with_a_name_has_its_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hull_material__in", ["", "grp", "steel", "aluminium", "other"])),
                        name="hull_material_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("length_m", None),
                            models.Q(("length_m__gte", 1), ("length_m__lte", 500)),
                            _connector="OR",
                        ),
                        name="a_vessel_is_as_long_as_a_boat",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("built_year", None),
                            models.Q(("built_year__gte", 1800), ("built_year__lte", 2100)),
                            _connector="OR",
                        ),
                        name="a_vessel_was_built_in_our_time",
                    ),
                ],
            },
        ),
    ]
