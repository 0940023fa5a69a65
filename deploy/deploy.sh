#!/usr/bin/env bash
# Deploys the Capability Registry: builds and publishes the images, runs the migrations, rolls the processes out, waits until they are well, and goes back to what ran before when they are not.
# In Kubernetes the chart does it (deploy/kubernetes): its migrations are a job of each revision, and a process of the API is not ready before they are done.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

usage() {
  cat <<'EOF'
Usage: deploy/deploy.sh [production|staging] [options]

  --target compose|kubernetes  where to (compose)
  --registry HOST[/PATH]       the image registry; without one, images stay with the local engine (compose only)
  --tag TAG                    the images' tag (the commit)
  --compose-file FILE          the Compose file (deploy/compose/docker-compose.yaml)
  --chart DIR                  the Helm chart (deploy/kubernetes)
  --values FILE                the chart's values that are yours, the secrets first of all (needed for kubernetes; deploy/kubernetes/values.yaml names them all)
  --release NAME               the Helm release (capability-registry)
  --namespace NAME             the Kubernetes namespace (apg-registry)
  --url URL                    where the registry answers when it is deployed, for a last look from outside (for kubernetes http://127.0.0.1:8000; with Compose none, since its name and
                               certificate are yours: there NGINX is asked from inside)
  --timeout SECONDS            how long to wait for it (300)
  --skip-build                 the images are there already
  --dry-run                    say what would be done
  --help                       this text

Names that can be set by the environment, for Compose: API_NAMES, WORKER_NAME, MIGRATIONS_NAME and AROUND_NAMES, the services ("app1 app2 app3", worker, migrations, "nginx prometheus grafana").
The Compose file takes the images from API_IMAGE, WORKER_IMAGE and MIGRATIONS_IMAGE, which are set here, and everything else from .env beside it.
EOF
}

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$@"
  exit 1
}

wrong() {
  say "$1"
  say "deploy/deploy.sh --help tells what there is."
  exit 2
}

environment=production target=compose registry="" tag="" compose_file="$root/deploy/compose/docker-compose.yaml" chart="$root/deploy/kubernetes" values="" release=capability-registry
namespace=apg-registry url="" timeout=300 build=true dry_run=false

parse() {
  while [ $# -gt 0 ]; do
    case "$1" in
      --help | -h)
        usage
        exit 0
        ;;
      --skip-build)
        build=false
        shift
        ;;
      --dry-run)
        dry_run=true
        shift
        ;;
      --target | --registry | --tag | --compose-file | --chart | --values | --release | --namespace | --url | --timeout)
        [ -n "${2:-}" ] || wrong "$1 needs a value."
        take "$1" "$2"
        shift 2
        ;;
      production | staging)
        environment=$1
        shift
        ;;
      *) wrong "'$1' is neither an option nor an environment." ;;
    esac
  done
}

take() {
  case "$1" in
    --target) target=$2 ;;
    --registry) registry=$2 ;;
    --tag) tag=$2 ;;
    --compose-file) compose_file=$2 ;;
    --chart) chart=$2 ;;
    --values) values=$2 ;;
    --release) release=$2 ;;
    --namespace) namespace=$2 ;;
    --url) url=$2 ;;
    --timeout) timeout=$2 ;;
  esac
}

# run COMMAND...: everything that changes something goes through here.
run() {
  say "+ $*"
  [ "$dry_run" = true ] || "$@"
}

require() {
  local tool
  [ "$dry_run" = false ] || return 0
  for tool in "$@"; do
    command -v "$tool" >/dev/null || die "$tool is needed and is not in PATH."
  done
}

check() {
  case "$target" in
    compose) require docker ;;
    kubernetes)
      url=${url:-http://127.0.0.1:8000}
      [ -n "$values" ] || wrong "--values is needed: the chart's secrets have no values of their own, and would be rendered as nothing."
      [ -n "$registry" ] || [ "$dry_run" = true ] || wrong "--registry is needed: the cluster takes the images from one."
      require kubectl helm
      ;;
    *) wrong "--target is compose or kubernetes, not '$target'." ;;
  esac
  [ "$build" = false ] || require dotnet
  [[ $timeout =~ ^[0-9]+$ ]] || wrong "--timeout is a number of seconds, not '$timeout'."
  [ -n "$tag" ] || tag=$(git -C "$root" rev-parse --short=12 HEAD)
  read -ra api_names <<<"${API_NAMES:-app1 app2 app3}"
  read -ra around_names <<<"${AROUND_NAMES-nginx prometheus grafana}"
  worker_name=${WORKER_NAME:-worker} migrations_name=${MIGRATIONS_NAME:-migrations}
  API_IMAGE=${registry:+$registry/}capability-registry-api:$tag
  WORKER_IMAGE=${registry:+$registry/}capability-registry-worker:$tag
  MIGRATIONS_IMAGE=$WORKER_IMAGE
  ENVIRONMENT=$environment
  export API_IMAGE WORKER_IMAGE MIGRATIONS_IMAGE ENVIRONMENT
}

# publish PROJECT REPOSITORY: the SDK makes the image, without a Dockerfile, as a user that is not root.
publish() {
  local destination=() repository=$2
  if [ -n "$registry" ]; then
    destination=(-p:ContainerRegistry="${registry%%/*}")
    [ "$registry" = "${registry%%/*}" ] || repository="${registry#*/}/$2"
  fi
  run dotnet publish "$root/$1" --configuration Release -t:PublishContainer "${destination[@]}" -p:ContainerRepository="$repository" -p:ContainerImageTag="$tag"
}

images() {
  [ "$build" = true ] || return 0
  say "Images, with tag $tag ..."
  publish CapabilityRegistry.Api capability-registry-api
  publish CapabilityRegistry.Worker capability-registry-worker
}

compose() { run docker compose --file "$compose_file" "$@"; }

helm_() { run helm "$1" "$release" --namespace "$namespace" "${@:2}"; }

# The image that a service runs now, to go back to.
running_image() {
  local container
  [ "$dry_run" = false ] || return 0
  container=$(docker compose --file "$compose_file" ps --quiet "$1" 2>/dev/null | head -n 1)
  [ -z "$container" ] || docker inspect --format '{{.Config.Image}}' "$container"
}

# Before the processes: migrations are made so that the release that still runs goes on working (docs/adr/0018). In Kubernetes they are a part of the roll-out.
migrate() {
  [ "$target" = compose ] || return 0
  say "Migrations ..."
  compose run --rm "$migrations_name"
}

up() { compose up --detach --no-deps --wait --wait-timeout "$timeout" "$@"; }

# One process of the API after the other: the others answer meanwhile. The first that does not become well is the last that is touched.
replace() {
  local name
  for name in "$worker_name" "${api_names[@]}"; do
    up "$name" || return
  done
}

roll_out() {
  say "Rolling out ..."
  if [ "$target" = compose ]; then
    replace && { [ ${#around_names[@]} -eq 0 ] || up --remove-orphans "${around_names[@]}"; }
    return
  fi
  helm_ upgrade "$chart" --install --atomic --wait --wait-for-jobs --timeout "${timeout}s" --values "$values" \
    --set-string "parameters.api.api_image=$API_IMAGE,parameters.worker.worker_image=$WORKER_IMAGE,parameters.migrations.migrations_image=$WORKER_IMAGE" \
    --set-string "config.api.ENVIRONMENT=$environment,config.worker.ENVIRONMENT=$environment,config.migrations.ENVIRONMENT=$environment"
}

# Asks until all is well, as anybody: who deploys need not have a login.
is_well() {
  local until
  if [ -z "$url" ]; then
    compose exec -T "${api_names[0]}" dotnet /app/CapabilityRegistry.Api.dll check-health http://127.0.0.1:8000/api/registry/health
    return
  fi
  say "+ $root/deploy/health_check --url $url --anonymous"
  [ "$dry_run" = false ] || return 0
  until=$((SECONDS + timeout))
  while ! "$root/deploy/health_check" --url "$url" --anonymous >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$until" ] || {
      "$root/deploy/health_check" --url "$url" --anonymous
      return
    }
    sleep 3
  done
}

# Back to the release before. Migrations stay: it works with them.
roll_back() {
  say "It is not well: going back to what ran before."
  if [ "$target" = kubernetes ]; then
    if [ "$is_installed" = true ]; then
      helm_ rollback --wait --timeout "${timeout}s" || say "Going back failed, too."
    else
      say "Nothing ran before."
    fi
  elif [ -n "$previous_api" ] && [ -n "$previous_worker" ]; then
    API_IMAGE=$previous_api WORKER_IMAGE=$previous_worker replace || say "Going back failed, too."
  else
    say "Nothing ran before."
  fi
  die "The deployment of $tag to $environment failed."
}

prepare() {
  if [ "$target" = compose ]; then
    previous_api=$(running_image "${api_names[0]}")
    previous_worker=$(running_image "$worker_name")
    compose up --detach --wait postgres redis
    return
  fi
  say "+ kubectl apply --filename - (namespace $namespace)"
  [ "$dry_run" = false ] || return 0
  sed "s/apg-registry/$namespace/" "$chart/namespace.yaml" | kubectl apply --filename -
  ! helm status "$release" --namespace "$namespace" >/dev/null 2>&1 || is_installed=true
}

previous_api="" previous_worker="" is_installed=false
parse "$@"
check
say "Deploying the Capability Registry $tag to $environment ($target) ..."
images
prepare
migrate || die "The migrations failed; what ran before still runs."
if ! roll_out; then
  # Helm has gone back by itself (--atomic).
  [ "$target" = compose ] || die "The deployment of $tag to $environment failed; what ran before runs again."
  roll_back
fi
is_well || roll_back
say "The Capability Registry $tag is deployed${url:+: $url}"
