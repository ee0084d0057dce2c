#!/usr/bin/env bash
# Deploys Spaceport's backend into the AWS account that is signed in: build/deploy.sh [all|backend|sfm|3dgs|compressor] [--env NAME] [--dry-run]
# all: the stack, the three images, the stack again with their digests. --dry-run: says every step, asks AWS nothing, changes nothing.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
what=all
environment=dev
dry=false

usage() {
  sed -n '2,3p' "${BASH_SOURCE[0]}" | cut -c3-
  printf '%s\n' \
    'Variables: SPACEPORT_OWNER_MAIL, SPACEPORT_SENDER_MAIL (asked for at the first deployment), SPACEPORT_BUDGET_USD,' \
    'AWS_REGION, and whatever your AWS sign-in needs. docs/deploy.md goes through it step by step.'
}

stop() {
  printf '%s\n\n  What to do: %s\n  (%s)\n' "$2" "$3" "$1" >&2
  exit 30
}

while (($# > 0)); do
  case "$1" in
    all | backend | sfm | 3dgs | compressor) what="$1" ;;
    --env)
      [[ $# -ge 2 ]] || stop deploy/arguments '--env needs a name.' 'Say for example: --env dev'
      environment="$2"
      shift
      ;;
    --dry-run) dry=true ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) stop deploy/arguments "Unknown argument $1." 'build/deploy.sh --help lists what there is.' ;;
  esac
  shift
done
[[ "$environment" =~ ^[a-z][a-z0-9]{1,11}$ ]] ||
  stop deploy/environment "The environment $environment is not 2 to 12 small letters and digits." 'Choose another name.'

if [[ "$environment" == production ]]; then tail=''; else tail="-$environment"; fi
stack="Spaceport$tail"
prefix="spaceport$tail"

# Says a command, and runs it where this is no dry run.
run() {
  printf '+'
  printf ' %q' "$@"
  printf '\n'
  if [[ "$dry" == false ]]; then "$@"; fi
}

needs() {
  command -v "$1" >/dev/null || stop "deploy/no-$1" "$1 was not found." "$2"
}

check_tools() {
  needs node 'Install Node 20 or newer.'
  [[ "$dry" == true ]] && return
  needs aws 'Install the AWS command line, version 2, and sign in.'
  account="$(aws sts get-caller-identity --query Account --output text)" ||
    stop deploy/not-signed-in 'AWS does not know who you are.' 'Sign in (aws sso login, or aws configure), then run the same command again.'
  region="${AWS_REGION:-$(aws configure get region || true)}"
  [[ -n "$region" ]] || stop deploy/no-region 'No region is chosen.' 'Set AWS_REGION, for example to eu-central-1.'
}

account=ACCOUNT
region="${AWS_REGION:-REGION}"

cdk() {
  (cd "$root/backend" && run "$root/node_modules/.bin/node" node_modules/aws-cdk/bin/cdk "$@" --context "env=$environment")
}

# A dry run takes the packages that are there.
set_up() {
  (cd "$root" && run node build/setup.mjs)
  (cd "$root" && run npm ci --prefix backend --ignore-scripts --no-audit --no-fund)
  [[ -e "$root/backend/node_modules/aws-cdk/bin/cdk" ]] ||
    stop deploy/no-packages 'The packages of backend/ are not installed.' 'Run: npm ci --prefix backend --ignore-scripts'
}

# Parameters that are not named keep the value of the last deployment.
deploy_backend() {
  local parameters=()
  [[ -n "${SPACEPORT_OWNER_MAIL:-}" ]] && parameters+=(--parameters "OwnerMail=$SPACEPORT_OWNER_MAIL")
  [[ -n "${SPACEPORT_SENDER_MAIL:-}" ]] && parameters+=(--parameters "SenderMail=$SPACEPORT_SENDER_MAIL")
  [[ -n "${SPACEPORT_BUDGET_USD:-}" ]] && parameters+=(--parameters "MonthlyBudgetUsd=$SPACEPORT_BUDGET_USD")
  # Needs no account: a stack that breaks a rule is found before anything is changed, in a dry run too.
  (cd "$root/backend" && "$root/node_modules/.bin/node" node_modules/aws-cdk/bin/cdk synth --quiet --context "env=$environment")
  cdk bootstrap --require-approval never
  cdk deploy "$stack" --require-approval never ${parameters[@]+"${parameters[@]}"} "$@"
}

container_tool() {
  for tool in docker podman; do if command -v "$tool" >/dev/null; then printf '%s' "$tool" && return; fi; done
  [[ "$dry" == true ]] && printf 'docker' && return
  stop deploy/no-builder 'Neither docker nor podman was found.' 'Install one of them.'
}

parameter_of() {
  case "$1" in sfm) echo SfmDigest ;; 3dgs) echo TrainDigest ;; compressor) echo CompressorDigest ;; esac
}

digests=()

# Builds, pushes under a tag that is never used again, and remembers the digest that the registry gave.
push_image() {
  local name="$1" tool tag uri digest
  tool="$(container_tool)"
  tag="$(git -C "$root" rev-parse --short=12 HEAD)-$(date -u +%Y%m%d%H%M%S)"
  uri="$account.dkr.ecr.$region.amazonaws.com/$prefix/$name"
  # A provenance attestation makes the tag an index of manifests, which SageMaker does not take for an image. podman makes none.
  local plain=()
  [[ "$tool" == docker ]] && plain+=(--provenance=false --sbom=false)
  run "$tool" build ${plain[@]+"${plain[@]}"} --platform linux/amd64 -f "$root/containers/$name/Dockerfile" -t "$uri:$tag" "$root/containers"
  if [[ "$dry" == true ]]; then
    printf '+ aws ecr get-login-password | %s login --username AWS --password-stdin %s\n' "$tool" "${uri%%/*}"
  else
    aws ecr get-login-password --region "$region" | "$tool" login --username AWS --password-stdin "${uri%%/*}"
  fi
  run "$tool" push "$uri:$tag"
  if [[ "$dry" == true ]]; then
    digest='DIGEST'
  else
    digest="$(aws ecr describe-images --region "$region" --repository-name "$prefix/$name" --image-ids "imageTag=$tag" --query 'imageDetails[0].imageDigest' --output text)"
    [[ "$digest" == sha256:* ]] || stop deploy/no-digest "The registry gave no digest for $name." 'Look into the registry, then run the same command again.'
  fi
  digests+=(--parameters "$(parameter_of "$name")=$digest")
}

check_tools
set_up
case "$what" in
  backend) deploy_backend ;;
  all)
    deploy_backend
    for name in sfm compressor 3dgs; do push_image "$name"; done
    deploy_backend "${digests[@]}"
    ;;
  *)
    push_image "$what"
    deploy_backend "${digests[@]}"
    ;;
esac
if [[ "$dry" == true ]]; then printf 'Dry run: nothing was changed.\n'; else printf '%s is deployed in %s.\n' "$stack" "$region"; fi
