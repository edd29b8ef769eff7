# Read before every case's script: `run` shows a command as a person would type it, its output, and
# its exit code where it is not 0.
run() {
  printf '$ %s\n' "$*"
  "$@" 2>&1
  code=$?
  [ "$code" -eq 0 ] || printf '[exit %s]\n' "$code"
}
