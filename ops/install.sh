#!/bin/sh
# Install a requirements file: ops/install.sh PYTHON FILE [PIP-OPTION...]
# Shows the progress: pip's own bar on a terminal, otherwise a line for each group of 20 packages. Writes the log of pip to
# .venv/pip.log in the second case, and prints it if the installation fails.
set -eu
python=$1 file=$2
shift 2
total=$(grep -c '^[A-Za-z0-9]' "$file")
echo "Installing $file: $total packages, a minute or two, once"
set -- "$python" -m pip install --disable-pip-version-check "$@" -r "$file"
[ ! -t 1 ] || exec "$@"

log=.venv/pip.log
failed=.venv/pip.failed
rm -f "$failed"
{ PYTHONUNBUFFERED=1 "$@" 2>&1 || touch "$failed"; } | {
    count=0
    while IFS= read -r line; do
        printf '%s\n' "$line" >&3
        case $line in
        "Collecting "* | "Requirement already satisfied"*)
            count=$((count + 1))
            [ $((count % 20)) -ne 0 ] || echo "  $count packages found"
            ;;
        "Installing collected packages"*) echo "  $count packages found; writing them to .venv" ;;
        esac
    done
} 3>"$log"
[ ! -e "$failed" ] || {
    rm "$failed"
    cat "$log" >&2
    exit 1
}
