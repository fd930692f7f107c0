"""How the SDK is pointed at Signet, and the keys that it signs requests with."""

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.http.http_handler import HttpHandler
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkkms.v2 import (
    CreateKeyRequest,
    CreateKeyRequestBody,
    DeleteKeyRequest,
    KmsClient,
    ScheduleKeyDeletionRequestBody,
)
from huaweicloudsdkkms.v2.region.kms_region import KmsRegion

import signet


# The SDK remembers the project of each access key and region: a row has its access key for itself.
def region(monkeypatch):
    credentials = BasicCredentials(signet.AK, signet.SK).with_iam_endpoint(signet.URL)
    return KmsClient.new_builder().with_credentials(credentials).with_region(Region("eu-de", signet.URL))


def environment(monkeypatch):
    monkeypatch.setenv("HUAWEICLOUD_SDK_AK", signet.TEMPORARY_AK)
    monkeypatch.setenv("HUAWEICLOUD_SDK_SK", signet.TEMPORARY_SK)
    monkeypatch.setenv("HUAWEICLOUD_SDK_SECURITY_TOKEN", signet.SECURITY_TOKEN)
    monkeypatch.setenv("HUAWEICLOUD_SDK_IAM_ENDPOINT", signet.URL)
    monkeypatch.setenv("HUAWEICLOUD_SDK_REGION_KMS_EU_DE", signet.URL)
    return KmsClient.new_builder().with_region(KmsRegion.value_of("eu-de"))


def permanent_keys(monkeypatch):
    credentials = BasicCredentials(signet.AK, signet.SK, signet.PROJECT_ID)
    return KmsClient.new_builder().with_credentials(credentials).with_endpoint(signet.URL)


def temporary_keys(monkeypatch):
    credentials = BasicCredentials(signet.TEMPORARY_AK, signet.TEMPORARY_SK, signet.PROJECT_ID)
    credentials.with_security_token(signet.SECURITY_TOKEN)
    return KmsClient.new_builder().with_credentials(credentials).with_endpoint(signet.URL)


def derived_key(monkeypatch):
    credentials = BasicCredentials(signet.AK, signet.SK, signet.PROJECT_ID)
    credentials.with_derived_predicate(BasicCredentials.get_default_derived_predicate())
    builder = KmsClient.new_builder().with_credentials(credentials).with_region(Region("eu-de", signet.URL))
    # As the vendor's clients of services with such a name do it.
    return builder._with_derived_auth_service_name("kms")


LOOKUP = "GET /v3/projects?name=eu-de SDK-HMAC-SHA256"
CREATE_KEY = f"POST /v1.0/{signet.PROJECT_ID}/kms/create-key"


@pytest.mark.parametrize(
    ("builder", "expected"),
    [
        # A region, and no project id: the SDK asks for the project.
        pytest.param(region, [LOOKUP, f"{CREATE_KEY} SDK-HMAC-SHA256"], id="region"),
        pytest.param(environment, [LOOKUP, f"{CREATE_KEY} SDK-HMAC-SHA256"], id="region from the environment"),
        # With a project id it does not.
        pytest.param(permanent_keys, [f"{CREATE_KEY} SDK-HMAC-SHA256"], id="permanent keys"),
        pytest.param(temporary_keys, [f"{CREATE_KEY} SDK-HMAC-SHA256"], id="temporary keys"),
        pytest.param(derived_key, [f"{CREATE_KEY} V11-HMAC-SHA256"], id="derived key"),
    ],
)
def test_client(builder, expected, monkeypatch):
    requests = []
    http_handler = HttpHandler().add_response_handler(lambda response, **_: requests.append(response.request))
    client = builder(monkeypatch).with_http_handler(http_handler).build()

    key = client.create_key(CreateKeyRequest(body=CreateKeyRequestBody(key_alias=signet.new_name()))).key_info

    assert key.domain_id == signet.DOMAIN_ID
    assert [f"{r.method} {r.path_url} {r.headers['Authorization'].split()[0]}" for r in requests] == expected
    client.delete_key(DeleteKeyRequest(body=ScheduleKeyDeletionRequestBody(key_id=key.key_id, pending_days="7")))
