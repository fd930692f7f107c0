"""What a program sees of a refusal: the SDK's own exception."""

import re

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.http.http_handler import HttpHandler
from huaweicloudsdkkms.v2 import KmsClient, ListKeyDetailRequest, OperateKeyRequestBody

import signet

UNKNOWN_KEY = "00000000-0000-4000-8000-000000000000"
UNAUTHENTICATED = "Incorrect IAM authentication information: "
CANONICAL_REQUEST = f"canonicalRequest:POST|/v1.0/{signet.PROJECT_ID}/kms/describe-key/||"


@pytest.mark.parametrize(
    ("keys", "key_id", "status", "code", "text"),
    [
        pytest.param(
            (signet.AK, signet.SK), UNKNOWN_KEY, 404, "KMS.0207", r"The key does not exist\.$", id="unknown key"
        ),
        pytest.param(
            (signet.AK, signet.SK), "not-a-key-id", 400, "KMS.0205", r"Invalid key ID\.$", id="malformed key id"
        ),
        pytest.param(
            (signet.AK, "a wrong secret key"),
            UNKNOWN_KEY,
            401,
            "APIGW.0301",
            re.escape(f"{UNAUTHENTICATED}verify aksk signature fail, {CANONICAL_REQUEST}"),
            id="wrong secret key",
        ),
        pytest.param(
            ("UNKNOWNACCESSKEY", "any"),
            UNKNOWN_KEY,
            401,
            "APIGW.0301",
            f"{UNAUTHENTICATED}ak UNKNOWNACCESSKEY not exist$",
            id="unknown access key",
        ),
    ],
)
def test_refusal(keys, key_id, status, code, text):
    responses = []
    client = (
        KmsClient.new_builder()
        .with_http_handler(HttpHandler().add_response_handler(lambda response, **_: responses.append(response)))
        .with_credentials(BasicCredentials(*keys, signet.PROJECT_ID))
        .with_endpoint(signet.URL)
        .build()
    )

    with pytest.raises(ClientRequestException) as refusal:
        client.list_key_detail(ListKeyDetailRequest(body=OperateKeyRequestBody(key_id=key_id)))

    error = refusal.value
    assert error.status_code == status
    assert error.error_code == code
    assert re.match(text, error.error_msg), error.error_msg
    assert re.fullmatch("[0-9a-f]{32}", error.request_id)

    [response] = responses
    assert error.request_id == response.headers["X-Request-Id"]
    if code.startswith("APIGW."):
        assert error.request_id == response.json()["request_id"]
