"""Message authentication codes, under keys that Python's `hmac` has too."""

import hmac
import secrets

import pytest

from wrapping import encode

MESSAGE = b"The quick brown fox jumps over the lazy dog"


@pytest.mark.parametrize("bits", [256, 384, 512])
def test_generate_and_verify(kms, import_key, bits):
    material = secrets.token_bytes(bits // 8)
    key_id = import_key(material, key_spec=f"HMAC_{bits}", key_usage="GENERATE_VERIFY_MAC")
    request = {"key_id": key_id, "mac_algorithm": f"HMAC_SHA_{bits}", "message": encode(MESSAGE)}

    generated = kms.generate_mac(**request)
    assert (generated.key_id, generated.mac_algorithm) == (key_id, f"HMAC_SHA_{bits}")
    assert generated.mac == hmac.digest(material, MESSAGE, f"sha{bits}").hex()

    for mac, expected in {generated.mac: True, hmac.digest(material, b"", f"sha{bits}").hex(): False}.items():
        # The SDK makes True of the text "false", too.
        assert kms.verify_mac(mac=mac, **request).to_json_object()["mac_valid"] is expected


def test_a_key_made_by_the_kms(kms, new_key):
    key_id = new_key(key_spec="HMAC_256", key_usage="GENERATE_VERIFY_MAC")
    request = {"key_id": key_id, "mac_algorithm": "HMAC_SHA_256", "message": encode(MESSAGE)}
    assert kms.verify_mac(mac=kms.generate_mac(**request).mac, **request).mac_valid
