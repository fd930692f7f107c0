"""Data of up to 4096 bytes: encrypted, decrypted, and re-encrypted."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization

from refused import refused
from wrapping import PADDINGS, encode

TEXT = "Zwölf Boxkämpfer, 十二个拳击手"
TEXT_BASE64 = base64.b64encode(TEXT.encode()).decode()
AAD = "invoice 4711"


def test_encrypt_and_decrypt(kms, new_key):
    key_id = new_key()
    encrypted = kms.encrypt_data(key_id=key_id, plain_text=TEXT)
    assert encrypted.key_id == key_id
    # Which key it was stands in the ciphertext.
    decrypted = kms.decrypt_data(cipher_text=encrypted.cipher_text)
    assert (decrypted.key_id, decrypted.plain_text, decrypted.plain_text_base64) == (key_id, TEXT, TEXT_BASE64)


def test_additional_authenticated_data(kms, new_key):
    encrypted = kms.encrypt_data(
        key_id=new_key(), plain_text=TEXT, encryption_algorithm="SYMMETRIC_DEFAULT", additional_authenticated_data=AAD
    )
    request = {"cipher_text": encrypted.cipher_text, "encryption_algorithm": "SYMMETRIC_DEFAULT"}
    assert kms.decrypt_data(additional_authenticated_data=AAD, **request).plain_text == TEXT
    with refused("KMS.2201"):
        kms.decrypt_data(additional_authenticated_data="invoice 4712", **request)


@pytest.mark.parametrize("algorithm", ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"])
def test_public_key_encryption_outside(kms, new_key, algorithm):
    key_id = new_key(key_spec="RSA_2048", key_usage="ENCRYPT_DECRYPT")
    public_key = serialization.load_pem_public_key(kms.show_public_key(key_id=key_id).public_key.encode())
    cipher_text = encode(public_key.encrypt(TEXT.encode(), PADDINGS[algorithm]))
    decrypted = kms.decrypt_data(key_id=key_id, cipher_text=cipher_text, encryption_algorithm=algorithm)
    assert (decrypted.key_id, decrypted.plain_text) == (key_id, TEXT)


def test_re_encrypt_data(kms, new_key):
    source, destination = new_key(), new_key(key_spec="RSA_2048", key_usage="ENCRYPT_DECRYPT")
    encrypted = kms.encrypt_data(key_id=source, plain_text=TEXT, additional_authenticated_data=AAD)
    again = kms.re_encrypt(
        source_key_id=source,
        source_encryption_algorithm="SYMMETRIC_DEFAULT",
        source_additional_authenticated_data=AAD,
        destination_key_id=destination,
        destination_encryption_algorithm="RSAES_OAEP_SHA_256",
        cipher_text=encrypted.cipher_text,
    )
    assert (again.source_key_id, again.key_id) == (source, destination)
    assert again.source_encryption_algorithm == "SYMMETRIC_DEFAULT"
    assert again.destination_encryption_algorithm == "RSAES_OAEP_SHA_256"
    decrypted = kms.decrypt_data(
        key_id=destination, cipher_text=again.cipher_text, encryption_algorithm="RSAES_OAEP_SHA_256"
    )
    assert decrypted.plain_text == TEXT


def test_re_encrypt_a_data_key(kms, new_key):
    source, destination = new_key(), new_key()
    created = kms.create_datakey(key_id=source, datakey_length="512")
    again = kms.re_encrypt(destination_key_id=destination, cipher_text=created.cipher_text, datakey_cipher_length="64")
    assert (again.source_key_id, again.key_id) == (source, destination)
    decrypted = kms.decrypt_datakey(key_id=destination, cipher_text=again.cipher_text, datakey_cipher_length="64")
    assert decrypted.data_key == created.plain_text
