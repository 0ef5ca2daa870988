#!/usr/bin/env bash
# Installs the published clients and the conformance suite beside this script. Needs Node 20 and Python 3.11.
# What is there already, in the versions of package-lock.json and requirements.txt, is left alone.
set -euo pipefail
cd "$(dirname "$0")"

# Registries have bad minutes; each download gets five tries.
retry() {
    local try
    for try in 1 2 3 4 5; do
        "$@" && return 0
        sleep $((try * 5))
    done
    "$@"
}

# The copy is made last, so that an installation that broke off is not taken for a whole one.
if ! cmp -s package-lock.json node_modules/.installed.json; then
    retry npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    # Of the Node packages only the one for this machine is installed, and not each npm links its program.
    programs=(node_modules/node-*/bin/node)
    ln -sf "../../${programs[0]}" node_modules/.bin/node
    cp package-lock.json node_modules/.installed.json
fi

if ! cmp -s requirements.txt .venv/installed.txt; then
    python3 -m venv --clear .venv
    retry .venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
    cp requirements.txt .venv/installed.txt
fi
