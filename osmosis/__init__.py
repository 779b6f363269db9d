"""The lift-out clock of osmosis: when a vessel leaves the water, and a notification to photograph it while wet."""
