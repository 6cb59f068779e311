# SPDX-License-Identifier: Apache-2.0
#
# development.sh - a hospital for trying out: keys, members and a configuration
# in a folder of one's own, made once. Sourced. Nothing of it is for patients:
# the keys lie beside the data, and the issuer signs in anybody on this machine.

# People, and what each may do.
development_people() {
  cat <<'PEOPLE'
physician submitter
reviewer coder,reidentifier
custodian custodian
auditor auditor
admin admin
PEOPLE
}

# Make it where there is none. DIR is an absolute path.
development_make() { # DIR SCRUBJAY SCRUBJAYD
  local dir=$1 scrubjay=$2 scrubjayd=$3 vault=$1/vault said=$1/passphrases
  local recovery root sub roles role words keys
  [ ! -f "$dir/ready" ] || return 0
  rm -rf "$dir"
  (umask 077 && mkdir -p "$dir" && : >"$said")
  "$scrubjay" vault init "$vault" --show-fd 3 3>>"$said" >/dev/null 2>&1
  recovery=$(sed -n 's/^recovery //p' "$said")
  root=$(sed -n 's/^root //p' "$said")
  while read -r sub roles; do
    words=()
    for role in ${roles//,/ }; do words+=(--role "$role"); done
    "$scrubjay" vault enrol "$vault" --sub "$sub" "${words[@]}" --show-fd 3 \
      --passphrase-fd 4 3>>"$said" 4<<<"$recovery" </dev/null >/dev/null 2>&1
  done < <(development_people)
  "$scrubjay" vault sign "$vault" --days 366 --passphrase-fd 4 4<<<"$root" \
    >/dev/null 2>&1
  cat >"$dir/scrubjayd.ini" <<INI
[store]
path = $dir/store.db
[token]
dev_issuer = yes
[vault]
mode = sealed
root_key = $vault/root.fingerprint
kek = $dir/share.keys
[audit]
checkpoint_key = $dir/checkpoint.pem
[limits]
disk_free_mb = 64
disk_free_percent = 0
[log]
level = warn
INI
  keys=()
  for role in "$vault"/member-*.jsonl; do keys+=(--keys "$role"); done
  "$scrubjayd" load --config "$dir/scrubjayd.ini" \
    --keylist "$vault/keylist-1.jws" "${keys[@]}"
  while read -r sub roles; do
    "$scrubjayd" member --config "$dir/scrubjayd.ini" "$sub" "$roles"
  done < <(development_people)
  : >"$dir/ready"
}

# What a person needs to know to try it out.
development_say() { # DIR
  say "Development keys, in $1; never for patients:"
  sed 's/^member /  /; s/^\(root\|recovery\) /  (\1) /' "$1/passphrases"
}
