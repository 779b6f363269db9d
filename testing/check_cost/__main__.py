"""`python -m testing.check_cost [ROUNDS]`: print median and 95th percentile of a check, with framing and without.

One process and one thread, on a test database beside DATABASE_URL and on the store of the settings. Wall times are
valid on an idle core only (`taskset -c 0`). Aim: 1.5 s at the 95th percentile.
"""

import os
import sys

import django
from django.test.utils import get_runner


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maretech.settings")
    os.environ |= {"LOG_LEVEL": "ERROR"}
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - the settings read the environment that was just changed

    from testing.check_cost.measure import ROUNDS, measure  # noqa: PLC0415 - needs the apps

    runner = get_runner(settings)(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    try:
        spent = measure(rounds=int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
    finally:
        runner.teardown_databases(databases)
        runner.teardown_test_environment()
    for name, times in spent.items():
        sys.stdout.write(
            f"{name:>16} {times.rounds} checks: wall p50 {times.wall_ms[0]:6.0f} ms, p95 {times.wall_ms[1]:6.0f} ms; "
            f"CPU p50 {times.cpu_ms[0]:6.0f} ms, p95 {times.cpu_ms[1]:6.0f} ms\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
