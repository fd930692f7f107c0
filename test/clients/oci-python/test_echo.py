"""Any method and any path, signed by the SDK: the echo service says what it got."""

import json

import oci
import pytest
from oci._vendor import requests

import signet

WHOLE = ["date", "(request-target)", "host"]
WITH_BODY = [*WHOLE, "content-length", "content-type", "x-content-sha256"]
CALLER = {
    "tenancy": {"id": signet.TENANCY_ID, "name": "signet"},
    "user": {"id": signet.USER_ID, "name": "signet"},
    "fingerprint": signet.FINGERPRINT,
}


@pytest.fixture(scope="module")
def signer():
    return oci.signer.Signer(
        signet.TENANCY_ID, signet.USER_ID, signet.FINGERPRINT, None, private_key_content=signet.PRIVATE_KEY
    )


def header(echo, name):
    return [value for other, value in echo["headers"] if other.lower() == name]


@pytest.mark.parametrize("method, body", [
    ("GET", None),
    ("DELETE", None),
    ("POST", '{"a": "é", "b": [1, 2]}'.encode()),
    ("PUT", b'{"a":1}'),
    ("PATCH", b"null"),
    ("POST", None),
])
def test_the_sdk_signs_any_request(signer, method, body):
    # What the library does not encode, it leaves as it is; the rest is encoded before the request is signed.
    target = "/any/path%20of%2Fmine/é|{}^`?a=b%20c&a=d&e=é|{}^`"
    sent = "/any/path%20of%2Fmine/%C3%A9%7C%7B%7D%5E%60?a=b%20c&a=d&e=%C3%A9%7C%7B%7D%5E%60"
    answer = requests.request(method, signet.ECHO_URL + target, data=body, auth=signer, headers={"x-mine": "one, two"})
    assert answer.status_code == 200, answer.text
    echo = answer.json()
    path, query = f"/oci{sent}".split("?")
    assert (echo["method"], echo["target"], echo["path"], echo["query"]) == (method, f"/oci{sent}", path, query)
    assert (echo["body"], echo["body_length"]) == ((body or b"").decode(), len(body or b""))
    has_body = method in ("POST", "PUT", "PATCH")
    assert (echo["signed_headers"], echo["warnings"]) == (WITH_BODY if has_body else WHOLE, [])
    assert echo["caller"] == CALLER
    assert (header(echo, "host"), header(echo, "x-mine")) == ([signet.URL.split("//")[1]], ["one, two"])
    assert header(echo, "content-type") == ["application/json"]


def test_the_sdk_signs_head(signer):
    answer = requests.head(f"{signet.ECHO_URL}/a", auth=signer)
    assert (answer.status_code, answer.text) == (200, "")


def test_the_sdk_signs_bytes(signer):
    answer = requests.post(
        f"{signet.ECHO_URL}/a", data=b"\xff\x00", auth=signer, headers={"content-type": "application/octet-stream"}
    )
    assert (answer.json()["body_base64"], answer.json()["body_length"]) == ("/wA=", 2)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_the_client_of_a_service_calls_it(method):
    client = signet.identity(endpoint=signet.ECHO_URL)
    has_body = method in ("POST", "PUT")
    headers = {"accept": "application/json", **({"content-type": "application/json"} if has_body else {})}
    echo = client.base_client.call_api(
        resource_path="/users/{userId}",
        path_params={"userId": "a:b/c"},
        query_params={"name": "a b/c+é"},
        method=method,
        header_params=headers,
        body={"description": "é"} if has_body else None,
        response_type="object",
    ).data
    # In a path the SDK leaves slashes as they are.
    target = "/oci/20160918/users/a%3Ab/c?name=a+b%2Fc%2B%C3%A9"
    assert (echo["method"], echo["target"]) == (method, target)
    assert echo["body"] == (json.dumps({"description": "é"}) if has_body else "")
    assert echo["signed_headers"] == (WITH_BODY if has_body else WHOLE)
