"""What our exporter wrote, read by MLflow's own client."""

import json

LOCATION = "main.traces.ucode"


def the_trace(mlflow, place, scenario):
    """The first trace of a scenario's session, with its spans."""
    return mlflow.get_trace(f"trace:/{LOCATION}/{place.traces[scenario][0]}")


def test_get_trace_has_the_tree(mlflow, place):
    trace = the_trace(mlflow, place, "tools")
    spans = {span.span_id: span for span in trace.data.spans}
    (root,) = [span for span in trace.data.spans if span.parent_id is None]
    assert root.name == "claude_code_conversation"
    assert root.span_type == "AGENT"
    assert sorted(span.name for span in spans.values() if span is not root) == [
        "llm", "llm", "llm", "llm", "tool_Bash", "tool_Edit", "tool_Write"]
    assert all(span.parent_id in spans for span in spans.values() if span is not root)
    assert {span.span_type for span in spans.values()} == {"AGENT", "LLM", "TOOL"}


def test_tokens(mlflow, place):
    trace = the_trace(mlflow, place, "tools")
    usage = trace.info.token_usage
    # The scripted model's usage of four calls: 1200 + 1300 + 1400 + 1500 and so on.
    assert usage["input_tokens"] == 5400
    assert usage["output_tokens"] == 190
    assert usage["cache_read_input_tokens"] == 30_000
    assert usage["cache_creation_input_tokens"] == 10_800
    calls = [span for span in trace.data.spans if span.name == "llm"]
    assert sum(call.get_attribute("mlflow.chat.tokenUsage")["input_tokens"] for call in calls) == 5400


def test_session_user_durations_and_previews(mlflow, place):
    trace = the_trace(mlflow, place, "tools")
    info = trace.info
    assert info.trace_metadata["mlflow.trace.session"] == place.sessions["tools"]
    assert info.trace_metadata["mlflow.trace.user"] == place.sandbox.call("/api/2.0/preview/scim/v2/Me")["userName"]
    assert str(info.state).rsplit(".", maxsplit=1)[-1] == "OK"
    assert 0 < info.execution_duration < 60_000
    (root,) = [span for span in trace.data.spans if span.parent_id is None]
    assert abs((root.end_time_ns - root.start_time_ns) / 1e6 - info.execution_duration) <= 1
    assert "SCN:tools please" in info.request_preview
    assert "All done" in info.response_preview
    for span in trace.data.spans:
        assert root.start_time_ns <= span.start_time_ns <= span.end_time_ns <= root.end_time_ns


def test_chat_messages_render(mlflow, place):
    """Every call has the format that MLflow's chat view knows, and nothing that the view refuses."""
    for scenario in place.sessions:
        for span in the_trace(mlflow, place, scenario).data.spans:
            if span.name != "llm":
                continue
            assert span.get_attribute("mlflow.message.format") == "anthropic"
            for message in span.inputs["messages"] + [span.outputs]:
                assert message["role"] in ("user", "assistant")
                if isinstance(message["content"], str):
                    continue
                for block in message["content"]:
                    assert block["type"] in ("text", "image", "tool_use", "tool_result", "thinking"), block
                    if block["type"] == "tool_result":
                        assert isinstance(block["content"], str)


def test_thinking_is_kept(mlflow, place):
    calls = [span for span in the_trace(mlflow, place, "think").data.spans if span.name == "llm"]
    assert any(block["type"] == "thinking" for call in calls for block in call.outputs["content"])


def test_a_failed_tool_is_an_error_with_its_text(mlflow, place):
    trace = the_trace(mlflow, place, "toolfail")
    (tool,) = [span for span in trace.data.spans if span.name.startswith("tool_")]
    assert "ERROR" in str(tool.status.status_code)
    assert "3" in json.dumps(tool.outputs)


def test_parallel_tools_overlap(mlflow, place):
    tools = [s for s in the_trace(mlflow, place, "parallel").data.spans if s.name == "tool_Bash"]
    assert len(tools) == 2
    assert max(tool.start_time_ns for tool in tools) < min(tool.end_time_ns for tool in tools)


def test_the_subagent_is_nested(mlflow, place):
    trace = the_trace(mlflow, place, "sub")
    spans = {span.span_id: span for span in trace.data.spans}
    (agent,) = [span for span in spans.values() if span.name.startswith("subagent_")]
    assert agent.span_type == "AGENT"
    assert spans[agent.parent_id].name == "tool_Agent"
    inside = sorted(span.name for span in spans.values() if span.parent_id == agent.span_id)
    assert inside == ["llm", "llm", "tool_Bash"]


def test_search_finds_every_trace(mlflow, place):
    """By the experiment, as a person does in the shared experiment."""
    found = mlflow.search_traces(locations=[LOCATION], return_type="list", max_results=100)
    # Other tests of this run have written traces of their own into the shared experiment.
    wanted = sorted(trace for traces in place.traces.values() for trace in traces)
    found = [trace for trace in found if trace.info.trace_id.rsplit("/", 1)[-1] in wanted]
    assert sorted(trace.info.trace_id.rsplit("/", 1)[-1] for trace in found) == wanted
    for trace in found:
        assert trace.info.trace_metadata["mlflow.trace.session"] in place.sessions.values()
        assert trace.info.trace_metadata["mlflow.trace.user"]
        assert trace.info.execution_duration > 0
        assert trace.info.token_usage["total_tokens"] > 0
