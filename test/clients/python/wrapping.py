"""How key material travels to the KMS: under the public key that came with the import parameters."""

import base64
import secrets

from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import padding


def oaep(hash_algorithm):
    return padding.OAEP(padding.MGF1(hash_algorithm), hash_algorithm, label=None)


PADDINGS = {
    "RSAES_PKCS1_V1_5": padding.PKCS1v15(),
    "RSAES_OAEP_SHA_1": oaep(hashes.SHA1()),
    "RSAES_OAEP_SHA_256": oaep(hashes.SHA256()),
}


def encode(some_bytes):
    return base64.b64encode(some_bytes).decode()


def wrap(parameters, material, algorithm="RSAES_OAEP_SHA_256"):
    """The fields of an import request for a secret."""
    public_key = serialization.load_der_public_key(base64.b64decode(parameters.public_key))
    return {
        "import_token": parameters.import_token,
        "encrypted_key_material": encode(public_key.encrypt(material, PADDINGS[algorithm])),
    }


def wrap_private_key(parameters, private_key):
    """The same for a private key: it is wrapped under an AES key, and that under the public key."""
    aes_key = secrets.token_bytes(32)
    pkcs8 = private_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    wrapped = keywrap.aes_key_wrap_with_padding(aes_key, pkcs8)
    return {**wrap(parameters, aes_key), "encrypted_privatekey": encode(wrapped)}
