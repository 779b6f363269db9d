"""Django's Postgres backend with errors that reveal no value of a row. Django looks for `base` in here."""
