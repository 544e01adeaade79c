#!/usr/bin/env bash
# Runs commands on new machines that have only Debian, Rust, make and git:
#
#   scripts/fresh_machine.sh DIR [COMMAND...]        (`make study` and `make test`, if none is given)
#
# Each COMMAND runs in a root of its own, made by debootstrap in DIR, in a clean clone of what is
# committed. Needs root and debootstrap; takes the network's settings from this machine. DIR/base
# is kept for the next time; everything else is removed.
set -euo pipefail

# Runs in a mount and process namespace of its own: mounts and daemons end with it.
inside() { # root command
  local root=$1
  mount --rbind /dev "$root/dev"
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount --bind "$(rustc --print sysroot)" "$root/opt/rust"
  mount -o remount,bind,ro "$root/opt/rust"
  exec env -i HOME=/root USER=root TERM=dumb LANG=C.UTF-8 \
    PATH=/opt/rust/bin:/root/.cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    "${network[@]}" chroot "$root" bash -c "cd /root/parstock && $2" </dev/null
}

# Proxies, certificates and registries, but no secrets.
network=()
for name in $(compgen -e); do
  case $name in
    *TOKEN* | *SECRET* | *PASSWORD* | *CREDENTIAL*) ;;
    *_proxy | *_PROXY | *_CA_BUNDLE | SSL_CERT_* | GIT_SSL_CAINFO | PIP_CERT | PIP_INDEX_URL | \
      CARGO_HTTP_* | CARGO_NET_* | CARGO_REGISTRIES_* | CARGO_REGISTRY_* | CARGO_SOURCE_*)
      network+=("$name=${!name}")
      ;;
  esac
done

if [ "${1:-}" = --inside ]; then
  inside "$2" "$3"
fi

[ $# -ge 1 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }
[ "$(id -u)" = 0 ] || { echo 'fresh_machine: needs root' >&2; exit 2; }
command -v debootstrap >/dev/null || { echo 'fresh_machine: apt-get install debootstrap' >&2; exit 2; }
repository=$(realpath "$(dirname "$0")/..")
mkdir -p "$1"
dir=$(realpath "$1")
shift
[ $# -gt 0 ] || set -- 'make study' 'make test'
[ -z "$(git -C "$repository" status --porcelain)" ] ||
  echo 'fresh_machine: changes that are not committed are left out' >&2

root=""
child=""
remove() {
  # With it, its namespace ends, and every process in there.
  [ -z "$child" ] || kill -KILL "$child" 2>/dev/null || true
  child=
  [ -n "$root" ] || return 0
  # Never delete through a mount that should not be there.
  if grep -q " $root/" /proc/mounts; then umount --recursive --lazy "$root"/* 2>/dev/null || true; fi
  grep -q " $root/" /proc/mounts || rm -rf --one-file-system "$root"
  root=
}
trap remove EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

make_base() {
  local suite mirror
  # shellcheck source=/dev/null
  suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
  # shellcheck disable=SC2016 # apt expands it
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' | awk -v suite="$suite" '$2 == suite && $3 == "main" { print $1; exit }')
  [ -n "$mirror" ] || { echo "fresh_machine: no mirror of $suite in /etc/apt" >&2; exit 1; }
  root=$dir/base.partial
  rm -rf --one-file-system "$root"
  debootstrap --variant=minbase --include=ca-certificates,git,make "$suite" "$root" "$mirror" \
    >"$dir/debootstrap.log" 2>&1 || { tail "$dir/debootstrap.log" >&2; exit 1; }
  rm -f "$root/etc/apt/sources.list"
  mv "$root" "$dir/base"
  root=
}

# Where and how this machine reaches its package sources.
copy_network() {
  local path
  shopt -s nullglob
  for path in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} \
    /usr/share/keyrings/* /etc/apt/keyrings/* /etc/resolv.conf /etc/hosts \
    /usr/local/share/ca-certificates/* /etc/ssl/certs/ca-certificates.crt; do
    [ -e "$path" ] || continue
    mkdir -p "$root${path%/*}"
    cp -rL "$path" "$root$path"
  done
  apt-config dump 'Acquire' | grep -E '^Acquire::(Check|ForceIPv|Retries|https?:)' \
    >"$root/etc/apt/apt.conf.d/90network" || true
  mkdir -p "$root/root/.cargo"
  path=${CARGO_HOME:-$HOME/.cargo}/config.toml
  if [ -e "$path" ]; then cp "$path" "$root/root/.cargo/"; fi
}

[ -d "$dir/base" ] || make_base
number=0 failed=0
for command in "$@"; do
  number=$((number + 1))
  root=$dir/root-$$-$number
  rm -rf --one-file-system "$root"
  cp -a "$dir/base" "$root"
  mkdir -p "$root/opt/rust"
  copy_network
  git clone --quiet --no-hardlinks "$repository" "$root/root/parstock"

  begin=$SECONDS status=0
  echo "== $command"
  # In the background, because traps wait for what runs in the foreground.
  unshare --mount --pid --fork --kill-child "$repository/scripts/fresh_machine.sh" \
    --inside "$root" "$command" > >(tee "$dir/log-$number") 2>&1 &
  child=$!
  wait "$child" || status=$?
  child=
  echo "== $command: status $status after $((SECONDS - begin)) s"
  [ $status = 0 ] || failed=1
  remove
done
exit $failed
