"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maretech.settings")
application = get_wsgi_application()

from maretech.checks import refuse_privileged_role  # noqa: E402 - needs the settings that were just loaded

refuse_privileged_role()
