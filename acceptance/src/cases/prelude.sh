# Read before every case's script: `run` shows a command as a person would type it, its output, and
# its exit code where it is not 0.
cases=${1%/*}
run() {
  printf '$ %s\n' "$*"
  "$@" 2>&1
  code=$?
  [ "$code" -eq 0 ] || printf '[exit %s]\n' "$code"
}

# A workspace in one of the sandbox's starting states, a profile that signs in to it, and an agent
# on the PATH: what a person has before they configure.
workspace() {
  PATH=${cases%/*}/bin:$PATH
  ucode sandbox start --state "$1" > /dev/null
  eval "$(ucode sandbox env)"
  profile "$DATABRICKS_TOKEN"
  # A person's shell does not know these.
  unset DATABRICKS_TOKEN
}

# profile TOKEN: what `databricks configure` writes.
profile() {
  (umask 077 && printf '[sandbox]\nhost = %s\ntoken = %s\n' "$DATABRICKS_HOST" "$1" > ~/.databrickscfg)
}

configure() {
  run ucode configure --agents claude --profiles sandbox --tracing --skip-validate "$@"
}
