"""Tests of the owner's web app in a real browser, against a real server."""
