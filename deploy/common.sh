# shellcheck shell=bash
# What backup and restore share: how they speak, and how they find the database. Sourced with program set to the script's name.

: "${program:?is set by the script that sources this file}"

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$program: $*"
  exit 1
}

wrong() {
  say "$program: $1"
  say "deploy/$program --help tells what there is."
  exit 2
}

require() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || die "$tool is needed and is not in PATH."
  done
}

is_number() { [[ $1 =~ ^[0-9]{1,6}$ ]]; }

percent_decoded() {
  local text=${1//\\/\\\\}
  printf '%b' "${text//%/\\x}"
}

joined() {
  local IFS=,
  printf '%s' "$*"
}

# use_database OPTION: who and where, as libpq's variables, so that no password is ever an argument of a program. database is the name.
use_database() {
  [ -z "${DATABASE_URL:-}" ] || use_url "$DATABASE_URL"
  [ -z "${DB_HOST:-}" ] || export PGHOST=$DB_HOST
  [ -z "${DB_PORT:-}" ] || export PGPORT=$DB_PORT
  [ -z "${DB_USER:-}" ] || export PGUSER=$DB_USER
  database=${1:-${DB_NAME:-${PGDATABASE:-apg_capability_registry}}}
  [[ $database =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$ ]] || wrong "'$database' is no name of a database that this can handle: letters, digits, '_', '-' and '.' only."
  export PGDATABASE=$database PGAPPNAME=${PGAPPNAME:-registry-$program}
}

# use_url URL: DATABASE_URL, as docs/configuration.md describes it.
use_url() {
  local rest=${1#*://} parameters="" login="" part hosts=() ports=() parts=()
  [[ $1 =~ ^postgres(ql(\+[a-z0-9]+)?)?:// ]] || die "DATABASE_URL is not of the form postgresql://user:password@host:port/database."
  [[ $rest != *\?* ]] || parameters=${rest#*\?}
  rest=${rest%%\?*}
  [[ $rest != */* ]] || PGDATABASE=$(percent_decoded "${rest#*/}")
  rest=${rest%%/*}
  [[ $rest != *@* ]] || login=${rest%@*}
  IFS=, read -ra parts <<<"${rest##*@}"
  for part in ${parts[@]+"${parts[@]}"}; do
    if [[ $part =~ ^\[(.*)\](:([0-9]+))?$ ]]; then
      hosts+=("${BASH_REMATCH[1]}") ports+=("${BASH_REMATCH[3]:-5432}")
    else
      hosts+=("$(percent_decoded "${part%%:*}")")
      [[ $part == *:* ]] && ports+=("${part#*:}") || ports+=(5432)
    fi
  done
  [ ${#hosts[@]} -eq 0 ] || export PGHOST PGPORT
  PGHOST=$(joined ${hosts[@]+"${hosts[@]}"}) PGPORT=$(joined ${ports[@]+"${ports[@]}"})
  [ -z "$login" ] || export PGUSER
  PGUSER=$(percent_decoded "${login%%:*}")
  [[ $login != *:* ]] || export PGPASSWORD
  [[ $login != *:* ]] || PGPASSWORD=$(percent_decoded "${login#*:}")
  use_parameters "$parameters"
}

use_parameters() {
  local pair pairs=()
  IFS='&' read -ra pairs <<<"$1"
  for pair in ${pairs[@]+"${pairs[@]}"}; do
    case "${pair%%=*}" in
      sslmode) export PGSSLMODE=${pair#*=} ;;
      sslrootcert) PGSSLROOTCERT=$(percent_decoded "${pair#*=}") && export PGSSLROOTCERT ;;
      application_name) PGAPPNAME=$(percent_decoded "${pair#*=}") && export PGAPPNAME ;;
      connect_timeout) export PGCONNECT_TIMEOUT=${pair#*=} ;;
      target_session_attrs) export PGTARGETSESSIONATTRS=${pair#*=} ;;
      *) die "DATABASE_URL has the parameter '${pair%%=*}', which is none of sslmode, sslrootcert, application_name, connect_timeout and target_session_attrs." ;;
    esac
  done
}

# sql DATABASE [psql's options]: runs what comes on standard input, and answers with bare rows.
sql() { PGDATABASE=$1 psql --no-password --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "${@:2}"; }
