"""Signing keys: create, describe, sign, verify, public key, deletion.

What Signet signs, the package `cryptography` verifies.
"""

import base64
import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

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


@pytest.mark.parametrize("key_spec", ["RSA_2048", "EC_P256"])
def test_create_describe_and_schedule_deletion(kms, new_key, key_spec):
    alias = signet.new_name()
    key_id = new_key(key_alias=alias, key_spec=key_spec, key_usage="SIGN_VERIFY")

    key = kms.describe(key_id)
    assert (key.key_id, key.domain_id, key.key_alias, key.realm, key.key_spec, key.key_usage, key.key_state) == (
        key_id,
        signet.DOMAIN_ID,
        alias,
        signet.REGION,
        key_spec,
        "SIGN_VERIFY",
        "2",
    )

    answer = kms.delete_key(key_id=key_id, pending_days="7")
    assert (answer.key_id, answer.key_state) == (key_id, "4")
    assert kms.describe(key_id).key_state == "4"


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
@pytest.mark.parametrize(("key_spec", "algorithm", "options"), ALGORITHMS, ids=[row[1] for row in ALGORITHMS])
def test_sign_and_verify(kms, new_key, key_spec, algorithm, options, message_type):
    key_id = new_key(key_spec=key_spec, key_usage="SIGN_VERIFY")
    request = {"key_id": key_id, "signing_algorithm": algorithm, "message_type": message_type}

    def encode(message):
        return base64.b64encode(MESSAGE_TYPES[message_type](message)).decode()

    signature = kms.sign(message=encode(MESSAGE), **request).signature
    for message, expected in {MESSAGE: "true", OTHER_MESSAGE: "false"}.items():
        answer = kms.validate_signature(message=encode(message), signature=signature, **request)
        assert answer.signature_valid == expected

    public_key = serialization.load_pem_public_key(kms.show_public_key(key_id=key_id).public_key.encode())
    public_key.verify(base64.b64decode(signature), MESSAGE, *options)
    with pytest.raises(InvalidSignature):
        public_key.verify(base64.b64decode(signature), OTHER_MESSAGE, *options)


@pytest.mark.parametrize(
    ("key_spec", "kind", "size"),
    [("RSA_2048", rsa.RSAPublicKey, 2048), ("EC_P256", ec.EllipticCurvePublicKey, 256)],
    ids=["RSA_2048", "EC_P256"],
)
def test_public_key(kms, new_key, key_spec, kind, size):
    key_id = new_key(key_spec=key_spec, key_usage="SIGN_VERIFY")
    public_key = serialization.load_pem_public_key(kms.show_public_key(key_id=key_id).public_key.encode())
    assert isinstance(public_key, kind)
    assert public_key.key_size == size
