"""Keys whose material comes from outside."""

import base64
import secrets
import time

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from refused import refused
from wrapping import PADDINGS, encode, wrap

SHA256 = hashes.SHA256()
TEXT = "The quick brown fox jumps over the lazy dog"


@pytest.mark.parametrize("algorithm", PADDINGS)
def test_import_use_delete_and_import_again(kms, new_key, algorithm):
    material, key_id = secrets.token_bytes(32), new_key(origin="external")
    created = kms.describe(key_id)
    assert (created.origin, created.key_state, created.expiration_time) == ("external", "5", "")

    def import_material(material, **fields):
        parameters = kms.create_parameters_for_import(key_id=key_id, wrapping_algorithm=algorithm)
        assert parameters.key_id == key_id
        assert parameters.expiration_time > time.time()
        kms.import_key_material(key_id=key_id, **wrap(parameters, material, algorithm), **fields)

    tomorrow = int(time.time()) + 86_400
    import_material(material, expiration_time=tomorrow)
    imported = kms.describe(key_id)
    assert (imported.key_state, imported.expiration_time) == ("2", f"{tomorrow}000")
    cipher_text = kms.encrypt_data(key_id=key_id, plain_text=TEXT).cipher_text

    kms.delete_imported_key_material(key_id=key_id)
    assert kms.describe(key_id).key_state == "5"
    with refused("KMS.2606"):
        import_material(secrets.token_bytes(32))
    import_material(material)
    assert kms.decrypt_data(cipher_text=cipher_text).plain_text == TEXT


def public_bytes(key):
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


PSS = (padding.PSS(padding.MGF1(SHA256), salt_length=SHA256.digest_size), SHA256)
SIGNERS = [
    ("RSA_2048", "RSASSA_PSS_SHA_256", lambda: rsa.generate_private_key(65537, 2048), PSS),
    ("EC_P256", "ECDSA_SHA_256", lambda: ec.generate_private_key(ec.SECP256R1()), (ec.ECDSA(SHA256),)),
]


@pytest.mark.parametrize(("key_spec", "algorithm", "generate", "options"), SIGNERS, ids=[row[0] for row in SIGNERS])
def test_private_key_that_signs(kms, import_key, key_spec, algorithm, generate, options):
    private_key = generate()
    key_id = import_key(private_key, key_spec=key_spec, key_usage="SIGN_VERIFY")
    shown = serialization.load_pem_public_key(kms.show_public_key(key_id=key_id).public_key.encode())
    assert public_bytes(shown) == public_bytes(private_key.public_key())

    request = {
        "key_id": key_id,
        "message": encode(TEXT.encode()),
        "message_type": "RAW",
        "signing_algorithm": algorithm,
    }
    signature = base64.b64decode(kms.sign(**request).signature)
    private_key.public_key().verify(signature, TEXT.encode(), *options)
    ours = encode(private_key.sign(TEXT.encode(), *options))
    assert kms.validate_signature(signature=ours, **request).signature_valid == "true"
    with refused("KMS.2702"):
        kms.delete_imported_key_material(key_id=key_id)


@pytest.mark.parametrize("algorithm", ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"])
def test_private_key_that_decrypts(kms, import_key, algorithm):
    """What the KMS encrypts the key opens outside, and the reverse."""
    private_key = rsa.generate_private_key(65537, 2048)
    key_id = import_key(private_key, key_spec="RSA_2048", key_usage="ENCRYPT_DECRYPT")

    encrypted = kms.encrypt_data(key_id=key_id, plain_text=TEXT, encryption_algorithm=algorithm)
    opened = private_key.decrypt(base64.b64decode(encrypted.cipher_text), PADDINGS[algorithm])
    assert opened == TEXT.encode()

    ours = encode(private_key.public_key().encrypt(TEXT.encode(), PADDINGS[algorithm]))
    decrypted = kms.decrypt_data(key_id=key_id, cipher_text=ours, encryption_algorithm=algorithm)
    assert decrypted.plain_text == TEXT
