from django.db import migrations, models

from maretech.common.database.online import AddCheckOnline

REASONS = [
    ("refused", "Refused"),
    ("not_accepted", "Not Accepted"),
    ("outcome_unknown", "Outcome Unknown"),
    ("dossier_revoked", "Dossier Revoked"),
    ("bounced", "Bounced"),
    ("too_many_pages", "Too Many Pages"),
    ("not_printed", "Not Printed"),
    ("undeliverable", "Undeliverable"),
    ("payment_withdrawn", "Payment Withdrawn"),
    ("handed_over", "Handed Over"),
    ("cancelled", "Cancelled"),
]
MAIL = models.Q(channel="email", address__isnull=True, order_id=None, share__isnull=False) & ~models.Q(email="")
LETTER = models.Q(channel="post", share=None, email="") & (
    models.Q(address__isnull=False) | ~models.Q(status__in=["created", "paid"])
)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial")]
    operations = [
        migrations.AddField(model_name="delivery", name="paid_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="delivery",
            name="stop_reason",
            field=models.CharField(blank=True, choices=REASONS, db_default="", default="", max_length=20),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="failure_reason",
            field=models.CharField(blank=True, choices=REASONS, max_length=20),
        ),
        migrations.RemoveConstraint(model_name="delivery", name="a_dossier_goes_to_one_recipient"),
        AddCheckOnline(
            model_name="delivery",
            constraint=models.CheckConstraint(condition=MAIL | LETTER, name="a_dossier_is_sent_to_one_recipient"),
        ),
    ]
