"""The Databricks SDK for Python, unchanged, against the sandbox."""

import os
import time

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import NotFound, PermissionDenied, ResourceAlreadyExists, Unauthenticated
from databricks.sdk.service.sql import State, StatementState


@pytest.fixture
def workspace(sandbox):
    """A client with the personal access token of the environment."""
    return WorkspaceClient()


def principal():
    """A client that signs in with OAuth client credentials."""
    return WorkspaceClient(
        host=os.environ["DATABRICKS_HOST"], client_id=os.environ["UCODE_SANDBOX_CLIENT_ID"],
        client_secret=os.environ["UCODE_SANDBOX_CLIENT_SECRET"], auth_type="oauth-m2m", token=None)


def test_who_one_is(workspace):
    me = workspace.current_user.me()
    assert me.user_name == "dev@sandbox.test"
    assert "admins" in [group.display for group in me.groups]
    assert workspace.get_workspace_id() > 0


def test_experiments_come_in_pages(workspace, fresh):
    names = [f"/Shared/{fresh}/{letter}" for letter in "abcde"]
    for name in names:
        workspace.experiments.create_experiment(name)
    found = workspace.experiments.search_experiments(
        filter=f"name LIKE '/Shared/{fresh}/%'", max_results=2, order_by=["name ASC"])
    assert [experiment.name for experiment in found] == names
    with pytest.raises(ResourceAlreadyExists):
        workspace.experiments.create_experiment(names[0])
    with pytest.raises(NotFound):
        workspace.experiments.get_by_name(f"/Shared/{fresh}/none")
    one = workspace.experiments.get_by_name(names[0]).experiment
    workspace.experiments.set_experiment_tag(one.experiment_id, "k", "v")
    tags = workspace.experiments.get_experiment(one.experiment_id).experiment.tags
    assert ("k", "v") in [(tag.key, tag.value) for tag in tags]


def test_the_shared_experiment_names_its_tables(workspace):
    tags = {tag.key: tag.value for tag in workspace.experiments.get_by_name("/Shared/ucode-traces").experiment.tags}
    assert tags["mlflow.experiment.databricksTraceDestinationPath"] == "main.traces.ucode"


def test_warehouses(workspace):
    states = {warehouse.name: warehouse.state for warehouse in workspace.warehouses.list()}
    assert State.RUNNING in states.values()
    running = next(one for one in workspace.warehouses.list() if one.state == State.RUNNING)
    assert workspace.warehouses.get(running.id).name == running.name
    with pytest.raises(NotFound):
        workspace.warehouses.get("0000000000000000")


def test_a_statement_on_the_spans_table(workspace):
    running = next(one for one in workspace.warehouses.list() if one.state == State.RUNNING)
    answer = workspace.statement_execution.execute_statement(
        "SELECT span_id FROM main.traces.ucode_otel_spans LIMIT 0", running.id, wait_timeout="30s")
    assert answer.status.state == StatementState.SUCCEEDED
    assert [(column.name, column.type_text) for column in answer.manifest.schema.columns] == [("span_id", "STRING")]
    refused = workspace.statement_execution.execute_statement("SELECT 1 FROM nowhere", running.id, wait_timeout="30s")
    assert refused.status.state == StatementState.FAILED


@pytest.mark.skipif("UCODE_SANDBOX_CLIENT_ID" not in os.environ, reason="UCODE_SANDBOX_CLIENT_ID is not set")
def test_client_credentials_are_refreshed_when_they_expire(sandbox, monkeypatch):
    monkeypatch.delenv("DATABRICKS_TOKEN")
    sandbox.admin("/sandbox/settings", {"oauth_lifetime_seconds": 1})
    try:
        client = principal()
        assert client.current_user.me().display_name == "ucode-ci"
        before = len(sandbox.requests("/oidc/v1/token"))
        time.sleep(1.1)  # the token's own lifetime is what is tested
        assert client.current_user.me().display_name == "ucode-ci"
        assert len(sandbox.requests("/oidc/v1/token")) > before
    finally:
        sandbox.admin("/sandbox/settings", {"oauth_lifetime_seconds": 3600})


def test_wrong_tokens_and_missing_permissions(sandbox):
    host = os.environ["DATABRICKS_HOST"]
    with pytest.raises(Unauthenticated):
        WorkspaceClient(host=host, token="dapi0", auth_type="pat").current_user.me()
    stranger = os.environ.get("UCODE_SANDBOX_STRANGER_TOKEN")
    if stranger is None:
        pytest.skip("UCODE_SANDBOX_STRANGER_TOKEN is not set")
    with pytest.raises(PermissionDenied):
        list(WorkspaceClient(host=host, token=stranger, auth_type="pat").warehouses.list())
