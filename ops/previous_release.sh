#!/usr/bin/env bash
# Run the tests of the previous release on the schema of this one: old processes run on during a deployment.
#   PREVIOUS=v1.0 ops/previous_release.sh [pytest arguments]
# PREVIOUS is a tag or commit; default: the newest tag, or else the commit before. Uses DATABASE_URL, a Postgres database
# of your own (the script recreates its test database), or SQLite.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

previous=${PREVIOUS:-$(git describe --tags --abbrev=0 2>/dev/null || git rev-parse HEAD~1)}
here="$PWD"
python="$here/.venv/bin/python"
scratch=$(mktemp -d)
trap 'git worktree remove --force "$scratch/previous" 2>/dev/null || true; rm -rf "$scratch"' EXIT
export VAR_DIR="$scratch/var" ENV_FILE=/dev/null

git worktree add --quiet --detach "$scratch/previous" "$previous"
# The new code creates a test database for each process and keeps it; the old code finds all of its migrations applied.
"$python" -m pytest -n 3 --dist each --create-db --reuse-db tests/maretech/observability/test_health.py
echo "Tests of $previous on the schema of $(git rev-parse --short HEAD)"
rm -r "$VAR_DIR/metrics" # the old code does not know the new code's metrics
cd "$scratch/previous"
PYTHONPATH="$here/ops" "$python" -m pytest -p previous_release_flush -n 3 --dist worksteal --reuse-db "$@"
