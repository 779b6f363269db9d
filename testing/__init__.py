"""Fakes of providers, drivers of the API, and builders of rows: for tests, drills and the demo, never in production."""
