"""Let the garbage collector run seldom: with Python's defaults it searches all collected tests again and again."""

import gc

gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish() -> None:
    """Exclude the libraries and the thousands of collected tests from the garbage collector, which slows tests down."""
    gc.collect()
    gc.freeze()
