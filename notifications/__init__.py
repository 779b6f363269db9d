"""Notifications: what happened, for owners and staff, and the channels that carry it."""
