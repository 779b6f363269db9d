"""Browsers as devices: a subscription in place of a push token. What the release before writes stays valid."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_plain_labels")]
    operations = [
        migrations.AlterField(
            model_name="device", name="push_token", field=models.CharField(max_length=512, null=True)
        ),
        migrations.AlterField(
            model_name="device",
            name="platform",
            field=models.CharField(choices=[("ios", "iOS"), ("android", "Android"), ("web", "Web")], max_length=16),
        ),
        migrations.AddField(model_name="device", name="endpoint", field=models.CharField(max_length=2048, null=True)),
        migrations.AddField(model_name="device", name="p256dh", field=models.CharField(max_length=87, null=True)),
        migrations.AddField(model_name="device", name="auth", field=models.CharField(max_length=22, null=True)),
        migrations.RemoveConstraint(model_name="device", name="a_device_is_of_a_platform_we_push_to"),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=Q(platform__in=["ios", "android", "web"]), name="a_device_is_of_a_platform_we_push_to"
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(fields=("endpoint",), name="a_subscription_belongs_to_one_account"),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(condition=~Q(endpoint=""), name="a_subscription_has_an_endpoint"),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=Q(platform="web", push_token__isnull=True, endpoint__isnull=False)
                & Q(p256dh__isnull=False, auth__isnull=False)
                | Q(platform__in=["ios", "android"], push_token__isnull=False)
                & Q(endpoint__isnull=True, p256dh__isnull=True, auth__isnull=True),
                name="a_device_has_a_push_token_or_a_subscription",
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=Q(p256dh__isnull=True, auth__isnull=True)
                | Q(Exact(Length("p256dh"), 87), Exact(Length("auth"), 22)),
                name="a_subscription_has_both_keys_in_full",
            ),
        ),
    ]
