"""What the project has and may have, and its keystores."""

import signet
from refused import refused


def test_instances_and_quotas(kms, new_key):
    before = kms.show_user_instances().instance_num
    key_id = new_key()
    assert kms.show_user_instances().instance_num == before + 1
    kms.create_grant(key_id=key_id, grantee_principal=signet.USER_ID, operations=["describe-key"])

    quotas = {resource.type: resource for resource in kms.show_user_quotas().quotas.resources}
    assert quotas.keys() == {"CMK", "grant_per_CMK"}
    assert quotas["CMK"].used == before + 1
    assert quotas["CMK"].quota > before
    assert quotas["grant_per_CMK"].used >= 1
    assert quotas["grant_per_CMK"].quota == 100


def test_keystores(kms):
    listed = kms.list_key_stores(limit=10, offset=0)
    assert listed.total == 1
    [keystore] = listed.keystores
    assert (keystore.keystore_id, keystore.domain_id) == ("0", signet.DOMAIN_ID)
    with refused("KMS.0340"):
        kms.create_key_store(
            keystore_alias=signet.new_name(), hsm_cluster_id="any", hsm_ca_cert="any", cluster_id="any"
        )
