"""An owner has one current subscription, and one open page on which one can be bought.

No row breaks this when it is built: the columns are new. The next sweep finds subscriptions that exist side by side
already, makes the oldest the current one and reports the others to staff.
"""

from django.db import migrations, models

from maretech.common.database.online import AddUniqueOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("billing", "0012_access_by_money")]

    operations = [
        AddUniqueOnline(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)),
                fields=("owner",),
                name="an_owner_has_one_current_subscription",
            ),
        ),
        AddUniqueOnline(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("begins_subscription", True), ("status__in", ["created", "pending"])),
                fields=("owner",),
                name="an_owner_has_one_open_subscription_page",
            ),
        ),
    ]
