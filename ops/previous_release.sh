#!/usr/bin/env bash
# The tests of the release before, on the schema of this one: what still runs while we deploy must not notice.
#   PREVIOUS=v1.0 ops/previous_release.sh [pytest arguments]
# PREVIOUS is a tag or commit; without it the newest tag, or else the commit before. Stands on DATABASE_URL, a Postgres
# database of one's own (its test database is made anew), or on SQLite.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

previous=${PREVIOUS:-$(git describe --tags --abbrev=0 2>/dev/null || git rev-parse HEAD~1)}
python="$PWD/.venv/bin/python"
scratch=$(mktemp -d)
trap 'git worktree remove --force "$scratch/previous" 2>/dev/null || true; rm -rf "$scratch"' EXIT
export VAR_DIR="$scratch/var" ENV_FILE=/dev/null

git worktree add --quiet --detach "$scratch/previous" "$previous"
# The new code makes a test database for each process and leaves them; the old one finds every migration that it knows
# applied.
"$python" -m pytest -n 3 --dist each --create-db --reuse-db tests/maretech/test_health.py
echo "Tests of $previous on the schema of $(git rev-parse --short HEAD)"
rm -r "$VAR_DIR/metrics" # what the new code counted, the old one does not know
cd "$scratch/previous"
"$python" -m pytest -n 3 --dist worksteal --reuse-db "$@"
