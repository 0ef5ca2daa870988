#!/bin/sh
# Lints the templates, compares what is the same in all of them, and the actions on the table with
# policy-actions.txt. Needs cfn-lint on the PATH.
set -eu
cd "$(dirname "$0")"
cfn-lint --include-checks I -- ./*.yaml
same() { sed -n '/^  # ---- The same in all/,/^  # ---- Until here/p' "$1"; }
for template in *.yaml; do
    test -n "$(same "$template")" && test "$(same "$template")" = "$(same http-api.yaml)" || {
        echo "$template differs from http-api.yaml in the part that is the same in all" >&2
        exit 1
    }
done
grep -o 'dynamodb:[A-Za-z]*' http-api.yaml | diff - policy-actions.txt >&2
