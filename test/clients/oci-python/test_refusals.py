"""What a program sees of a refusal: the SDK's own exception, after one request."""

import re

import oci
import pytest

import signet

GENERIC = "The required information to complete authentication was not provided or was incorrect."
NOT_FOUND = "Authorization failed or requested resource not found."
UNKNOWN = "d0:93:98:e3:2f:34:f9:56:df:2a:03:3b:0d:e1:38:8e"
PUBLIC, PRIVATE = signet.new_pair()


def fill(admin, user_id):
    for _ in range(3):
        signet.upload(admin, user_id, signet.new_pair()[0])


def with_key(admin, user_id):
    return signet.upload(admin, user_id, PUBLIC).data.fingerprint


# By name: what is done before, what is refused then, and how.
REFUSALS = {
    "a key of SSH": (
        None, lambda client, user_id, _: signet.upload(client, user_id, "ssh-rsa AAAAB3NzaC1yc2E signet"),
        400, "InvalidParameter", "SSH",
    ),
    "a private key": (
        None, lambda client, user_id, _: signet.upload(client, user_id, PRIVATE),
        400, "InvalidParameter", "private",
    ),
    "a body without fields": (
        None, lambda client, user_id, _: signet.upload(client, user_id, None),
        400, "MissingParameter", "key",
    ),
    "a fourth key": (
        fill, lambda client, user_id, _: signet.upload(client, user_id, PUBLIC),
        400, "LimitExceeded", "3 API keys",
    ),
    "the same key again": (
        with_key, lambda client, user_id, _: signet.upload(client, user_id, PUBLIC),
        409, "Conflict", "already",
    ),
    "another etag": (
        with_key, lambda client, user_id, fingerprint: client.delete_api_key(user_id, fingerprint, if_match="another"),
        412, "NoEtagMatch", "etag",
    ),
    "an unknown key": (
        None, lambda client, user_id, _: client.delete_api_key(user_id, UNKNOWN),
        404, "NotAuthorizedOrNotFound", f"^{re.escape(NOT_FOUND)}$",
    ),
    "an operation that Signet does not have": (
        None, lambda client, user_id, _: client.get_user(user_id),
        404, "NotFound", "operation",
    ),
}


@pytest.mark.parametrize("before, act, status, code, text", REFUSALS.values(), ids=REFUSALS.keys())
def test_the_sdk_shows(admin, new_user, before, act, status, code, text):
    user_id = new_user()
    client, exchanges = signet.watched(signet.identity())
    prepared = before and before(admin, user_id)
    shows(lambda: act(client, user_id, prepared), exchanges, status, code, text)


CALLERS = {
    "the private key of another key": ({"key_content": PRIVATE}, r"^Failed to verify the HTTP\(S\) Signature$"),
    "another fingerprint": ({"fingerprint": UNKNOWN}, f"^{re.escape(GENERIC)}$"),
    "another user": ({"user": f"{signet.USER_ID[:-1]}b"}, f"^{re.escape(GENERIC)}$"),
    "another tenancy": ({"tenancy": f"{signet.TENANCY_ID[:-1]}b"}, f"^{re.escape(GENERIC)}$"),
}


@pytest.mark.parametrize("changed, text", CALLERS.values(), ids=CALLERS.keys())
def test_the_sdk_shows_that_a_caller_is_unknown(changed, text):
    client, exchanges = signet.watched(signet.identity(**changed))
    shows(lambda: client.list_api_keys(signet.USER_ID), exchanges, 401, "NotAuthenticated", text)


def test_the_sdk_shows_that_a_caller_is_no_administrator(admin, new_user):
    user_id = new_user()
    fingerprint = with_key(admin, user_id)
    client, exchanges = signet.watched(signet.identity(user=user_id, fingerprint=fingerprint, key_content=PRIVATE))
    text = f"^{re.escape(NOT_FOUND)}$"
    shows(lambda: client.list_api_keys(signet.USER_ID), exchanges, 404, "NotAuthorizedOrNotFound", text)


def shows(act, exchanges, status, code, text):
    with pytest.raises(oci.exceptions.ServiceError) as refusal:
        act()
    error = refusal.value
    assert (error.status, error.code) == (status, code)
    assert re.search(text, error.message), error.message
    # Not one of these is tried again.
    [exchange] = exchanges
    assert error.request_id == exchange.answered_id
    assert re.fullmatch(f"{exchange.request_id}(/[0-9A-F]{{32}}){{2}}", error.request_id)
