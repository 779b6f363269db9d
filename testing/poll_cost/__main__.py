"""`python -m testing.poll_cost`: print both CPU times per request, and their ratio.

One process, middleware included, on a test database beside DATABASE_URL. The lean views stay while they save at least a
quarter of the viewset's time.
"""

import os
import sys

import django
from django.test.utils import get_runner, override_settings


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maretech.settings")
    os.environ |= {"RATE_LIMIT_POLL": "100000000/min", "LOG_LEVEL": "ERROR"}
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - the settings read the environment that was just changed

    from testing.poll_cost.measure import measure  # noqa: PLC0415 - needs the apps

    runner = get_runner(settings)(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    try:
        with override_settings(ROOT_URLCONF="testing.poll_cost.urls"):
            spent = measure()
    finally:
        runner.teardown_databases(databases)
        runner.teardown_test_environment()
    lean = spent["lean view"]
    for name, milliseconds in spent.items():
        sys.stdout.write(
            f"{name:>10} {milliseconds:6.3f} ms of CPU a request, {milliseconds / lean:4.2f} of the lean view\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
