"""The same session through our exporter and through MLflow's own hook: what each has of it."""

import os
import json
import subprocess
import uuid

import mlflow as client
import pytest
import world

pytestmark = pytest.mark.skipif(
    not client.__version__.startswith("3.11."), reason="the hook of `--exporter mlflow` is that of MLflow 3.11")

LOCATION = "main.traces.ucode"


@pytest.fixture(scope="module", params=["tools", "silent", "parallel", "toolfail", "think"])
def both(request, mlflow, place):
    """The trace of ours, and the one that the hook makes of the very same transcript."""
    ours = mlflow.get_trace(f"trace:/{LOCATION}/{place.traces[request.param][0]}")
    before = {trace.info.trace_id for trace in everything(mlflow)}
    run_hook(place, place.sessions[request.param])
    (added,) = [trace for trace in everything(mlflow) if trace.info.trace_id not in before]
    return ours, mlflow.get_trace(added.info.trace_id)


def everything(mlflow):
    """All traces of the table."""
    return mlflow.search_traces(locations=[LOCATION], return_type="list", max_results=500)


def run_hook(place, session):
    """MLflow's Stop hook, over a finished session."""
    event = {
        "session_id": session,
        "transcript_path": str(place.person.transcript(session)),
        "cwd": str(place.person.work),
        "hook_event_name": "Stop",
        "stop_hook_active": False,
    }
    environment = place.person.environment | {
        "MLFLOW_CLAUDE_TRACING_ENABLED": "true",
        "MLFLOW_TRACKING_URI": "databricks",
        "MLFLOW_EXPERIMENT_ID": place.sandbox.experiment(),
        "MLFLOW_TRACING_SQL_WAREHOUSE_ID": place.sandbox.warehouse(),
        "MLFLOW_ENABLE_ASYNC_TRACE_LOGGING": "false",
        "DATABRICKS_HOST": place.sandbox.url,
        "DATABRICKS_TOKEN": place.sandbox.token,
    }
    program = world.peer("mlflow-3.11").parent / "mlflow"
    done = subprocess.run(
        [program, "autolog", "claude", "stop-hook"], input=json.dumps(event), env=environment,
        cwd=place.person.work, capture_output=True, text=True, timeout=120, check=True)
    assert json.loads(done.stdout) == {"continue": True}


def texts(span):
    """The texts of a model call's answer."""
    return [block["text"] for block in span.outputs["content"] if block["type"] == "text"]


def named(trace, prefix):
    """The spans whose name begins so."""
    return [span for span in trace.data.spans if span.name.startswith(prefix)]


def test_every_span_of_the_hook_is_one_of_ours(both):
    ours, theirs = both
    (our_root,), (their_root,) = named(ours, "claude_code_conversation"), named(theirs, "claude_code_conversation")
    assert our_root.inputs["prompt"] == their_root.inputs["prompt"]
    assert our_root.outputs["response"] == their_root.outputs["response"]
    our_tools = {tool.get_attribute("tool_id"): tool for tool in named(ours, "tool_")}
    for tool in named(theirs, "tool_"):
        same = our_tools[tool.get_attribute("tool_id")]
        assert (same.name, same.inputs) == (tool.name, tool.inputs)
    our_answers = [text for call in named(ours, "llm") for text in texts(call)]
    for call in named(theirs, "llm"):
        assert [text for text in texts(call) if text not in our_answers] == []


def test_ours_has_the_calls_that_only_use_tools(both):
    ours, theirs = both
    silent = [
        call for call in named(ours, "llm") if {block["type"] for block in call.outputs["content"]} == {"tool_use"}]
    our_prompt = named(ours, "claude_code_conversation")[0].inputs["prompt"]
    assert len(silent) == (1 if "silent" in our_prompt else 0)
    assert len(named(theirs, "llm")) == len(named(ours, "llm")) - len(silent)


def test_ours_has_the_cache_tokens(both):
    ours, theirs = both
    assert ours.info.token_usage["cache_creation_input_tokens"] >= 9000
    assert "cache_read_input_tokens" not in theirs.info.token_usage
    assert ours.info.token_usage["output_tokens"] >= theirs.info.token_usage["output_tokens"]


def test_our_durations_are_recorded_and_theirs_are_invented(both):
    ours, theirs = both
    (our_root,), (their_root,) = named(ours, "claude_code_conversation"), named(theirs, "claude_code_conversation")
    # Theirs passes through a double, which moves it by less than a microsecond.
    assert abs(our_root.start_time_ns - their_root.start_time_ns) < 1000
    for span in ours.data.spans:
        assert span.end_time_ns <= our_root.end_time_ns
    # A tool's span lasts from its use to its result; the hook's slices end anywhere.
    for tool in named(ours, "tool_"):
        assert 0 < tool.end_time_ns - tool.start_time_ns < 30 * 10**9


def test_a_session_through_the_mlflow_exporter_lands(mlflow, place):
    """`ucode configure tracing --exporter mlflow`, then a real session: the hook of MLflow writes the trace."""
    person = world.Person(place.person.folder / "mlflow-person", place.sandbox, world.peer("claude-330"))
    uv = world.peer("uv")
    person.environment["PATH"] = f"{uv.parent}:{person.environment['PATH']}"
    person.environment["UV_CACHE_DIR"] = str(uv.parent.parent / "cache")
    # Where the network has a certificate of its own, uv learns of it here.
    person.environment.update({name: os.environ[name] for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if name in os.environ})
    try:
        person.configure()
        person.run("ucode", "configure", "tracing", "--exporter", "mlflow", limit=600)
        session = str(uuid.uuid4())
        before = {trace.info.trace_id for trace in everything(mlflow)}
        person.turn("SCN:tools please", session)
        added = [trace for trace in everything(mlflow) if trace.info.trace_id not in before]
        (trace,) = [t for t in added if t.info.trace_metadata.get("mlflow.trace.session") == session]
        whole = mlflow.get_trace(trace.info.trace_id)
        assert len(named(whole, "tool_")) == 3
        assert len(named(whole, "claude_code_conversation")) == 1
        # Ours feeds only the local store then: nothing is traced twice.
        assert len(added) == 1
    finally:
        person.close()
