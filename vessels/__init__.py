"""Vessels of owners. Each inspection belongs to one."""
