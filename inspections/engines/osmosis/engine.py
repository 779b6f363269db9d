"""Placeholder until the real engine's file replaces this one."""

from inspections.engines.stub import StubEngine


class OsmosisEngine(StubEngine):
    def __init__(self) -> None:
        super().__init__("osmosis")
