"""Elliptic curve Diffie-Hellman: two sides come to the same secret."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from wrapping import encode


@pytest.mark.parametrize(
    ("key_spec", "curve"), [("EC_P256", ec.SECP256R1()), ("EC_P384", ec.SECP384R1()), ("SECP256K1", ec.SECP256K1())]
)
def test_shared_secret(kms, new_key, key_spec, curve):
    key_id = new_key(key_spec=key_spec)
    theirs = serialization.load_pem_public_key(kms.show_public_key(key_id=key_id).public_key.encode())
    ours = ec.generate_private_key(curve)
    our_public_key = ours.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    answer = kms.derive_shared_secret(
        key_id=key_id, key_agreement_algorithm="ECDH", public_key=encode(our_public_key)
    )
    assert (answer.key_id, answer.key_agreement_algorithm) == (key_id, "ECDH")
    assert base64.b64decode(answer.shared_secret) == ours.exchange(ec.ECDH(), theirs)
