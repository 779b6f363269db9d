"""Engines look at photographs and say what can be seen. Plain Python: no Django, no settings, no database."""
