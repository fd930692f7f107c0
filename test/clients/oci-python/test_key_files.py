"""The key files that the documented commands of OpenSSL write, as Signet makes them, and ~/.oci/config."""

import oci
import pytest

import signet


@pytest.mark.parametrize("form", [
    {"format": "pkcs1", "label": False},
    {"format": "pkcs1", "label": True},
    {"format": "pkcs8", "label": False},
    {"format": "pkcs8", "label": True},
    {"format": "pkcs1", "passphrase": "secret"},
    {"format": "pkcs8", "passphrase": "secret"},
    {"bits": 4096},
], ids=str)
def test_the_sdk_signs_with_it(form, new_user, tmp_path):
    key_file, config_file = tmp_path / "oci_api_key.pem", tmp_path / "config"
    user_id = new_user()
    asked = {**form, "user_id": user_id, "key_file": str(key_file), "region": "us-phoenix-1"}
    made = signet.workbench("POST", "/oci/keypairs", asked)
    for file, text in [(key_file, made["private_key_pem"]), (config_file, made["config"])]:
        file.touch(0o600)
        file.write_text(text)

    config = oci.config.from_file(str(config_file))
    oci.config.validate_config(config)
    assert "/".join([config["tenancy"], config["user"], config["fingerprint"]]) == made["key_id"]
    client = oci.identity.IdentityClient(config, service_endpoint=signet.URL)
    assert [key.key_id for key in client.list_api_keys(user_id).data] == [made["key_id"]]
