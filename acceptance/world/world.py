"""A sandbox workspace and a person with a home of their own, for the MLflow tests and the benchmarks.

Only the standard library: whatever Python is there runs it. Everything lives below one folder and nothing is
shared with the home of whoever runs it.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]


def distribution():
    """The launcher of the distribution: $UCODE_DIST, or the one that a build has left."""
    if "UCODE_DIST" in os.environ:
        return pathlib.Path(os.environ["UCODE_DIST"]).resolve() / "bin/ucode"
    found = sorted((ROOT / "dist/target").glob("ucode-*/bin/ucode")) or sorted(
        (ROOT / "dist/target/run").glob("ucode-*/bin/ucode"))
    if not found:
        raise SystemExit("no distribution in dist/target: build it by mvn package, or name one in UCODE_DIST")
    return found[0]


def peer(name):
    """The path of a program that acceptance/peers installs."""
    done = subprocess.run(
        [str(ROOT / "acceptance/peers"), name], check=True, stdout=subprocess.PIPE, text=True)
    return pathlib.Path(done.stdout.strip().split("=", 1)[1])


def until(what, question, limit=60.0):
    """Asks until the answer is truthy, and returns it."""
    deadline = time.monotonic() + limit
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {limit:.0f} s: {what}")
        time.sleep(0.05)


class Sandbox:
    """A sandbox workspace with its data below a folder, started and stopped by `ucode sandbox`."""

    def __init__(self, folder, ucode=None):
        self.folder = pathlib.Path(folder)
        self.ucode = ucode or distribution()
        (self.folder / "home").mkdir(parents=True)
        self._command("start")
        told = dict(
            re.match(r"(?:export )?(\w+)=(.*)", line).groups()
            for line in self._command("env").splitlines() if "=" in line)
        told = {name: value.strip("'\"") for name, value in told.items()}
        self.url, self.token = told["DATABRICKS_HOST"], told["DATABRICKS_TOKEN"]

    def _command(self, *words):
        environment = {"HOME": str(self.folder / "home"), "PATH": "/usr/bin:/bin"}
        return subprocess.run(
            [str(self.ucode), "sandbox", *words], check=True, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, text=True, timeout=120).stdout

    def call(self, path, body=None):
        """POSTs a JSON body, or GETs without one; the answer as Python values."""
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + self.token, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def experiment(self):
        """The id of the shared experiment."""
        found = self.call(
            "/api/2.0/mlflow/experiments/search", {"filter": "name LIKE '%ucode-traces'", "max_results": 100})
        return next(
            e["experiment_id"] for e in found["experiments"] if e["name"].rsplit("/", 1)[-1] == "ucode-traces")

    def warehouse(self):
        """The id of a running warehouse."""
        return next(
            w["id"] for w in self.call("/api/2.0/sql/warehouses")["warehouses"] if w["state"] == "RUNNING")

    def sql(self, statement, **parameters):
        """Rows as dicts of strings; the statement must be one of the sandbox's list."""
        answer = self.call("/api/2.0/sql/statements", {
            "warehouse_id": self.warehouse(), "statement": statement, "wait_timeout": "30s",
            "parameters": [{"name": name, "value": value} for name, value in parameters.items()]})
        if answer["status"]["state"] != "SUCCEEDED":
            raise AssertionError(answer["status"])
        columns = [column["name"] for column in answer["manifest"]["schema"]["columns"]]
        rows, result = [], answer.get("result", {})
        while True:
            rows += [dict(zip(columns, values)) for values in result.get("data_array", [])]
            if not result.get("next_chunk_internal_link"):
                return rows
            result = self.call(result["next_chunk_internal_link"])

    def total_spans(self):
        """Rows of the spans table, copies included."""
        return int(self.sql(
            "SELECT COUNT(*) AS spans, COUNT(DISTINCT trace_id) AS traces FROM main.traces.ucode_otel_spans"
        )[0]["spans"])

    def span_ids(self, trace_id):
        """The span ids of a trace, copies included."""
        rows = self.sql(
            "SELECT span_id FROM main.traces.ucode_otel_spans WHERE trace_id = :trace_id", trace_id=trace_id)
        return [row["span_id"] for row in rows]

    def stop(self):
        """Stops it."""
        self._command("stop")


class Person:
    """Somebody with the distribution and an agent on the PATH, signed in to a sandbox by a profile."""

    def __init__(self, folder, sandbox, agent):
        self.folder = pathlib.Path(folder).resolve()
        self.home, self.work = self.folder / "home", self.folder / "work"
        for made in (self.home, self.work, self.folder / "tmp"):
            made.mkdir(parents=True)
        self.sandbox = sandbox
        self.environment = {
            "HOME": str(self.home),
            "TMPDIR": str(self.folder / "tmp"),
            "PATH": f"{sandbox.ucode.parent}:{pathlib.Path(agent).parent}:/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "IS_SANDBOX": "1",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "CLAUDE_CODE_MAX_RETRIES": "2",
        }
        profile = self.home / ".databrickscfg"
        profile.touch(mode=0o600)
        profile.write_text(f"[sandbox]\nhost = {sandbox.url}\ntoken = {sandbox.token}\n", encoding="utf-8")

    def run(self, *words, expect=0, limit=300):
        """Runs a program in the work folder; its standard output."""
        program = shutil.which(words[0], path=self.environment["PATH"])
        done = subprocess.run(
            [program, *words[1:]], env=self.environment, cwd=self.work, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=limit, check=False)
        if done.returncode != expect:
            raise AssertionError(f"exit code {done.returncode} from {words}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def configure(self, *more):
        """`ucode configure` for Claude with tracing."""
        return self.run(
            "ucode", "configure", "--agents", "claude", "--profiles", "sandbox", "--tracing",
            "--skip-validate", *more)

    def turn(self, prompt, session, *more):
        """A headless turn of Claude through the launcher."""
        return self.run(
            "ucode", "claude", "-p", prompt, "--session-id", session, "--output-format", "stream-json",
            "--verbose", "--dangerously-skip-permissions", *more)

    def transcript(self, session):
        """The file that Claude keeps of a session."""
        return next((self.home / ".claude/projects").glob(f"*/{session}.jsonl"))

    def settings(self):
        """The settings file of ours that the launcher hands to Claude."""
        for file in sorted((self.home / ".ucode").rglob("*.json")):
            try:
                content = json.loads(file.read_text(encoding="utf-8"))
            except ValueError:
                continue
            if isinstance(content, dict) and "Stop" in (content.get("hooks") or {}):
                return content
        raise AssertionError("no settings file with hooks below ~/.ucode")

    def hook_command(self, event="Stop"):
        """The command line of our hook for an event, as Claude gives it to a shell."""
        return self.settings()["hooks"][event][0]["hooks"][0]["command"]

    def processes(self):
        """Process ids and command lines of everything that runs with this home; Linux."""
        mark = f"\0HOME={self.home}\0".encode()
        for process in pathlib.Path("/proc").iterdir():
            if process.name.isdigit():
                try:
                    if mark in b"\0" + (process / "environ").read_bytes():
                        yield int(process.name), (process / "cmdline").read_bytes().decode(errors="replace")
                except OSError:
                    pass  # gone, or somebody else's

    def worker(self):
        """The process id of the background worker, or None."""
        return next((pid for pid, line in self.processes() if "dev.ucode.Main" in line and "drain" in line), None)

    def close(self):
        """Ends what still runs in this home."""
        for pid, _ in list(self.processes()):
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                pass
