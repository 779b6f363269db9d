"""Shared base of every app: errors, idempotency, storage, pages, limits, request ids. Imports no app."""
