"""Real sessions of Claude Code, traced through the distribution into a sandbox, for MLflow's own client to read."""

import os
import pathlib
import sys
import types
import uuid

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "world"))

import world  # noqa: E402

SCENARIOS = ("tools", "silent", "sub", "parallel", "think", "toolfail")


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """A sandbox, and somebody who has traced one session of each scenario into it."""
    folder = tmp_path_factory.mktemp("place")
    sandbox = world.Sandbox(folder / "sandbox")
    person = world.Person(folder / "person", sandbox, world.peer("claude-330"))
    try:
        person.configure()
        sessions = {}
        for scenario in SCENARIOS:
            sessions[scenario] = str(uuid.uuid4())
            person.turn(f"SCN:{scenario} please", sessions[scenario])
        found = types.SimpleNamespace(sandbox=sandbox, person=person, sessions=sessions)
        found.traces = {name: landed(sandbox, session) for name, session in sessions.items()}
        yield found
    finally:
        person.close()
        sandbox.stop()


def landed(sandbox, session):
    """Waits until a session has landed; the ids of its traces, by start."""

    def traces():
        rows = sandbox.sql(
            "SELECT DISTINCT trace_id, name, start_time_unix_nano, end_time_unix_nano, status.code AS status_code"
            " FROM main.traces.ucode_otel_spans WHERE (parent_span_id IS NULL OR parent_span_id = '')"
            " AND attributes:['session.id']::string = :session_id ORDER BY start_time_unix_nano, trace_id",
            session_id=session)
        return [row["trace_id"] for row in rows]

    return world.until(f"session {session} is in the table", traces)


@pytest.fixture(scope="session")
def mlflow(place):
    """MLflow's client, pointed at the sandbox by the environment and nothing else."""
    os.environ.update({
        "DATABRICKS_HOST": place.sandbox.url,
        "DATABRICKS_TOKEN": place.sandbox.token,
        "MLFLOW_TRACKING_URI": "databricks",
        "MLFLOW_TRACING_SQL_WAREHOUSE_ID": place.sandbox.warehouse(),
        # A config file of whoever runs the tests must not decide where they go.
        "DATABRICKS_CONFIG_FILE": str(place.person.folder / "none.cfg"),
    })
    import mlflow as client  # pylint: disable=import-outside-toplevel

    return client
