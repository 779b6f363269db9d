"""A leaf that every app stands on: errors, idempotency, storage, pages, limits, request ids. Knows no app."""
