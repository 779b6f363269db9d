"""Engines examine photographs and report what is visible. Plain Python: no Django, no settings, no database."""
