# shellcheck shell=bash
# What run.sh and test.sh share: finding the SDK, the packages of the system and the kind of NuGet feed. Sourced with root set to the checkout.

: "${root:?is set by the script that sources this file}"
export DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$@"
  exit 1
}

# dotnet looks for global.json from the current folder upwards, wherever the project lies.
dotnet_here() { (cd "$root" && dotnet "$@"); }

require_sdk() {
  local wanted answer
  wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
  command -v dotnet >/dev/null || die "The .NET SDK $wanted or later is needed and there is no dotnet in PATH. Get it from https://dotnet.microsoft.com/download/dotnet/10.0"
  answer=$(dotnet_here --version 2>&1) && return
  # A system without the ICU libraries: nothing here needs them.
  DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 dotnet_here --version >/dev/null 2>&1 && export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 && return
  say "$answer"
  die "The .NET SDK $wanted or a later 10.0 one is needed (global.json). Get it from https://dotnet.microsoft.com/download/dotnet/10.0"
}

# The same places that the standalone host searches, in the same order (PostgresBinaries.cs).
has_postgres() {
  [ -z "${REGISTRY_POSTGRES_BIN:-}" ] || return 0
  local program folder
  while IFS= read -r program; do
    is_postgres "$(dirname -- "$(readlink -f -- "$program" || printf '%s' "$program")")" && return 0
  done < <(type -aP pg_ctl || true)
  for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin; do
    is_postgres "$folder" && return 0
  done
  return 1
}

is_postgres() {
  local version
  [ -x "$1/initdb" ] && [ -x "$1/pg_ctl" ] && [ -x "$1/postgres" ] || return 1
  version=$("$1/postgres" --version 2>/dev/null | sed 's/[^0-9]*\([0-9]*\).*/\1/')
  [ "${version:-0}" -ge 14 ]
}

ensure_postgres() {
  has_postgres && return
  say "No PostgreSQL server is installed."
  if apt_install postgresql && has_postgres; then
    return
  fi
  die "PostgreSQL 14 or later is needed. Do one of these:
  Debian, Ubuntu   apt-get install postgresql
  Fedora, RHEL     dnf install postgresql-server
  Alpine           apk add postgresql util-linux
  macOS            brew install postgresql@17
  elsewhere        set REGISTRY_POSTGRES_BIN to the folder that holds initdb, pg_ctl and postgres
  a server exists  set ConnectionStrings__registry, for example \"Host=db;Username=registry;Password=...;Database=registry\""
}

# Installs packages of Debian or Ubuntu, where that needs no password. Their services are not started, and PostgreSQL makes no cluster of its own.
apt_install() {
  local log become=()
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || return 1
    become=(sudo -n)
  fi
  log=$(mktemp)
  say "Installing $* with apt-get ..."
  if ${become[@]+"${become[@]}"} bash -s -- "$@" <"$root/eng/apt-install.sh" >"$log" 2>&1; then
    rm -f -- "$log"
    return 0
  fi
  tail -n 20 -- "$log" >&2
  rm -f -- "$log"
  return 1
}

# Exports AspireFeed: whether the configured NuGet feeds carry the Aspire packages. As an environment variable, because the AppHost's project imports its SDK
# before any file of ours is read. Asked of the feeds once; the answer is kept in AspireFeed.props (delete it to ask again).
decide_aspire_feed() {
  local file="$root/AspireFeed.props"
  if [ -z "${AspireFeed:-}" ] && [ -f "$file" ]; then
    AspireFeed=$(sed -n 's:.*<AspireFeed[^>]*>\([a-z]*\)</AspireFeed>.*:\1:p' "$file")
  fi
  case "${AspireFeed:-}" in
    true | false) ;;
    '') probe_aspire_feed "$file" ;;
    *) die "AspireFeed is '$AspireFeed'; it is true or false." ;;
  esac
  export AspireFeed

  # Aspire's build fetches its command line by dnx, which lies beside the real dotnet and seldom in PATH.
  if [ "$AspireFeed" = true ]; then
    PATH="$PATH:$(dirname -- "$(readlink -f -- "$(command -v dotnet)")")"
  fi
}

probe_aspire_feed() {
  local version folder answer outcome="do not carry it"
  version=$(sed -n 's:.*<AspireVersion>\(.*\)</AspireVersion>.*:\1:p' "$root/Directory.Packages.props")
  say "Asking the NuGet feeds for Aspire $version ..."
  folder=$(mktemp -d)
  write_probe_project "$folder" "$version"
  # Into a folder of its own: what an earlier restore has left on this machine says nothing about the feeds.
  if answer=$(cd "$folder" && NUGET_PACKAGES="$folder/packages" bounded 120 dotnet restore probe.proj --verbosity quiet 2>&1); then
    AspireFeed=true
  else
    AspireFeed=false
    case "$answer" in
      *NU1101* | *NU1102* | *NU1103*) ;;
      *) outcome="did not answer" ;;
    esac
  fi
  rm -rf -- "$folder"
  # Only an answer is remembered.
  if [ "$outcome" != "did not answer" ]; then
    printf '<Project>\n  <PropertyGroup>\n    <AspireFeed>%s</AspireFeed>\n  </PropertyGroup>\n</Project>\n' "$AspireFeed" >"$1.new"
    mv -f -- "$1.new" "$1"
  fi
  [ "$AspireFeed" = true ] || say "They $outcome: going on without the AppHost (docs/adr/0003)."
}

# A project that nothing around it reaches, with the checkout's own feeds if it names any. It asks for every Aspire package: a feed may carry some of them only.
write_probe_project() {
  local empty config preview sdk packages
  for empty in Directory.Build.props Directory.Build.targets Directory.Packages.props; do
    printf '<Project />\n' >"$1/$empty"
  done
  for config in "$root"/[Nn]u[Gg]et.[Cc]onfig; do
    [ ! -f "$config" ] || cp -- "$config" "$1/nuget.config"
  done
  preview=$(sed -n 's:.*<AspirePreviewVersion>\(.*\)</AspirePreviewVersion>.*:\1:p' "$root/Directory.Packages.props")
  preview=${preview/'$(AspireVersion)'/$2}
  sdk=$(sed -n 's:.*"Aspire.AppHost.Sdk"\: *"\([^"]*\)".*:\1:p' "$root/global.json")
  packages=$(sed -n \
    -e 's:.*<PackageVersion Include="\(Aspire\.[^"]*\)" Version="$(AspireVersion)".*:    <PackageDownload Include="\1" Version="['"$2"']" />:p' \
    -e 's:.*<PackageVersion Include="\(Aspire\.[^"]*\)" Version="$(AspirePreviewVersion)".*:    <PackageDownload Include="\1" Version="['"$preview"']" />:p' \
    "$root/Directory.Packages.props")
  cat >"$1/probe.proj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="Aspire.AppHost.Sdk" Version="[$sdk]" />
$packages
  </ItemGroup>
</Project>
EOF
}

# bounded SECONDS COMMAND...: macOS has no timeout of its own.
bounded() {
  if command -v timeout >/dev/null; then
    timeout "$@"
  else
    "${@:2}"
  fi
}
