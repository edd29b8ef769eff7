"""The Stop hook of MLflow 3.11, over a finished session of Claude Code."""

import json
import os
import pathlib
import subprocess
import sys

import conftest
import mlflow
import pytest

pytestmark = pytest.mark.skipif(
    not mlflow.__version__.startswith("3.11."), reason="later versions have no working stop-hook")

TRANSCRIPTS = conftest.ROOT / "product/src/test/resources/claude/2.1.330/tools"


def hook(tmp_path, **more):
    """Runs the hook; what it printed."""
    (transcript,) = TRANSCRIPTS.glob("*.jsonl")
    event = {
        "session_id": transcript.stem, "transcript_path": str(transcript), "cwd": str(tmp_path),
        "hook_event_name": "Stop", "stop_hook_active": False}
    environment = os.environ | {"MLFLOW_CLAUDE_TRACING_ENABLED": "true", "HOME": str(tmp_path)} | more
    done = subprocess.run(
        [pathlib.Path(sys.executable).parent / "mlflow", "autolog", "claude", "stop-hook"],
        input=json.dumps(event), env={k: v for k, v in environment.items() if v is not None}, cwd=tmp_path,
        capture_output=True, text=True, timeout=180, check=True)
    return json.loads(done.stdout)


def test_a_session_lands_and_is_read_back(sandbox, tmp_path):
    experiment = sandbox.experiment()
    before = {trace.info.trace_id for trace in traces(experiment)}
    assert hook(tmp_path, MLFLOW_EXPERIMENT_ID=experiment) == {"continue": True}
    (trace,) = [one for one in traces(experiment) if one.info.trace_id not in before]
    names = sorted(span.name for span in trace.data.spans)
    assert names.count("claude_code_conversation") == 1
    assert [name for name in names if name.startswith("tool_")] == ["tool_Bash", "tool_Edit", "tool_Write"]
    assert "llm" in names
    assert trace.info.trace_metadata["mlflow.trace.session"]
    assert trace.info.token_usage["total_tokens"] > 0


def test_without_a_warehouse_it_writes_all_the_same(sandbox, tmp_path):
    experiment = sandbox.experiment()
    before = {trace.info.trace_id for trace in traces(experiment)}
    printed = hook(tmp_path, MLFLOW_EXPERIMENT_ID=experiment, MLFLOW_TRACING_SQL_WAREHOUSE_ID=None)
    assert printed["continue"] is False
    assert len([one for one in traces(experiment) if one.info.trace_id not in before]) == 1


def traces(experiment):
    """All traces of the experiment."""
    return mlflow.search_traces(locations=[experiment], return_type="list", max_results=500)
