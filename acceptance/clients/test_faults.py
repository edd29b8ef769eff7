"""What MLflow's client makes of a workspace in trouble: the faults are real to a client that does not know them."""

import os

import conftest
import mlflow
import pytest

pytestmark = pytest.mark.skipif(
    "UCODE_SANDBOX_ADMIN_TOKEN" not in os.environ, reason="UCODE_SANDBOX_ADMIN_TOKEN is not set")

OTLP = "/api/2.0/otel/v1/traces"


@pytest.fixture
def faults(sandbox):
    """Switches faults on; they are off afterwards."""
    mlflow.set_experiment(experiment_id=sandbox.experiment())
    yield lambda **wish: sandbox.admin("/sandbox/faults", wish)
    sandbox.admin("/sandbox/faults", method="DELETE")


def write(name):
    """A trace of one span."""
    with mlflow.start_span(name) as span:
        pass
    return span.trace_id


def test_503_is_tried_again_and_lands_once(sandbox, faults, fresh):
    faults(kind="status", path=OTLP, status=503, times=1)
    trace_id = write(fresh)
    trace = conftest.until("the trace is there", lambda: mlflow.get_trace(trace_id))
    assert [span.name for span in trace.data.spans] == [fresh]


def test_a_cut_after_the_commit_doubles_a_span_that_is_sent_again(sandbox, faults, fresh):
    """The table is append-only: whoever sends again without asking has two rows of one span."""
    faults(kind="cut-after-commit", path=OTLP, times=1)
    write(fresh)
    sent = [call for call in sandbox.requests(OTLP) if call["mishap"] == "Cut"]
    assert sent and sent[-1]["status"] == 0
    rows = conftest.until("the span's rows", lambda: count(sandbox, fresh))
    assert rows in (1, 2)


def test_late_rows_are_waited_for(sandbox, faults, fresh):
    faults(kind="late-visibility", path=OTLP, delay_ms=1500)
    trace_id = write(fresh)
    assert count(sandbox, fresh) == 0
    conftest.until("the row shows up", lambda: count(sandbox, fresh) == 1)
    assert [span.name for span in mlflow.get_trace(trace_id).data.spans] == [fresh]


def count(sandbox, name):
    """How many rows a span of that name has."""
    tables = sandbox.call(
        f"/api/4.0/mlflow/traces/search", {
            "locations": [{"type": "UC_TABLE_PREFIX", "uc_table_prefix": {
                "catalog_name": "main", "schema_name": "traces", "table_prefix": "ucode"}}],
            "filter": f"span.name = '{name}'", "sql_warehouse_id": sandbox.warehouse()})
    ids = [info["trace_id"] for info in tables["trace_infos"]]
    if not ids:
        return 0
    got = sandbox.call(
        f"/api/4.0/mlflow/traces/main.traces.ucode/batchGet?trace_ids={ids[0]}&sql_warehouse_id={sandbox.warehouse()}")
    return len(got["traces"][0]["spans"])
