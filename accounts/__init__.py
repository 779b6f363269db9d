"""Accounts: owners, staff, sessions, devices, consents, and the record of staff actions."""
