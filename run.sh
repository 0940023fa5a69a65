#!/usr/bin/env bash
# Builds and runs the Capability Registry on this machine: one process over a PostgreSQL of its own. See --help.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=eng/common.sh
. "$root/eng/common.sh"

usage() {
  cat <<'EOF'
Usage: ./run.sh [--port N] [--data DIR] [--fresh] [--seed FILE|builtin] [--new-secret] [--help]

Builds the Capability Registry and runs it: API and worker in one process, over a PostgreSQL that it starts and owns.

  --port N            the HTTP port
  --data DIR          where the data lies; by default /var/lib/capability-registry for root, else ~/.local/share/capability-registry
  --fresh             discard the data that lies there
  --seed FILE|builtin load an NDJSON file of manifests, or the example that comes with the registry
  --new-secret        make and print a further secret of the first administrator
  --help              this text

Environment:
  ConnectionStrings__registry  use this PostgreSQL instead of an own one
  REGISTRY_POSTGRES_BIN        the folder of initdb, pg_ctl and postgres, when they are not where they usually are
  AspireFeed                   true or false: whether the NuGet feeds carry Aspire (asked of them once when unset)

Ctrl+C stops it, PostgreSQL included.
EOF
}

wrong() {
  say "$1"
  say "./run.sh --help tells what there is."
  exit 2
}

is_port() { [[ $1 =~ ^[0-9]{1,5}$ ]] && [ "$1" -ge 1 ] && [ "$1" -le 65535 ]; }

arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h)
      usage
      exit 0
      ;;
    --fresh | --new-secret)
      arguments+=("$1")
      shift
      ;;
    --port=* | --data=* | --seed=*)
      set -- "${1%%=*}" "${1#*=}" "${@:2}"
      ;;
    --port | --data | --seed)
      [ -n "${2:-}" ] || wrong "$1 needs a value."
      case "$1" in
        --port) is_port "$2" || wrong "--port is a number from 1 to 65535, not '$2'." ;;
        --seed) [ "$2" = builtin ] || [ -r "$2" ] || wrong "--seed: there is no file '$2' that can be read." ;;
      esac
      arguments+=("$1" "$2")
      shift 2
      ;;
    *) wrong "'$1' is no option." ;;
  esac
done

require_sdk
[ -n "${ConnectionStrings__registry:-}" ] || ensure_postgres
decide_aspire_feed

say "Building ..."
output=$(dotnet_here build CapabilityRegistry.Standalone --configuration Release --verbosity quiet 2>&1) || die "$output"

# Not through the dotnet run command, and not as a child: Ctrl+C and SIGTERM reach the service itself.
exec dotnet "$root/CapabilityRegistry.Standalone/bin/Release/net10.0/CapabilityRegistry.Standalone.dll" ${arguments[@]+"${arguments[@]}"}
