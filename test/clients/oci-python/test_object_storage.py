"""Object Storage as far as its signatures go: of an upload the SDK does not sign the body, and asks before it sends it."""

import io

import oci
import pytest

import signet

UNSIGNED = [
    "content-length is there, and not signed.",
    "content-type is there, and not signed.",
    "There is a body, and x-content-sha256 is not signed: whether it is the one that was sent cannot be told.",
]


@pytest.fixture
def storage():
    return signet.watched(oci.object_storage.ObjectStorageClient(signet.config(), service_endpoint=signet.ECHO_URL))


UPLOADS = {
    "an object": (
        lambda client: client.put_object("ns", "bucket", "a/b c.txt", b"hello"),
        "/oci/n/ns/b/bucket/o/a%2Fb%20c.txt",
    ),
    "a stream": (
        lambda client: client.put_object("ns", "bucket", "stream", io.BytesIO(b"hello")),
        "/oci/n/ns/b/bucket/o/stream",
    ),
    "a part": (
        lambda client: client.upload_part("ns", "bucket", "whole", "id", 1, b"hello"),
        "/oci/n/ns/b/bucket/u/whole?uploadId=id&uploadPartNum=1",
    ),
}


@pytest.mark.parametrize("upload, target", UPLOADS.values(), ids=UPLOADS.keys())
def test_an_upload_does_not_sign_its_body(storage, upload, target):
    client, exchanges = storage
    assert upload(client).status == 200
    [exchange] = exchanges
    assert exchange.sent["expect"] == "100-continue"
    echo = exchange.answer.json()
    assert (echo["method"], echo["target"], echo["body"]) == ("PUT", target, "hello")
    assert (echo["signed_headers"], echo["warnings"]) == (["date", "(request-target)", "host"], UNSIGNED)


def test_what_has_no_body_is_signed_as_anywhere(storage):
    client, exchanges = storage
    assert client.head_object("ns", "bucket", "a/b c.txt").status == 200
    client.list_objects("ns", "bucket", prefix="x y")
    echo = exchanges[-1].answer.json()
    assert (echo["target"], echo["warnings"]) == ("/oci/n/ns/b/bucket/o?prefix=x+y", [])
    assert [exchange.status for exchange in exchanges] == [200, 200]


def test_a_body_elsewhere_has_to_be_signed(storage):
    client, _ = storage
    client.base_client.signer = client.base_client.signer.without_content_headers
    with pytest.raises(oci.exceptions.ServiceError) as refusal:
        client.create_bucket("ns", oci.object_storage.models.CreateBucketDetails(name="n", compartment_id="c"))
    assert (refusal.value.status, refusal.value.code) == (401, "NotAuthenticated")
