"""Foreign clients against a running sandbox. They are pointed at it by the environment, as a person would do it:
DATABRICKS_HOST and DATABRICKS_TOKEN, and for what only some tests need UCODE_SANDBOX_ADMIN_TOKEN,
UCODE_SANDBOX_CLIENT_ID, UCODE_SANDBOX_CLIENT_SECRET and UCODE_SANDBOX_STRANGER_TOKEN. acceptance/clients/run sets them.
"""

import json
import os
import pathlib
import time
import urllib.request
import uuid

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

for name in ("DATABRICKS_HOST", "DATABRICKS_TOKEN"):
    if name not in os.environ:
        raise SystemExit(f"{name} is not set: run acceptance/clients/run, or eval \"$(ucode sandbox env)\"")

# Neither a config file nor a profile of whoever runs the tests decides where they go.
os.environ["DATABRICKS_CONFIG_FILE"] = os.devnull
os.environ.pop("DATABRICKS_CONFIG_PROFILE", None)
os.environ["MLFLOW_TRACKING_URI"] = "databricks"
os.environ["MLFLOW_ENABLE_ASYNC_TRACE_LOGGING"] = "false"


class Sandbox:
    """The running sandbox, asked without any client library."""

    url = os.environ["DATABRICKS_HOST"]
    token = os.environ["DATABRICKS_TOKEN"]

    def call(self, path, body=None, token=None, method=None):
        """The JSON answer to a GET, or to a POST where there is a body."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + (token or self.token), "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def admin(self, path, body=None, method=None):
        """The same, of the sandbox's own paths."""
        return self.call(path, body, os.environ["UCODE_SANDBOX_ADMIN_TOKEN"], method)

    def requests(self, path):
        """What was asked of paths that contain a text."""
        return self.admin(f"/sandbox/requests?limit=100000&path={path}")["requests"]

    def warehouse(self, state="RUNNING"):
        """The id of a warehouse in that state."""
        found = self.call("/api/2.0/sql/warehouses")["warehouses"]
        return next(one["id"] for one in found if one["state"] == state)

    def experiment(self):
        """The id of the shared experiment."""
        found = self.call(
            "/api/2.0/mlflow/experiments/get-by-name?experiment_name=%2FShared%2Fucode-traces")
        return found["experiment"]["experiment_id"]


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


@pytest.fixture(scope="session")
def sandbox():
    """The running sandbox."""
    found = Sandbox()
    os.environ["MLFLOW_TRACING_SQL_WAREHOUSE_ID"] = found.warehouse()
    return found


@pytest.fixture
def fresh():
    """A word that nobody used before: the tests share one sandbox, twice, with two versions of the client."""
    return "t" + uuid.uuid4().hex[:12]
