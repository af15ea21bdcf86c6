# Shared by the scripts beside it; sourced, not run. Installs what is missing with the system's package manager.

# What it takes to build, and what to test besides, by Debian's names.
build_packages="gcc libc6-dev make autoconf automake pkg-config libncurses-dev libuv1-dev libutf8proc-dev libpcre2-dev libcjson-dev libinih-dev libarchive-dev zlib1g-dev"
test_packages="check tmux clang libclang-rt-14-dev python3 python3-memory-profiler python3-aiohttp python3-requests xz-utils zstd mandoc procps"

# What make bench compares with, besides grep; what is missing is left out.
bench_packages="python3 mawk gawk perl jq lnav htop"

# The same for systems where the scripts only say what is needed.
fedora_packages="gcc make autoconf automake pkgconf-pkg-config ncurses-devel libuv-devel utf8proc-devel pcre2-devel cjson-devel inih-devel libarchive-devel zlib-devel"
fedora_test_packages="check-devel tmux clang compiler-rt python3-memory_profiler python3-aiohttp python3-requests xz zstd mandoc procps-ng"
alpine_packages="gcc musl-dev make autoconf automake pkgconf ncurses-dev libuv-dev utf8proc-dev pcre2-dev cjson-dev inih-dev libarchive-dev zlib-dev"
alpine_test_packages="check-dev tmux clang compiler-rt python3 py3-aiohttp py3-requests py3-pip xz zstd mandoc procps bash"
homebrew_packages="autoconf automake pkg-config ncurses libuv utf8proc pcre2 cjson inih libarchive zlib"
homebrew_test_packages="check tmux python@3 zstd mandoc"

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "This needs root or sudo: $*"
  fi
}

missing_debian_packages() {
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || printf '%s ' "$package"
  done
}

install_debian_packages() {
  missing=$(missing_debian_packages "$@")
  [ -n "$missing" ] || return 0
  echo "Installing: $missing"
  as_root apt-get update -qq || die "apt-get update failed"
  # shellcheck disable=SC2086 # a list of words
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
    die "apt-get could not install: $missing"
}

have_build_tools() {
  command -v autoreconf >/dev/null && command -v pkg-config >/dev/null &&
    pkg-config --exists libuv ncursesw libutf8proc libpcre2-8 libcjson inih libarchive zlib
}

# install_packages build|test|bench: on systems that the scripts do not install on, they go on when the tools are there.
install_packages() {
  case $1 in
  build) names=$build_packages ;;
  test) names="$build_packages $test_packages" ;;
  bench) names="$build_packages $bench_packages" ;;
  esac
  if command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086 # a list of words
    install_debian_packages $names
    return
  fi
  have_build_tools && return
  cat >&2 <<EOF
Please install these packages, then run this again.
Fedora:    dnf install $fedora_packages
           for the tests also: $fedora_test_packages
Alpine:    apk add $alpine_packages
           for the tests also: $alpine_test_packages
           and: pip install memory-profiler
Homebrew:  brew install $homebrew_packages
           for the tests also: $homebrew_test_packages
           and: pip install memory-profiler aiohttp requests
EOF
  exit 1
}

# configure_in DIR [ARGUMENT]...: prepares a build tree outside the sources, once.
configure_in() {
  dir=$1
  shift
  if [ ! -x configure ] || [ configure.ac -nt configure ] || [ Makefile.am -nt Makefile.in ]; then
    autoreconf -fi >build-autoreconf.log 2>&1 || {
      cat build-autoreconf.log >&2
      die "autoreconf failed"
    }
    rm -f build-autoreconf.log
  fi
  mkdir -p "$dir"
  if [ ! -f "$dir/config.status" ] || [ configure -nt "$dir/config.status" ]; then
    (cd "$dir" && ../../configure "$@") >"$dir/configure.out" 2>&1 || {
      tail -n 30 "$dir/configure.out" >&2
      die "configure failed; see $dir/config.log"
    }
  fi
}

jobs_count() {
  nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2
}
