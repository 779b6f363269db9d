"""Every test of the project, in `tests/` and `drills/tests/`, has the fixtures of `testing`."""

pytest_plugins = [
    "testing.plugins.bytecode",  # before the modules of the tests
    "testing.plugins.garbage",
    "testing.plugins.no_proxy",
    "testing.plugins.fixtures",
    "testing.plugins.registrations",
    "testing.plugins.migrated_database",
    "testing.plugins.shared_server",
    "testing.s3",
    "testing.plugins.markers",
]
