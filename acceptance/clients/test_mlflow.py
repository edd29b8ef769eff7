"""MLflow's own client, unchanged, against the sandbox: 3.11.1 and 3.17.2."""

import json
import os

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.entities import AssessmentSource, Feedback, SpanType
from mlflow.entities.trace_location import UCSchemaLocation, UnityCatalog
from mlflow.exceptions import MlflowException

LOCATION = "main.traces.ucode"


@pytest.fixture
def shared(sandbox):
    """The shared experiment is the one that is written to."""
    mlflow.set_experiment(experiment_id=sandbox.experiment())
    return sandbox.experiment()


def write(name="turn", session="s", fail=False):
    """A turn with a model call and a tool call; the id of its trace."""
    with mlflow.start_span(name, span_type=SpanType.AGENT) as root:
        root.set_inputs({"prompt": "hi", "list": [1, 2.5, None, {"deep": True}]})
        mlflow.update_current_trace(
            tags={"kind": name}, metadata={"mlflow.trace.session": session, "mlflow.trace.user": "dev"})
        with mlflow.start_span("llm", span_type=SpanType.LLM) as call:
            call.set_inputs({"messages": [{"role": "user", "content": "hi"}]})
            call.set_outputs(["a", 1])
            call.set_attribute(
                "mlflow.chat.tokenUsage", {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15})
        with mlflow.start_span("tool_Bash", span_type=SpanType.TOOL) as tool:
            tool.set_inputs({"command": "ls"})
            if fail:
                tool.record_exception(ValueError("no such file"))
        root.set_outputs("done")
        if fail:
            root.set_status("ERROR")
    return root.trace_id


def test_a_trace_comes_back_as_it_was_written(shared, fresh):
    trace_id = write("turn", fresh)
    assert trace_id.startswith(f"trace:/{LOCATION}/")
    trace = mlflow.get_trace(trace_id)
    spans = {span.name: span for span in trace.data.spans}
    assert sorted(spans) == ["llm", "tool_Bash", "turn"]
    assert spans["turn"].parent_id is None
    assert spans["llm"].parent_id == spans["tool_Bash"].parent_id == spans["turn"].span_id
    assert [spans[name].span_type for name in ("turn", "llm", "tool_Bash")] == ["AGENT", "LLM", "TOOL"]
    assert spans["turn"].inputs == {"prompt": "hi", "list": [1, 2.5, None, {"deep": True}]}
    assert spans["turn"].outputs == "done"
    assert spans["llm"].outputs == ["a", 1]
    assert spans["llm"].start_time_ns <= spans["llm"].end_time_ns
    info = trace.info
    assert str(info.state).rsplit(".", maxsplit=1)[-1] == "OK"
    assert info.token_usage == {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    assert info.trace_metadata["mlflow.trace.session"] == fresh
    assert info.tags["kind"] == "turn"
    assert json.loads(info.request_preview)["prompt"] == "hi"


def test_errors_and_exceptions_come_back(shared, fresh):
    trace = mlflow.get_trace(write("turn", fresh, fail=True))
    assert str(trace.info.state).rsplit(".", maxsplit=1)[-1] == "ERROR"
    (tool,) = [span for span in trace.data.spans if span.name == "tool_Bash"]
    (event,) = tool.events
    assert event.name == "exception"
    assert event.attributes["exception.message"] == "no such file"


def test_search_by_place_and_by_filter(shared, fresh):
    good, bad = write("good", fresh), write("bad", fresh, fail=True)
    other = write("good", fresh + "x")
    mine = f"metadata.`mlflow.trace.session` = '{fresh}'"

    def found(locations, text, **more):
        traces = mlflow.search_traces(locations=locations, filter_string=text, return_type="list", **more)
        return [trace.info.trace_id for trace in traces]

    for place in ([shared], [LOCATION]):
        assert found(place, mine, order_by=["timestamp_ms ASC"]) == [good, bad]
        assert found(place, mine + " AND trace.status = 'ERROR'") == [bad]
        assert found(place, mine + " AND tag.kind = 'good'") == [good]
        assert found(place, "trace.timestamp_ms > 4102444800000") == []
    assert other in found([LOCATION], "trace.timestamp_ms > 0", max_results=1000)
    with pytest.raises(MlflowException, match="Invalid"):
        found([LOCATION], "nothing = 'x'")


def test_search_pages_through_all(shared, fresh):
    written = {write("turn", fresh) for _ in range(7)}
    client, token, seen = MlflowClient(), None, []
    while True:
        page = client.search_traces(
            locations=[LOCATION], filter_string=f"metadata.`mlflow.trace.session` = '{fresh}'",
            max_results=3, page_token=token)
        seen += [trace.info.trace_id for trace in page]
        token = page.token
        if not token:
            break
    assert len(seen) == 7 and set(seen) == written


def test_tags_are_set_and_removed(shared, fresh):
    trace_id = write("turn", fresh)
    mlflow.set_trace_tag(trace_id, "a/b c", "1")
    assert mlflow.get_trace(trace_id).info.tags["a/b c"] == "1"
    mlflow.set_trace_tag(trace_id, "a/b c", "2")
    assert mlflow.get_trace(trace_id).info.tags["a/b c"] == "2"
    mlflow.delete_trace_tag(trace_id, "a/b c")
    assert "a/b c" not in mlflow.get_trace(trace_id).info.tags


def test_feedback_and_expectations(shared, fresh):
    trace_id = write("turn", fresh)
    source = AssessmentSource(source_type="HUMAN", source_id="me@sandbox.test")
    made = mlflow.log_feedback(
        trace_id=trace_id, name="good", value=True, rationale="why", source=source, metadata={"k": "v"})
    mlflow.log_expectation(trace_id=trace_id, name="wanted", value={"x": 1}, source=source)
    found = {one.name: one for one in mlflow.get_trace(trace_id).info.assessments}
    assert found["good"].feedback.value is True
    assert (found["good"].rationale, found["good"].metadata) == ("why", {"k": "v"})
    assert found["good"].source.source_id == "me@sandbox.test"
    assert found["wanted"].expectation.value == {"x": 1}
    mlflow.update_assessment(trace_id, made.assessment_id, Feedback(name="good", value=False, source=source))
    assert mlflow.get_assessment(trace_id, made.assessment_id).feedback.value is False
    mlflow.delete_assessment(trace_id, made.assessment_id)
    assert [one.name for one in mlflow.get_trace(trace_id).info.assessments] == ["wanted"]


def test_traces_are_deleted(shared, fresh):
    keep, drop = write("keep", fresh), write("drop", fresh)
    assert MlflowClient().delete_traces(experiment_id=shared, trace_ids=[drop]) == 1
    left = mlflow.search_traces(
        locations=[LOCATION], filter_string=f"metadata.`mlflow.trace.session` = '{fresh}'", return_type="list")
    assert [trace.info.trace_id for trace in left] == [keep]


def test_without_a_warehouse_writing_works_and_reading_says_why(sandbox, shared, fresh, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACING_SQL_WAREHOUSE_ID")
    trace_id = write("turn", fresh)
    with pytest.raises(MlflowException, match="SQL warehouse ID"):
        mlflow.search_traces(locations=[LOCATION], return_type="list")
    monkeypatch.setenv("MLFLOW_TRACING_SQL_WAREHOUSE_ID", sandbox.warehouse())
    assert len(mlflow.get_trace(trace_id).data.spans) == 3


def test_experiments_are_found_made_and_tagged(sandbox, fresh):
    names = [f"/Shared/{fresh}/{letter}-traces" for letter in "abc"]
    ids = [mlflow.create_experiment(name, tags={"made": fresh}) for name in names]
    client, token, seen = MlflowClient(), None, []
    while True:
        page = client.search_experiments(
            filter_string=f"name LIKE '/Shared/{fresh}/%'", max_results=2, page_token=token, order_by=["name ASC"])
        seen += [experiment.name for experiment in page]
        token = page.token
        if not token:
            break
    assert seen == names
    with pytest.raises(MlflowException, match="already exists") as refused:
        mlflow.create_experiment(names[0])
    assert refused.value.error_code == "RESOURCE_ALREADY_EXISTS"
    client.set_experiment_tag(ids[0], "late", "1")
    assert mlflow.get_experiment_by_name(names[0]).tags["late"] == "1"
    assert [e.name for e in mlflow.search_experiments(filter_string=f"tags.made = '{fresh}' AND tags.late = '1'")] == [
        names[0]]
    client.delete_experiment(ids[2])
    assert mlflow.get_experiment_by_name(names[2]) is None
    assert mlflow.get_experiment_by_name(f"/Shared/{fresh}/none") is None


def test_an_experiment_is_provisioned_and_bound_once(sandbox, fresh):
    name = f"/Shared/{fresh}"
    place = UnityCatalog(catalog_name="main", schema_name="default", table_prefix=fresh)
    made = mlflow.set_experiment(name, trace_location=place)
    assert made.trace_location.full_otel_spans_table_name == f"main.default.{fresh}_otel_spans"
    trace_id = write("turn", fresh)
    assert trace_id.startswith(f"trace:/main.default.{fresh}/")
    assert len(mlflow.get_trace(trace_id).data.spans) == 3
    mlflow.set_experiment(name, trace_location=place)
    with pytest.raises(MlflowException, match="already linked to a different trace location"):
        mlflow.set_experiment(name, trace_location=UnityCatalog("main", "default", "other"))
    with pytest.raises(MlflowException, match="does not exist"):
        mlflow.set_experiment(
            name + "2", trace_location=UnityCatalog(catalog_name="none", schema_name="x", table_prefix="y"))


def test_the_older_schema_location(sandbox, fresh):
    from mlflow.tracing.enablement import set_experiment_trace_location, unset_experiment_trace_location

    experiment = mlflow.create_experiment(f"/Shared/{fresh}")
    place = set_experiment_trace_location(
        location=UCSchemaLocation(catalog_name="main", schema_name="default"), experiment_id=experiment)
    assert mlflow.get_experiment(experiment).tags[
        "mlflow.experiment.databricksTraceDestinationPath"] == "main.default"
    try:
        mlflow.set_experiment(experiment_id=experiment)
        mlflow.tracing.set_destination(place)
        trace_id = write("turn", fresh)
        assert trace_id.startswith("trace:/main.default/")
        trace = mlflow.get_trace(trace_id)
        assert sorted(span.name for span in trace.data.spans) == ["llm", "tool_Bash", "turn"]
        (root,) = [span for span in trace.data.spans if span.parent_id is None]
        assert root.inputs["prompt"] == "hi"
        found = mlflow.search_traces(
            locations=["main.default"], filter_string=f"metadata.`mlflow.trace.session` = '{fresh}'",
            return_type="list")
        assert [one.info.trace_id for one in found] == [trace_id]
        assert place.schema_name == "default"
    finally:
        unset_experiment_trace_location(
            location=UCSchemaLocation(catalog_name="main", schema_name="default"), experiment_id=experiment)
        mlflow.tracing.reset()


def test_the_classic_store(sandbox, fresh):
    experiment = mlflow.set_experiment(f"/Shared/{fresh}")
    trace_id = write("turn", fresh)
    assert trace_id.startswith("tr-")
    trace = mlflow.get_trace(trace_id)
    assert sorted(span.name for span in trace.data.spans) == ["llm", "tool_Bash", "turn"]
    mlflow.set_trace_tag(trace_id, "k", "v")
    found = mlflow.search_traces(
        locations=[experiment.experiment_id], filter_string="tag.k = 'v'", return_type="list")
    assert [one.info.trace_id for one in found] == [trace_id]
    assert [span.name for span in found[0].data.spans].count("llm") == 1


@pytest.mark.skipif("UCODE_SANDBOX_STRANGER_TOKEN" not in os.environ, reason="UCODE_SANDBOX_STRANGER_TOKEN is not set")
def test_somebody_without_permission_is_refused(monkeypatch):
    monkeypatch.setenv("DATABRICKS_TOKEN", os.environ["UCODE_SANDBOX_STRANGER_TOKEN"])
    with pytest.raises(MlflowException, match="permission"):
        mlflow.search_experiments()
