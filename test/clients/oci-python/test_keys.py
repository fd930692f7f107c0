"""What Oracle's own sample does with API keys: upload, poll, use, delete."""

import hashlib

import oci
import pytest
from cryptography.hazmat.primitives import serialization

import signet


def fingerprint_of(pem):
    der = serialization.load_pem_public_key(pem.encode()).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return ":".join(f"{byte:02x}" for byte in hashlib.md5(der).digest())


def poll(client, user_id, fingerprint):
    """Lists until the key can be used."""
    for _ in range(10):
        for key in client.list_api_keys(user_id).data:
            if key.fingerprint == fingerprint and key.lifecycle_state == "ACTIVE":
                return key
    pytest.fail("the key did not become ACTIVE")


def test_a_key_is_uploaded_polled_used_and_deleted(new_user):
    admin, exchanges = signet.watched(signet.identity())
    user_id = new_user()
    public, private = signet.new_pair()
    fingerprint = fingerprint_of(public)

    uploaded = signet.upload(admin, user_id, public)
    key = uploaded.data
    assert uploaded.status == 200
    assert (key.fingerprint, key.user_id, key.key_value) == (fingerprint, user_id, public)
    assert key.key_id == f"{signet.TENANCY_ID}/{user_id}/{fingerprint}"
    assert (key.lifecycle_state, key.inactive_status) == ("ACTIVE", None)
    assert key.time_created.tzinfo is not None
    assert uploaded.headers["opc-request-id"].split("/")[0] == exchanges[0].request_id
    assert poll(admin, user_id, fingerprint) == key

    user = signet.identity(user=user_id, fingerprint=fingerprint, key_content=private)
    assert user.list_api_keys(user_id).data == [key]

    assert user.delete_api_key(user_id, fingerprint, if_match=uploaded.headers["etag"]).status == 204
    assert admin.list_api_keys(user_id).data == []
    with pytest.raises(oci.exceptions.ServiceError) as refusal:
        user.list_api_keys(user_id)
    assert (refusal.value.status, refusal.value.code) == (401, "NotAuthenticated")


def test_an_upload_with_the_same_retry_token_is_the_same_upload(admin, new_user):
    user_id = new_user()
    public, _ = signet.new_pair()
    first = signet.upload(admin, user_id, public, opc_retry_token="again")
    second = signet.upload(admin, user_id, public, opc_retry_token="again")
    assert (second.data, second.headers["etag"]) == (first.data, first.headers["etag"])
    assert len(admin.list_api_keys(user_id).data) == 1


def test_the_pages_of_the_keys_are_one(admin, new_user):
    user_id = new_user()
    keys = [signet.upload(admin, user_id, signet.new_pair()[0]).data for _ in range(3)]
    assert oci.pagination.list_call_get_all_results(admin.list_api_keys, user_id).data == keys
