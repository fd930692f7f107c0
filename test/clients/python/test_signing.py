"""The life of a signing key: create, describe, sign, verify, public key, deletion.

What Signet signs, the package `cryptography` verifies.
"""

import base64
import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkkms.v2 import (
    CreateKeyRequest,
    CreateKeyRequestBody,
    DeleteKeyRequest,
    KmsClient,
    ListKeyDetailRequest,
    OperateKeyRequestBody,
    ScheduleKeyDeletionRequestBody,
    ShowPublicKeyRequest,
    SignRequest,
    SignRequestBody,
    ValidateSignatureRequest,
    VerifyRequestBody,
)

import signet

SHA256 = hashes.SHA256()
MESSAGE = b"The quick brown fox jumps over the lazy dog"
OTHER_MESSAGE = b"The quick brown fox jumps over the lazy dog."
MESSAGE_TYPES = {"RAW": lambda message: message, "DIGEST": lambda message: hashlib.sha256(message).digest()}

# What `public_key.verify` takes after the signature and the message.
PSS = (padding.PSS(padding.MGF1(SHA256), salt_length=SHA256.digest_size), SHA256)
PKCS1 = (padding.PKCS1v15(), SHA256)
ECDSA = (ec.ECDSA(SHA256),)

ALGORITHMS = [
    ("RSA_2048", "RSASSA_PSS_SHA_256", PSS),
    ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256", PKCS1),
    ("EC_P256", "ECDSA_SHA_256", ECDSA),
]


@pytest.fixture(scope="module")
def client():
    credentials = BasicCredentials(signet.AK, signet.SK, signet.PROJECT_ID)
    return KmsClient.new_builder().with_credentials(credentials).with_endpoint(signet.URL).build()


def describe(client, key_id):
    return client.list_key_detail(ListKeyDetailRequest(body=OperateKeyRequestBody(key_id=key_id))).key_info


def schedule_deletion(client, key_id):
    body = ScheduleKeyDeletionRequestBody(key_id=key_id, pending_days="7")
    return client.delete_key(DeleteKeyRequest(body=body))


@pytest.fixture
def new_key(client):
    """Creates keys, and schedules their deletion after the test."""
    created = []

    def create(key_spec):
        alias = signet.new_name()
        body = CreateKeyRequestBody(key_alias=alias, key_spec=key_spec, key_usage="SIGN_VERIFY")
        key = client.create_key(CreateKeyRequest(body=body)).key_info
        assert key.domain_id == signet.DOMAIN_ID
        created.append(key.key_id)
        return key.key_id, alias

    yield create
    for key_id in created:
        if describe(client, key_id).key_state != "4":
            schedule_deletion(client, key_id)


@pytest.mark.parametrize("key_spec", ["RSA_2048", "EC_P256"])
def test_create_describe_and_schedule_deletion(client, new_key, key_spec):
    key_id, alias = new_key(key_spec)

    key = describe(client, key_id)
    assert (key.key_id, key.domain_id, key.key_alias, key.realm, key.key_spec, key.key_usage, key.key_state) == (
        key_id,
        signet.DOMAIN_ID,
        alias,
        signet.REGION,
        key_spec,
        "SIGN_VERIFY",
        "2",
    )

    answer = schedule_deletion(client, key_id)
    assert (answer.key_id, answer.key_state) == (key_id, "4")
    assert describe(client, key_id).key_state == "4"


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
@pytest.mark.parametrize(("key_spec", "algorithm", "options"), ALGORITHMS, ids=[row[1] for row in ALGORITHMS])
def test_sign_and_verify(client, new_key, key_spec, algorithm, options, message_type):
    key_id, _ = new_key(key_spec)

    def encode(message):
        return base64.b64encode(MESSAGE_TYPES[message_type](message)).decode()

    def is_valid(message, signature):
        body = VerifyRequestBody(
            key_id=key_id,
            message=encode(message),
            signature=signature,
            signing_algorithm=algorithm,
            message_type=message_type,
        )
        return client.validate_signature(ValidateSignatureRequest(body=body)).signature_valid

    body = SignRequestBody(
        key_id=key_id, message=encode(MESSAGE), signing_algorithm=algorithm, message_type=message_type
    )
    signature = client.sign(SignRequest(body=body)).signature
    assert is_valid(MESSAGE, signature) == "true"
    assert is_valid(OTHER_MESSAGE, signature) == "false"

    answer = client.show_public_key(ShowPublicKeyRequest(body=OperateKeyRequestBody(key_id=key_id)))
    public_key = serialization.load_pem_public_key(answer.public_key.encode())
    public_key.verify(base64.b64decode(signature), MESSAGE, *options)
    with pytest.raises(InvalidSignature):
        public_key.verify(base64.b64decode(signature), OTHER_MESSAGE, *options)


@pytest.mark.parametrize(
    ("key_spec", "kind", "size"),
    [("RSA_2048", rsa.RSAPublicKey, 2048), ("EC_P256", ec.EllipticCurvePublicKey, 256)],
    ids=["RSA_2048", "EC_P256"],
)
def test_public_key(client, new_key, key_spec, kind, size):
    key_id, _ = new_key(key_spec)
    answer = client.show_public_key(ShowPublicKeyRequest(body=OperateKeyRequestBody(key_id=key_id)))
    public_key = serialization.load_pem_public_key(answer.public_key.encode())
    assert isinstance(public_key, kind)
    assert public_key.key_size == size
