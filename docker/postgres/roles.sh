#!/bin/sh
# The Postgres image runs this once, on an empty volume. It creates the role that owns the tables and migrates, and the
# role of the application, which gets its rights after each migrate (`manage.py grant_application_role`).
set -eu

psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    -v owner="$MIGRATION_DATABASE_PASSWORD" -v application="$APPLICATION_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE maretech LOGIN PASSWORD :'owner';
CREATE ROLE maretech_app LOGIN PASSWORD :'application';
ALTER DATABASE maretech OWNER TO maretech;
SQL
