#!/usr/bin/env bash
# Builds everything with warnings as errors, checks the format and runs every test. Arguments go to the test runner, for example:
#   ./test.sh -class CapabilityRegistry.Tests.Core.VersionTests
# The last line is: N passed, N failed, N skipped
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=eng/common.sh
. "$root/eng/common.sh"

# Build nodes that outlive this script would hold its output open.
[ "${CI:-}" != true ] || export MSBUILDDISABLENODEREUSE=1

# What tests run beside PostgreSQL: a Redis, and the programs that know whether the files in deploy/ are right.
ensure_tools() {
  local pair missing=()
  for pair in redis-server:redis-server nginx:nginx-light haproxy:haproxy promtool:prometheus shellcheck:shellcheck age:age rclone:rclone; do
    PATH=$PATH:/usr/sbin command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}" || say "Without ${missing[*]}, the tests that need them are skipped."
}

require_sdk
[ -n "${ConnectionStrings__registry:-}" ] || ensure_postgres
ensure_tools
decide_aspire_feed

say "Restoring ..."
# The lock files are those of the shape without Aspire (Directory.Build.props).
if [ "$AspireFeed" = false ]; then
  dotnet_here restore CapabilityRegistry.sln --locked-mode --verbosity quiet
else
  dotnet_here restore CapabilityRegistry.sln --verbosity quiet
fi

say "Building ..."
dotnet_here build CapabilityRegistry.sln --configuration Release --no-restore --verbosity quiet

say "Checking the format ..."
dotnet_here format CapabilityRegistry.sln --verify-no-changes --no-restore

results=$(mktemp -d)
trap 'rm -rf -- "$results"' EXIT

# Of what the runner tells about every test, this shows all but the starts and the ends, which it counts.
show_progress() {
  local line finished=0
  while IFS= read -r line; do
    case "$line" in
      *' [STARTING]'*) ;;
      *' [FINISHED]'*)
        finished=$((finished + 1))
        [ $((finished % 100)) -ne 0 ] || echo "... $finished tests have ended"
        ;;
      *) printf '%s\n' "$line" ;;
    esac
  done
}

say "Testing ..."
exit_code=0
dotnet "$root/CapabilityRegistry.Tests/bin/Release/net10.0/CapabilityRegistry.Tests.dll" -noLogo -noColor -noAutoReporters -reporter verbose -longRunning 60 \
  -result-xml "$results/tests.xml" "$@" </dev/null | show_progress || exit_code=$?

# count ATTRIBUTE: of the run as a whole; empty when the runner did not live to write its results.
count() { { grep -o '<assembly [^>]*>' "$results/tests.xml" 2>/dev/null || true; } | sed -n "1s/.* $1=\"\([0-9]*\)\".*/\1/p"; }

list_skipped() {
  tr '\n' ' ' <"$results/tests.xml" | awk '{ gsub(/<test /, "\n<test "); print }' \
    | sed -n 's:^<test id="[^"]*" name="\([^"]*\)" result="Skip".*<reason>\(.*\)</reason>.*:  \1\: \2:p' \
    | sed -e 's:\\":":g' -e 's:&lt;:<:g' -e 's:&gt;:>:g' -e 's:\\*&quot;:":g' -e 's:&apos;:'"'"':g' -e 's:&amp;:\&:g'
}

passed=$(count passed)
if [ -z "$passed" ]; then
  say "The test runner ended with exit code $exit_code and left no results."
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

failed=$(($(count failed) + $(count errors)))
skipped=$(count skipped)
if [ "$skipped" -gt 0 ]; then
  echo "Skipped:"
  list_skipped
fi
if [ "$((passed + failed))" -eq 0 ]; then
  say "No test ran."
elif [ "$failed" -eq 0 ] && [ "$exit_code" -ne 0 ]; then
  say "The test runner ended with exit code $exit_code."
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] && [ "$exit_code" -eq 0 ]
