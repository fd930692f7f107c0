"""Grants: a user of another account works with a key as long as there is one."""

import pytest

import signet
from refused import refused

OPERATIONS = ["describe-key", "encrypt-data", "decrypt-data"]


@pytest.fixture
def key_id(new_key):
    return new_key()


@pytest.fixture
def grant(kms, key_id):
    """To the grantee, who may give it back."""
    return kms.create_grant(
        key_id=key_id,
        grantee_principal=signet.GRANTEE_USER_ID,
        grantee_principal_type="user",
        operations=OPERATIONS,
        name="for_the_neighbours",
        retiring_principal=signet.GRANTEE_USER_ID,
    ).grant_id


def test_grantee_works_with_the_key(kms, grantee, key_id, grant):
    assert grantee.describe(key_id).key_id == key_id
    cipher_text = grantee.encrypt_data(key_id=key_id, plain_text="from next door").cipher_text
    assert kms.decrypt_data(cipher_text=cipher_text).plain_text == "from next door"
    with refused("KMS.0306"):
        grantee.create_datakey(key_id=key_id)


def test_lists(kms, grantee, key_id, grant):
    listed = kms.list_grants(key_id=key_id)
    assert (listed.total, listed.truncated, listed.next_marker) == (1, "false", "")
    [shown] = listed.grants
    assert (shown.key_id, shown.grant_id, shown.name) == (key_id, grant, "for_the_neighbours")
    assert (shown.grantee_principal, shown.grantee_principal_type) == (signet.GRANTEE_USER_ID, "user")
    assert (shown.issuing_principal, shown.retiring_principal) == (signet.USER_ID, signet.GRANTEE_USER_ID)
    assert sorted(shown.operations) == sorted(OPERATIONS)
    assert shown.creation_date.isdecimal()

    assert grant in [one.grant_id for one in grantee.list_retirable_grants(limit="100").grants]
    assert grant not in [one.grant_id for one in kms.list_retirable_grants().grants]


@pytest.mark.parametrize(
    "take_back",
    [
        pytest.param(lambda kms, grantee, **grant: kms.cancel_grant(**grant), id="revoked by the issuer"),
        pytest.param(lambda kms, grantee, **grant: grantee.cancel_self_grant(**grant), id="retired by the grantee"),
    ],
)
def test_end(kms, grantee, key_id, grant, take_back):
    take_back(kms, grantee, key_id=key_id, grant_id=grant)
    assert kms.list_grants(key_id=key_id).grants == []
    with refused("KMS.0207"):
        grantee.describe(key_id)
