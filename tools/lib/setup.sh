# SPDX-License-Identifier: Apache-2.0
#
# setup.sh - what tools/start and tools/test share: install what is missing,
# fetch the pinned sources, build. Sourced, from the top of the tree.
#
# Every step leaves the machine alone where nothing is missing, so a second run
# takes seconds.

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo; then
    sudo -n "$@" 2>/dev/null || sudo "$@"
  else
    fail "This needs root or sudo to install packages: $*"
  fi
}

# Packages of Debian 12 and 13 that provide what is named; installed in one go.
install_missing() { # NEED...
  local need missing=()
  for need in "$@"; do
    case "$need" in
      cmake) have cmake || missing+=(cmake) ;;
      ninja) have ninja || missing+=(ninja-build) ;;
      gcc) have gcc || missing+=(gcc libc6-dev) ;;
      python3) have python3 || missing+=(python3) ;;
      python3-venv)
        python3 -c 'import ensurepip, venv' 2>/dev/null ||
          missing+=(python3-venv)
        ;;
      git) have git || missing+=(git) ;;
      emscripten) have emcc || missing+=(emscripten) ;;
      microhttpd)
        [ -f /usr/include/microhttpd.h ] || missing+=(libmicrohttpd-dev)
        ;;
      openssl)
        [ -f /usr/include/openssl/evp.h ] || missing+=(libssl-dev)
        ;;
      sqlite) [ -f /usr/include/sqlite3.h ] || missing+=(libsqlite3-dev) ;;
      chromium) have chromium || missing+=(chromium) ;;
      dpkg-source) have dpkg-source || missing+=(dpkg-dev) ;;
      npm) have npm || missing+=(npm) ;;
      clang) find_tool clang >/dev/null || missing+=(clang) ;;
      clang-rt) has_sanitizers || missing+=("$(clang_runtime_package)") ;;
      clang-format) find_tool clang-format >/dev/null || missing+=(clang-format) ;;
      clang-tidy) find_tool clang-tidy >/dev/null || missing+=(clang-tidy) ;;
    esac
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Installing: ${missing[*]}"
  local log=build/apt.log
  mkdir -p build
  {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y install \
        --no-install-recommends "${missing[@]}"
  } >"$log" 2>&1 </dev/null ||
    fail "apt-get could not install ${missing[*]}; the end of $log:
$(tail -n 5 "$log")"
}

# The newest of a tool that Debian names with a version, such as clang-14.
find_tool() { # NAME
  local found
  if have "$1"; then
    command -v "$1"
    return 0
  fi
  found=$(find /usr/bin -maxdepth 1 -regex "/usr/bin/$1-[0-9]+" 2>/dev/null |
    sort -V | tail -n 1)
  [ -n "$found" ] && printf '%s\n' "$found"
}

clang_major() {
  "$(find_tool clang)" --version | sed -n 's/.*version \([0-9]*\).*/\1/p' |
    head -n 1
}
has_sanitizers() {
  local clang
  clang=$(find_tool clang) || return 1
  [ -n "$(find "$("$clang" -print-resource-dir)" -name 'libclang_rt.fuzzer*' \
    2>/dev/null | head -n 1)" ]
}
clang_runtime_package() {
  if find_tool clang >/dev/null; then
    printf 'libclang-rt-%s-dev\n' "$(clang_major)"
  else
    # The suite's own clang decides; its package says which runtime it wants.
    apt-cache depends clang 2>/dev/null |
      sed -n 's/.*Depends: clang-\([0-9]*\)$/libclang-rt-\1-dev/p' | head -n 1
  fi
}

# Node 20 or newer: the machine's own, or npm's `node` package under build/.
use_node() {
  local own=$PWD/build/node/node_modules/node/bin
  if [ -x "$own/node" ]; then
    PATH="$own:$PATH"
  elif ! have node || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    install_missing npm
    say "Installing Node 20 into build/node"
    mkdir -p build/node
    (cd build/node && npm install --no-save --no-package-lock --silent \
      --prefix . node@20 </dev/null) || fail "npm could not install node@20"
    PATH="$own:$PATH"
  fi
  have npm || install_missing npm
  export PATH
}

# npm packages of a folder, as its lock file says; again only when it changes.
use_packages() { # FOLDER
  [ -f "$1/package-lock.json" ] || return 0
  local stamp="$1/node_modules/.scrubjay" sum
  sum=$(sha256sum "$1/package-lock.json" | cut -d' ' -f1)
  [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return 0
  say "Installing the packages of $1"
  (cd "$1" && npm ci --ignore-scripts --silent </dev/null) ||
    fail "npm ci failed in $1"
  printf '%s\n' "$sum" >"$stamp"
}

# ONNX Runtime's shared library into build/ort, out of the package that
# tools/runtime pins; the rest of it (288 MB) is not kept. No script of a package
# runs. On a machine that the package has no library for, the command line
# works by its rules alone.
use_runtime() {
  local kind stamp=build/ort/.scrubjay sum log=build/ort.log
  case "$(uname -sm)" in
    'Linux x86_64') kind=linux/x64 ;;
    'Linux aarch64') kind=linux/arm64 ;;
    *)
      say "No model runtime for this machine: the command line uses rules alone"
      return 0
      ;;
  esac
  sum=$kind-$(sha256sum tools/runtime/package-lock.json | cut -d' ' -f1)
  [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return 0
  say "Installing ONNX Runtime into build/ort"
  rm -rf build/ort
  mkdir -p build/ort/npm
  cp tools/runtime/package.json tools/runtime/package-lock.json build/ort/npm/
  {
    (cd build/ort/npm && npm ci --ignore-scripts </dev/null) &&
      mv "build/ort/npm/node_modules/onnxruntime-node/bin/napi-v6/$kind/libonnxruntime.so.1" \
        build/ort/ && rm -rf build/ort/npm
  } >"$log" 2>&1 || fail "npm could not install ONNX Runtime; the end of $log:
$(tail -n 5 "$log")"
  printf '%s\n' "$sum" >"$stamp"
}

# What training needs, in build/venv: a Python of its own with the packages of
# models/train/requirements.txt; again only when they change. Nothing else of
# Scrubjay asks for it.
use_training() {
  local list=models/train/requirements.txt log=build/venv.log sum
  sum=$(sha256sum "$list" | cut -d' ' -f1)
  [ "$(cat build/venv/.scrubjay 2>/dev/null)" = "$sum" ] && return 0
  install_missing python3 python3-venv
  say "Installing the packages of $list into build/venv"
  rm -rf build/venv
  mkdir -p build
  {
    python3 -m venv build/venv &&
      build/venv/bin/python -m pip install --no-input --progress-bar off \
        --disable-pip-version-check -r "$list" </dev/null
  } >"$log" 2>&1 || fail "pip could not install $list; the end of $log:
$(tail -n 5 "$log")"
  printf '%s\n' "$sum" >build/venv/.scrubjay
}

# Configure once, build what changed. Quiet unless it fails.
build_native() { # FOLDER CMAKE-OPTION...
  local folder=$1 log="build/$(basename "$1").log"
  shift
  local launcher=()
  have ccache && launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache)
  {
    cmake -S . -B "$folder" -G Ninja "${launcher[@]}" "$@" &&
      cmake --build "$folder"
  } >"$log" 2>&1 || fail "Building $folder failed; the end of $log:
$(tail -n 30 "$log")"
}

build_wasm() {
  local log=build/wasm.log
  {
    emcmake cmake -S . -B build/wasm -G Ninja -DCMAKE_BUILD_TYPE=Release &&
      cmake --build build/wasm
  } >"$log" 2>&1 || fail "Building build/wasm failed; the end of $log:
$(tail -n 30 "$log")"
}
