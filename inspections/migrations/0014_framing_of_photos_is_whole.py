from django.db import migrations

from maretech.common.database.online import ValidateCheckOnline


class Migration(migrations.Migration):
    dependencies = [("inspections", "0013_framing_of_photos")]
    operations = [ValidateCheckOnline(model_name="mediaasset", name="a_framing_is_whole")]
