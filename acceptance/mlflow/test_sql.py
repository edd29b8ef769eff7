"""The sandbox's SQL warehouses and Statement Execution API, by databricks-sdk for Python, unchanged."""

import datetime
import pathlib
import time

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import NotFound
from databricks.sdk.service import sql

STATEMENTS = pathlib.Path(__file__).resolve().parents[2] / (
    "sandbox/src/main/resources/dev/ucode/sandbox/sql/statements.sql")


def statement(name):
    """The Databricks text of a statement of the list."""
    text = STATEMENTS.read_text(encoding="utf-8")
    body = text.split(f"-- name: {name}\n", 1)[1].split("-- sqlite", 1)[0]
    return "\n".join(line for line in body.splitlines() if not line.startswith("--")).strip().rstrip(";")


@pytest.fixture(scope="module")
def workspace(place):
    return WorkspaceClient(host=place.sandbox.url, token=place.sandbox.token, auth_type="pat")


@pytest.fixture(scope="module")
def warehouses(workspace):
    """The ids of one that runs and of one that is stopped."""
    found = {warehouse.name: warehouse.id for warehouse in workspace.warehouses.list()}
    workspace.warehouses.stop(found["Starter Warehouse"])
    return found["Shared Warehouse"], found["Starter Warehouse"]


def test_a_traced_session_is_read(workspace, warehouses, place):
    answer = workspace.statement_execution.execute_statement(
        statement("trace-spans"), warehouses[0], wait_timeout="50s",
        parameters=[sql.StatementParameterListItem(name="trace_id", value=place.traces["tools"][0])])
    assert answer.status.state is sql.StatementState.SUCCEEDED, answer.status
    columns = [column.name for column in answer.manifest.schema.columns]
    rows = [dict(zip(columns, row)) for row in answer.result.data_array]
    assert [row["name"] for row in rows if row["parent_span_id"] is None] == ["claude_code_conversation"]
    assert sorted(row["name"] for row in rows if row["span_type"] == "TOOL") == ["tool_Bash", "tool_Edit", "tool_Write"]
    assert sum(int(row["input_tokens"]) for row in rows if row["span_type"] == "LLM") == 5400


def test_a_stopped_warehouse_starts_for_a_statement(workspace, warehouses):
    stopped = warehouses[1]
    answer = workspace.statement_execution.execute_statement("SELECT 1", stopped, wait_timeout="0s")
    assert answer.status.state is sql.StatementState.PENDING
    deadline = time.monotonic() + 60
    while answer.status.state in (sql.StatementState.PENDING, sql.StatementState.RUNNING):
        assert time.monotonic() < deadline
        answer = workspace.statement_execution.get_statement(answer.statement_id)
    assert answer.result.data_array == [["1"]]
    assert workspace.warehouses.get(stopped).state is sql.State.RUNNING
    workspace.warehouses.stop(stopped)


def test_start_waits_until_it_runs(workspace, warehouses):
    stopped = warehouses[1]
    started = workspace.warehouses.start(stopped).result(timeout=datetime.timedelta(minutes=1))
    assert started.state is sql.State.RUNNING
    workspace.warehouses.stop(stopped)


def test_other_statements_fail_and_are_never_answered(workspace, warehouses):
    answer = workspace.statement_execution.execute_statement("SELECT * FROM main.traces.ucode_otel_spans", warehouses[0])
    assert answer.status.state is sql.StatementState.FAILED
    assert answer.status.error.error_code is sql.ServiceErrorCode.BAD_REQUEST
    assert "SANDBOX_STATEMENT" in answer.status.error.message
    assert answer.result is None


def test_a_missing_warehouse_is_not_found(workspace):
    with pytest.raises(NotFound):
        workspace.statement_execution.execute_statement("SELECT 1", "ffffffffffffffff")
