"""What other models would have said, beside the results; a trigger refuses to change that too."""

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TRIGGERS = {
    "sqlite": """
        CREATE TRIGGER a_shadow_result_never_changes BEFORE UPDATE ON inspections_shadowresult
        BEGIN SELECT RAISE(ABORT, 'a result never changes'); END;
        """,
    # The function is the one that guards the results themselves.
    "postgresql": """
        CREATE TRIGGER a_shadow_result_never_changes BEFORE UPDATE ON inspections_shadowresult
        FOR EACH ROW EXECUTE FUNCTION refuse_result_update()
        """,
}


def add_trigger(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(TRIGGERS[schema_editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0003_photo_check_attempts_and_request_ids"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShadowResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mode", models.CharField(choices=[("osmosis", "Osmosis"), ("corrosion", "Corrosion")], max_length=16)),
                (
                    "signal_detected",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("inconclusive", "Inconclusive")], max_length=16
                    ),
                ),
                (
                    "confidence_level",
                    models.CharField(choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")], max_length=8),
                ),
                ("guidance", models.JSONField()),
                ("worst_band", models.CharField(max_length=16)),
                ("explanation", models.TextField()),
                ("disclaimer", models.TextField()),
                ("coverage", models.JSONField()),
                ("corrosion", models.JSONField(null=True)),
                ("osmosis", models.JSONField(null=True)),
                (
                    "signals",
                    models.JSONField(default=list, help_text="For staff: raw signals and measurements per point."),
                ),
                ("model_version", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shadow_results",
                        to="inspections.inspection",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("inspection", "model_version"), name="one_shadow_per_inspection_and_model"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("corrosion__points__isnull", False), ("mode", "corrosion"), ("osmosis__isnull", True)
                            ),
                            models.Q(
                                ("corrosion__isnull", True), ("mode", "osmosis"), ("osmosis__areas__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="shadow_a_result_carries_its_own_mode_only",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("signal_detected__in", ["yes", "no", "inconclusive"])),
                        name="shadow_signal_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confidence_level__in", ["low", "medium", "high"])),
                        name="shadow_level_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("model_version", ""), _negated=True), name="shadow_a_result_names_its_model"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("mode", "corrosion"),
                                ("guidance__0__isnull", False),
                                ("guidance__0__in", ("monitor", "recheck_later", "consider_professional_survey")),
                                ("guidance__3__isnull", True),
                                models.Q(
                                    ("guidance__1__isnull", True),
                                    ("guidance__1__in", ("monitor", "recheck_later", "consider_professional_survey")),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("guidance__2__isnull", True),
                                    ("guidance__2__in", ("monitor", "recheck_later", "consider_professional_survey")),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                ("mode", "osmosis"),
                                ("guidance__0__isnull", False),
                                ("guidance__0__in", ("monitor", "recheck_later", "consider_professional_survey")),
                                ("guidance__3__isnull", True),
                                models.Q(
                                    ("guidance__1__isnull", True),
                                    ("guidance__1__in", ("monitor", "recheck_later", "consider_professional_survey")),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("guidance__2__isnull", True),
                                    ("guidance__2__in", ("monitor", "recheck_later", "consider_professional_survey")),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="shadow_guidance_is_the_modes_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("mode", "corrosion"),
                                ("worst_band__in", ("none", "trace", "light", "moderate", "heavy")),
                            ),
                            models.Q(("mode", "osmosis"), ("worst_band__in", ("none", "few", "several", "many"))),
                            _connector="OR",
                        ),
                        name="shadow_band_is_the_modes_own",
                    ),
                ],
            },
        ),
        migrations.RunPython(add_trigger, migrations.RunPython.noop),
    ]
