"""Django's Postgres backend with errors that tell no value of a row. Django looks for `base` in here."""
