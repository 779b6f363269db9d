"""Notifications of owners and staff, and the channels that deliver them."""
