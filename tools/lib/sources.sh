#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# sources.sh - put the pinned sources of PCRE2 and cJSON into build/src.
#
# They come by package name through the machine's own apt, asked in a private
# configuration: its sources are turned into source entries, newer suites of
# the same mirror are added, and nothing under /etc/apt changes. No root is
# needed. What arrives is believed only by its SHA-256. Where apt has none of
# the files, the upstream release is tried.
set -euo pipefail
cd "$(dirname "$0")/../.."

# name|package|upstream archive|SHA-256|upstream address|folder in the archive
SOURCES=(
  "pcre2|pcre2|pcre2_10.48.orig.tar.gz|ebcc25aadf2a51fa1fefa9b8bc9e7a79b3dae86870a0f1152a22e42befd46888|https://github.com/PCRE2Project/pcre2/releases/download/pcre2-10.48/pcre2-10.48.tar.gz"
  "cjson|cjson|cjson_1.7.19.orig.tar.gz|7fa616e3046edfa7a28a32d5f9eacfd23f92900fe1f8ccd988c1662f30454562|https://github.com/DaveGamble/cJSON/archive/refs/tags/v1.7.19.tar.gz"
)
WORK=build/src/.apt
SUITES="trixie forky sid"

say() { printf '%s\n' "$*"; }

matches() { # FILE SHA256
  [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$2" ]
}

# Source entries for the mirrors this machine already trusts.
write_apt_configuration() {
  local root
  root="$PWD/$WORK"
  mkdir -p "$WORK"/{parts,lists/partial,cache/archives/partial,files}
  cat >"$WORK/apt.conf" <<CONF
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$root/parts";
Dir::State::Lists "$root/lists";
Dir::Cache "$root/cache";
APT::Sandbox::User "";
CONF
  python3 - "$WORK/parts" $SUITES <<'PY'
import glob, os, re, sys

out, suites = sys.argv[1], sys.argv[2:]
stanzas = []


def add(uris, have, components, extra):
    have = have.split()
    more = [] if any("security" in s or "/" in s for s in have) else suites
    names = " ".join(dict.fromkeys(have + more))
    stanzas.append("\n".join(["Types: deb-src", f"URIs: {uris}",
                              f"Suites: {names}",
                              f"Components: {components}"] + extra))


for path in glob.glob("/etc/apt/sources.list.d/*.sources"):
    for block in re.split(r"\n\s*\n", open(path, encoding="utf-8").read()):
        keys = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(.+)$", block, re.M))
        if "deb" not in keys.get("Types", "") or "URIs" not in keys:
            continue
        if "debian" not in keys["URIs"]:
            continue
        extra = [f"Signed-By: {keys['Signed-By']}"] if "Signed-By" in keys else []
        add(keys["URIs"], keys.get("Suites", ""),
            keys.get("Components", "main"), extra)
lists = glob.glob("/etc/apt/sources.list.d/*.list") + ["/etc/apt/sources.list"]
for path in lists:
    if not os.path.exists(path):
        continue
    for line in open(path, encoding="utf-8"):
        m = re.match(r"deb\s+(\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)", line)
        if m and "debian" in m[2]:
            by = re.search(r"signed-by=([^\s\]]+)", m[1] or "")
            add(m[2], m[3], m[4].split("#")[0].strip(),
                [f"Signed-By: {by[1]}"] if by else [])
with open(os.path.join(out, "debian.sources"), "w", encoding="utf-8") as f:
    f.write("\n\n".join(stanzas) + "\n")
PY
}

# Ask apt for every suite's version of a package; keep the archive whose hash
# is right, whatever else of that version could not be had.
fetch_by_apt() { # PACKAGE ARCHIVE SHA256
  local suite
  for suite in $SUITES ""; do
    (cd "$WORK/files" && APT_CONFIG="../apt.conf" apt-get -q source \
      --download-only "$1${suite:+/$suite}" >>../log 2>&1) || true
    if matches "$WORK/files/$2" "$3"; then return 0; fi
  done
  return 1
}

fetch_upstream() { # ARCHIVE SHA256 ADDRESS
  python3 - "$3" "$WORK/files/$1" >>"$WORK/log" 2>&1 <<'PY' || true
import sys, urllib.request

with urllib.request.urlopen(sys.argv[1], timeout=60) as answer:
    open(sys.argv[2], "wb").write(answer.read())
PY
  matches "$WORK/files/$1" "$2"
}

asked=no
for entry in "${SOURCES[@]}"; do
  IFS='|' read -r name package archive sha address <<<"$entry"
  if [ "$(cat "build/src/$name/.sha256" 2>/dev/null)" = "$sha" ]; then
    continue
  fi
  if [ "$asked" = no ]; then
    say "Fetching the sources of PCRE2 and cJSON"
    write_apt_configuration
    APT_CONFIG="$WORK/apt.conf" apt-get -q update >"$WORK/log" 2>&1 || true
    asked=yes
  fi
  fetch_by_apt "$package" "$archive" "$sha" ||
    fetch_upstream "$archive" "$sha" "$address" || {
    say "sources.sh: $archive with SHA-256 $sha could not be had, neither" \
      "through apt nor from upstream; $WORK/log says what was tried." >&2
    exit 1
  }
  rm -rf "build/src/$name"
  mkdir -p "build/src/$name"
  tar -xzf "$WORK/files/$archive" -C "build/src/$name" --strip-components=1
  printf '%s\n' "$sha" >"build/src/$name/.sha256"
done
