#!/usr/bin/env bash
# Installs what building (study), testing (test) or checking (lint) needs and this machine lacks.
#
#   scripts/setup.sh study [test] [lint]
#
# PARSTOCK_SETUP=none installs nothing and only says what is missing. Ends with status 2
# if the program cannot be built; MPI, Slurm and cargo-deny are left out where they cannot be had.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

missing=()  # what to call it in a message
packages=() # Debian's and Ubuntu's names

have() { command -v "$1" >/dev/null 2>&1; }

have_compiler() { have "${CXX:-c++}" && have cc; }

# The places where bindgen looks. libclang-cpp, which comes with other packages, is another library.
have_libclang() {
  [ -z "${LIBCLANG_PATH:-}" ] || return 0
  has_libclang '/usr/lib/llvm*/lib' && return 0
  ldconfig -p 2>/dev/null | grep -qE 'libclang(-[0-9.]+)?\.so' && return 0
  have llvm-config && has_libclang "$(llvm-config --libdir)"
}

has_libclang() { # folder
  compgen -G "$1/libclang.so*" >/dev/null || compgen -G "$1/libclang-[0-9]*.so*" >/dev/null
}

have_slurm() { have srun && have sbatch && have slurmctld && have slurmd && have munged; }

# need NAME PACKAGES TEST...
need() {
  local name=$1 names=$2
  shift 2
  "$@" && return 0
  [[ " ${missing[*]} " != *" $name "* ]] || return 0 # two tasks need it
  missing+=("$name")
  # shellcheck disable=SC2206 # several packages in one word
  packages+=($names)
}

look() {
  missing=() packages=()
  local task
  for task in "$@"; do
    case $task in
      study)
        need make make have make
        need cmake cmake have cmake
        need g++ g++ have_compiler
        need libclang libclang-dev have_libclang
        need pkg-config pkg-config have pkg-config
        need ccache ccache have ccache
        ;;
      test)
        need mpicc libopenmpi-dev have mpicc
        need mpirun openmpi-bin have mpirun
        need mpicc.mpich 'mpich libmpich-dev' have mpicc.mpich
        need slurm 'slurm-wlm slurm-client munge' have_slurm
        ;;
      lint) # clippy also reads the code behind the `mpi` feature
        need mpicc libopenmpi-dev have mpicc
        ;;
      *)
        echo "setup: unknown task \`$task\`, expected study, test or lint" >&2
        exit 2
        ;;
    esac
  done
}

install_packages() {
  local options=(-q -y --no-install-recommends -o DPkg::Lock::Timeout=300) package
  export DEBIAN_FRONTEND=noninteractive
  echo "setup: apt-get install ${packages[*]}" >&2
  apt-get update -q >&2 || echo 'setup: apt-get update failed, trying with the lists at hand' >&2
  apt-get install "${options[@]}" "${packages[@]}" >&2 && return 0
  # One package that this release does not have must not cost the others.
  for package in "${packages[@]}"; do
    apt-get install "${options[@]}" "$package" >&2 || echo "setup: $package failed" >&2
  done
}

explain() {
  echo "setup: missing: ${missing[*]}"
  echo "  Debian, Ubuntu: sudo apt-get install --no-install-recommends ${packages[*]}"
  echo '  Fedora, RHEL:   sudo dnf install cmake gcc-c++ clang-devel ccache openmpi-devel'
  echo '  cluster:        module load cmake gcc llvm openmpi   (names differ: see `module avail`)'
  echo '  libclang only:  pip install libclang, then LIBCLANG_PATH=.../site-packages/clang/native'
}

# What cargo itself installs; needs no root.
look_cargo() {
  if ! have cargo; then
    echo 'setup: missing: cargo. Install Rust 1.89 or later, as https://rustup.rs says' >&2
    exit 2
  fi
  [[ " $* " == *' lint '* ]] || return 0
  if ! { cargo clippy --version && cargo fmt --version; } >/dev/null 2>&1; then
    echo 'setup: missing: clippy or rustfmt' >&2
    [ "$install" = no ] || ! have rustup || rustup component add clippy rustfmt >&2 || true
  fi
  if ! have cargo-deny; then
    echo 'setup: missing: cargo-deny' >&2
    [ "$install" = no ] || cargo install cargo-deny --locked --quiet >&2 || true
  fi
}

[ $# -gt 0 ] || set -- study
install=yes
[ "${PARSTOCK_SETUP:-}" != none ] || install=no

look "$@"
if [ ${#missing[@]} -gt 0 ] && [ "$install" = yes ] && [ "$(id -u)" = 0 ] && have apt-get; then
  install_packages
  hash -r
  look "$@"
fi
[ ${#missing[@]} = 0 ] || explain >&2
look_cargo "$@"

for tool in "${missing[@]}"; do
  case $tool in
    make | cmake | g++ | libclang)
      echo "setup: cannot build without $tool" >&2
      exit 2
      ;;
  esac
done
