#!/usr/bin/env bash
# Installs the named packages as root, unattended. Neither their services nor PostgreSQL's own cluster are started or made: only the programs are wanted.
# Run by eng/common.sh, which may have to go through sudo for it.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

policy=/usr/sbin/policy-rc.d
cluster_choice=/etc/postgresql-common/createcluster.d/capability-registry.conf
undo=("$cluster_choice")
trap 'rm -f -- "${undo[@]}"; rmdir --ignore-fail-on-non-empty /etc/postgresql-common/createcluster.d /etc/postgresql-common 2>/dev/null || true' EXIT

mkdir -p "${cluster_choice%/*}"
printf 'create_main_cluster = false\n' >"$cluster_choice"
if [ ! -e "$policy" ]; then
  undo+=("$policy")
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

install_packages() {
  apt-get -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=120 install --yes --no-install-recommends "$@" </dev/null
}

# Old package lists are the usual reason why the first try fails.
install_packages "$@" || { apt-get update </dev/null && install_packages "$@"; }

# What the packages have enabled for the next boot.
for service in "$@"; do
  if [ -d /run/systemd/system ] && [ "$service" != postgresql ]; then
    systemctl disable "$service" </dev/null || true
  fi
done
