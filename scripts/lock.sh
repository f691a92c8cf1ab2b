#!/bin/sh
# Resolves pyproject.toml into the pinned, hashed requirements of every supported Python and system.
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --custom-compile-command "make lock" "$@"
}
compile pyproject.toml --output-file requirements.txt
compile pyproject.toml --extra dev --output-file requirements-dev.txt
# The installer itself, for machines that have none.
version=$("$uv" --version | cut -d ' ' -f 2)
echo "uv==$version" | compile - --output-file scripts/uv-requirements.txt
