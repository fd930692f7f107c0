"""The vendor's IAM client: projects, tokens, and temporary keys made of a token."""

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials, GlobalCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.http.http_handler import HttpHandler
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkiam.v3 import (
    CreateTemporaryAccessKeyByTokenRequest,
    IamClient,
    KeystoneCreateUserTokenByPasswordRequest,
    KeystoneListAuthProjectsRequest,
    KeystoneListProjectsRequest,
)
from huaweicloudsdkkms.v2 import (
    CreateKeyRequest,
    CreateKeyRequestBody,
    DeleteKeyRequest,
    KmsClient,
    ScheduleKeyDeletionRequestBody,
)

import signet


@pytest.fixture(scope="module")
def client():
    credentials = GlobalCredentials(signet.AK, signet.SK, signet.DOMAIN_ID)
    return IamClient.new_builder().with_credentials(credentials).with_endpoint(signet.URL).build()


def token_for(client, password):
    user = {"domain": {"name": signet.DOMAIN_NAME}, "name": signet.USER, "password": password}
    auth = {
        "identity": {"methods": ["password"], "password": {"user": user}},
        "scope": {"project": {"name": signet.PROJECT_NAME}},
    }
    return client.keystone_create_user_token_by_password(
        KeystoneCreateUserTokenByPasswordRequest(body={"auth": auth})
    )


PROJECT = (signet.PROJECT_ID, signet.PROJECT_NAME, signet.DOMAIN_ID, True)


def shown(projects):
    return [(project.id, project.name, project.domain_id, project.enabled) for project in projects]


def test_region_and_no_domain_id():
    """The SDK asks for the domain."""
    requests = []
    credentials = GlobalCredentials(signet.AK, signet.SK).with_iam_endpoint(signet.URL)
    client = (
        IamClient.new_builder()
        .with_http_handler(HttpHandler().add_response_handler(lambda response, **_: requests.append(response.request)))
        .with_credentials(credentials)
        .with_region(Region("eu-de", signet.URL))
        .build()
    )
    assert shown(client.keystone_list_auth_projects(KeystoneListAuthProjectsRequest()).projects) == [PROJECT]
    assert [f"{r.method} {r.path_url}" for r in requests] == ["GET /v3/auth/domains", "GET /v3/auth/projects"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [(signet.PROJECT_NAME, [PROJECT]), ("no-such-project", []), ("no such project: *é/~", [])],
    ids=["known", "unknown", "unknown, with signs to encode"],
)
def test_projects_by_name(client, name, expected):
    assert shown(client.keystone_list_projects(KeystoneListProjectsRequest(name=name)).projects) == expected


def test_token_with_the_catalogue(client):
    token = token_for(client, signet.PASSWORD).token
    assert token.user.name == signet.USER
    assert token.project.id == signet.PROJECT_ID
    endpoints = {entry.type: (entry.endpoints[0].region, entry.endpoints[0].url) for entry in token.catalog}
    assert endpoints == {
        "identity": (signet.REGION, f"{signet.URL}/v3"),
        "kms": (signet.REGION, f"{signet.URL}/v1.0"),
        "kmsv1": (signet.REGION, f"{signet.URL}/v1.0/{signet.PROJECT_ID}"),
        "apigv2": (signet.REGION, f"{signet.URL}/v2/{signet.PROJECT_ID}"),
        "volumev2": (signet.REGION, f"{signet.URL}/v2/{signet.PROJECT_ID}"),
    }


def test_temporary_keys_for_a_token(client):
    token = token_for(client, signet.PASSWORD).x_subject_token
    identity = {"methods": ["token"], "token": {"id": token, "duration_seconds": 900}}
    credential = client.create_temporary_access_key_by_token(
        CreateTemporaryAccessKeyByTokenRequest(body={"auth": {"identity": identity}})
    ).credential

    temporary = BasicCredentials(credential.access, credential.secret, signet.PROJECT_ID).with_security_token(
        credential.securitytoken
    )
    kms = KmsClient.new_builder().with_credentials(temporary).with_endpoint(signet.URL).build()
    key = kms.create_key(CreateKeyRequest(body=CreateKeyRequestBody(key_alias=signet.new_name()))).key_info
    assert key.domain_id == signet.DOMAIN_ID
    kms.delete_key(DeleteKeyRequest(body=ScheduleKeyDeletionRequestBody(key_id=key.key_id, pending_days="7")))


def test_no_token_for_a_wrong_password(client):
    with pytest.raises(ClientRequestException) as refusal:
        token_for(client, "a wrong password")
    assert refusal.value.status_code == 401
    assert refusal.value.error_code == 401
    assert refusal.value.error_msg == "Unauthorized."
