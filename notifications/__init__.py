"""Notifications: what owners are told, and the channels that carry it."""
