"""What the SDK can ask for and Signet does not have: the gateway says so."""

import re
from pathlib import Path

import pytest
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkkms import v2

ANY = "00000000-0000-4000-8000-000000000000"

# By what stands in the path.
ABSENT = {
    None: [
        "create_access_point",
        "create_datakey_capsule",
        "create_key_policy",
        "create_pin",
        "decrypt_datakey_capsule",
        "list_access_point",
        "list_key_policy",
        "list_support_regions",
    ],
    "access_point_id": [
        "delete_access_point",
        "disable_access_point",
        "download_access_point_private_key",
        "enable_access_point",
    ],
    "key_id": ["replicate_key", "update_primary_region"],
    "keystore_id": ["delete_key_store", "disable_key_store", "enable_key_store", "show_key_store"],
    "policy_id": ["delete_key_policy", "show_key_policy", "update_key_policy"],
}


@pytest.mark.parametrize(("place", "operation"), [(place, name) for place, names in ABSENT.items() for name in names])
def test_absent(kms, place, operation):
    with pytest.raises(ClientRequestException) as refusal:
        getattr(kms, operation)(**({place: ANY} if place else {}))
    assert (refusal.value.status_code, refusal.value.error_code) == (404, "APIGW.0101")


def test_every_operation_of_the_sdk_is_tried():
    """Here or in another file."""
    methods = dir(v2.KmsClient)
    operations = [name for name in methods if f"{name}_invoker" in methods]
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in operations if not re.search(rf"\b{name}\b", tests)] == []
