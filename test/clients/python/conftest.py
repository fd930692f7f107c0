"""The client, a client of another account, and keys that are on their way out after the test."""

import pytest

import signet
from kms import Kms
from wrapping import wrap, wrap_private_key


@pytest.fixture(scope="session")
def kms():
    return Kms(signet.AK, signet.SK, signet.PROJECT_ID)


@pytest.fixture(scope="session")
def grantee():
    return Kms(signet.GRANTEE_AK, signet.GRANTEE_SK, signet.GRANTEE_PROJECT_ID)


@pytest.fixture
def new_key(kms):
    """Creates keys, and schedules their deletion after the test."""
    created = []

    def create(**fields):
        key = kms.create_key(**{"key_alias": signet.new_name(), **fields}).key_info
        assert key.domain_id == signet.DOMAIN_ID
        created.append(key.key_id)
        return key.key_id

    yield create
    for key_id in created:
        if kms.describe(key_id).key_state != "4":
            kms.delete_key(key_id=key_id, pending_days="7")


@pytest.fixture
def import_key(kms, new_key):
    """Creates a key of material from outside: a secret, or a private key of `cryptography`."""

    def create(material, **fields):
        key_id = new_key(origin="external", **fields)
        parameters = kms.create_parameters_for_import(key_id=key_id, wrapping_algorithm="RSAES_OAEP_SHA_256")
        wrapped = wrap(parameters, material) if isinstance(material, bytes) else wrap_private_key(parameters, material)
        kms.import_key_material(key_id=key_id, **wrapped)
        return key_id

    return create
