"""Every test of the project, in `tests/` and `drills/tests/`, has the fixtures of `testing`."""

pytest_plugins = ["testing.fixtures", "testing.s3", "testing.selection"]
