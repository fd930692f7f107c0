"""Data keys and key pairs for use outside, and random bytes."""

import base64
import hashlib
import secrets

import pytest
from cryptography.hazmat.primitives import serialization

from refused import refused
from wrapping import encode

AAD = "backup 4711"


def sha256(some_bytes):
    return hashlib.sha256(some_bytes).hexdigest().upper()


@pytest.mark.parametrize(
    ("wanted", "length"),
    [
        pytest.param({}, 32, id="nothing said"),
        pytest.param({"key_spec": "AES_128"}, 16, id="AES_128"),
        pytest.param({"key_spec": "HMAC_384"}, 48, id="HMAC_384"),
        pytest.param({"datakey_length": "512"}, 64, id="512 bits"),
    ],
)
def test_create_and_decrypt(kms, new_key, wanted, length):
    key_id = new_key()
    created = kms.create_datakey(key_id=key_id, additional_authenticated_data=AAD, **wanted)
    assert created.key_id == key_id
    data_key = bytes.fromhex(created.plain_text)
    assert len(data_key) == length

    request = {"key_id": key_id, "cipher_text": created.cipher_text, "datakey_cipher_length": str(length)}
    decrypted = kms.decrypt_datakey(additional_authenticated_data=AAD, **request)
    assert (decrypted.data_key, decrypted.datakey_length) == (created.plain_text, str(length))
    assert decrypted.datakey_dgst == sha256(data_key)
    with refused("KMS.2201"):
        kms.decrypt_datakey(additional_authenticated_data="backup 4712", **request)


def test_create_without_plaintext(kms, new_key):
    key_id = new_key()
    created = kms.create_datakey_without_plaintext(key_id=key_id, key_spec="AES_256")
    assert "plain_text" not in created.to_json_object()
    decrypted = kms.decrypt_datakey(key_id=key_id, cipher_text=created.cipher_text, datakey_cipher_length="32")
    assert decrypted.datakey_dgst == sha256(bytes.fromhex(decrypted.data_key))


def test_encrypt_and_decrypt(kms, new_key):
    key_id, data_key = new_key(), secrets.token_bytes(64)
    encrypted = kms.encrypt_datakey(
        key_id=key_id, plain_text=data_key.hex() + sha256(data_key), datakey_plain_length="64"
    )
    assert (encrypted.key_id, encrypted.datakey_length) == (key_id, "64")
    decrypted = kms.decrypt_datakey(
        key_id=key_id, cipher_text=encrypted.cipher_text, datakey_cipher_length=encrypted.datakey_length
    )
    assert bytes.fromhex(decrypted.data_key) == data_key
    assert decrypted.datakey_dgst == sha256(data_key)


PAIRS = [
    ("create_rsa_datakey_pair", "RSA_2048"),
    ("create_rsa_datakey_pair", "RSA_3072"),
    ("create_ec_datakey_pair", "ECC_NIST_P256"),
    ("create_ec_datakey_pair", "ECC_NIST_P384"),
    ("create_ec_datakey_pair", "ECC_NIST_P521"),
    ("create_ec_datakey_pair", "ECC_SECG_P256K1"),
]


@pytest.mark.parametrize(("create", "key_spec"), PAIRS, ids=[key_spec for _, key_spec in PAIRS])
def test_key_pair(kms, new_key, create, key_spec):
    key_id = new_key()
    pair = getattr(kms, create)(key_id=key_id, key_spec=key_spec, additional_authenticated_data=AAD)
    assert (pair.key_id, pair.key_spec) == (key_id, key_spec)

    private_key = serialization.load_der_private_key(base64.b64decode(pair.private_key_plain_text), password=None)
    public_key = private_key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert pair.public_key == encode(public_key)
    assert str(private_key.key_size) in key_spec

    unwrapped = kms.decrypt_data(cipher_text=pair.private_key_cipher_text, additional_authenticated_data=AAD)
    assert unwrapped.plain_text_base64 == pair.private_key_plain_text


@pytest.mark.parametrize(
    ("create", "key_spec"), [("create_rsa_datakey_pair", "RSA_2048"), ("create_ec_datakey_pair", "SM2")]
)
def test_key_pair_without_its_private_key(kms, new_key, create, key_spec):
    pair = getattr(kms, create)(key_id=new_key(), key_spec=key_spec, with_plain_text=False)
    assert pair.public_key
    assert pair.private_key_cipher_text
    assert pair.private_key_plain_text is None


def test_random(kms):
    first, second = (kms.create_random(random_data_length="512").random_data for _ in range(2))
    assert len(bytes.fromhex(first)) == len(bytes.fromhex(second)) == 64
    assert first != second
