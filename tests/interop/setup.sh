#!/usr/bin/env bash
# Installs the published clients, the conformance suite and AWS's own parts beside this script. Needs Node 20 and
# Python 3.11. What is there already, in the versions of package-lock.json and requirements*.txt, is left alone.
set -euo pipefail
cd "$(dirname "$0")"

# The package that has AWS's Runtime Interface Emulator in it; nothing else of it is kept.
EMULATOR_PACKAGE=aws-sam-cli==1.170.0

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

# Makes the environment $1 with exactly what $2 lists.
environment() {
    cmp -s "$2" "$1/installed.txt" && return 0
    python3 -m venv --clear "$1"
    retry "$1/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$2"
    cp "$2" "$1/installed.txt"
}
environment .venv requirements.txt
environment .venv-aws requirements-aws.txt
environment .venv-fastmcp requirements-fastmcp.txt

if ! cmp -s <(echo "$EMULATOR_PACKAGE") .aws/installed.txt; then
    rm -rf .aws
    mkdir .aws
    retry .venv-aws/bin/pip download --quiet --disable-pip-version-check --no-deps --dest .aws "$EMULATOR_PACKAGE"
    python3 -m zipfile --extract .aws/*.whl .aws/package
    case "$(uname -m)" in
        aarch64 | arm64) machine=arm64 ;;
        *) machine=x86_64 ;;
    esac
    mv ".aws/package/samcli/local/rapid/aws-lambda-rie-$machine" .aws/aws-lambda-rie
    chmod +x .aws/aws-lambda-rie
    rm -r .aws/package .aws/*.whl
    echo "$EMULATOR_PACKAGE" >.aws/installed.txt
fi
