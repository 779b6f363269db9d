"""Every test of the project, in `tests/` and `drills/tests/`, has the fixtures of `testing`."""

pytest_plugins = [
    "testing.plugins.fixtures",
    "testing.plugins.migrated_database",
    "testing.s3",
    "testing.plugins.markers",
]
