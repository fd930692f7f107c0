"""The OpenStack command line, as its makers ship it, against Signet."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

URL = os.environ["SIGNET_URL"]
REGION = os.environ["SIGNET_REGION"]
PROJECT_ID = os.environ["SIGNET_PROJECT_ID"]
PROJECT_NAME = os.environ["SIGNET_PROJECT_NAME"]
DOMAIN_NAME = os.environ["SIGNET_DOMAIN_NAME"]

OPENSTACK = Path(sys.executable).with_name("openstack")

# What a user exports.
PASSWORD = {
    "OS_AUTH_URL": f"{URL}/v3",
    "OS_USERNAME": os.environ["SIGNET_USER"],
    "OS_PASSWORD": os.environ["SIGNET_PASSWORD"],
    "OS_USER_DOMAIN_NAME": DOMAIN_NAME,
    "OS_PROJECT_NAME": PROJECT_NAME,
    "OS_PROJECT_DOMAIN_NAME": DOMAIN_NAME,
    "OS_REGION_NAME": REGION,
}

# Without a domain of the project, the client says that the project is in a domain with the id "default".
PASSWORD_ONLY = {name: value for name, value in PASSWORD.items() if name != "OS_PROJECT_DOMAIN_NAME"}


def with_token(token):
    scope = {name: value for name, value in PASSWORD.items() if not name.startswith(("OS_USER", "OS_PASSWORD"))}
    return {**scope, "OS_AUTH_TYPE": "v3token", "OS_TOKEN": token}


@pytest.fixture
def openstack(tmp_path):
    """Runs `openstack` with these variables, and with nothing that is set up on this machine."""

    def run(*command, **variables):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **variables}
        return subprocess.run(
            [OPENSTACK, *command], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60
        )

    return run


@pytest.fixture
def shown(openstack):
    """What a command shows."""

    def run(*command, **variables):
        done = openstack(*command, "-f", "json", **variables)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize(
    "variables",
    [pytest.param(PASSWORD, id="project domain"), pytest.param(PASSWORD_ONLY, id="no project domain")],
)
def test_token_issue(shown, variables):
    token = shown("token", "issue", **variables)
    assert token["id"]
    assert token["project_id"] == PROJECT_ID
    lifetime = datetime.strptime(token["expires"], "%Y-%m-%dT%H:%M:%S%z") - datetime.now(timezone.utc)
    assert timedelta(0) < lifetime <= timedelta(days=1)


def test_catalog_list(shown):
    urls = {
        entry["Type"]: [(e["interface"], e["region"], e["url"]) for e in entry["Endpoints"]]
        for entry in shown("catalog", "list", **PASSWORD)
    }
    assert urls == {
        "identity": [("public", REGION, f"{URL}/v3")],
        "kms": [("public", REGION, f"{URL}/v1.0")],
        "kmsv1": [("public", REGION, f"{URL}/v1.0/{PROJECT_ID}")],
        "apigv2": [("public", REGION, f"{URL}/v2/{PROJECT_ID}")],
        "volumev2": [("public", REGION, f"{URL}/v2/{PROJECT_ID}")],
    }


def test_project_list(shown):
    assert {"ID": PROJECT_ID, "Name": PROJECT_NAME} in shown("project", "list", **PASSWORD)


def test_token_for_a_token_until_it_is_revoked(openstack, shown):
    token = shown("token", "issue", **PASSWORD)["id"]
    assert shown("token", "issue", **with_token(token))["project_id"] == PROJECT_ID

    revoked = openstack("token", "revoke", token, **PASSWORD)
    assert (revoked.returncode, revoked.stdout, revoked.stderr) == (0, "", "")

    refused = openstack("token", "issue", **with_token(token))
    assert (refused.returncode, refused.stderr.strip()) == (1, "Unauthorized. (HTTP 401)")


def test_wrong_password(openstack):
    refused = openstack("token", "issue", **{**PASSWORD, "OS_PASSWORD": "a wrong password"})
    assert (refused.returncode, refused.stderr.strip()) == (1, "Unauthorized. (HTTP 401)")
