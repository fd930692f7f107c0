"""What may become of a key, lists of keys, and the versions of the API."""

import pytest

import signet


def state(kms, key_id):
    return kms.describe(key_id).key_state


def test_disable_enable_delete_and_cancel(kms, new_key):
    key_id = new_key()
    disabled = kms.disable_key(key_id=key_id).key_info
    assert (disabled.key_id, disabled.key_state, state(kms, key_id)) == (key_id, "3", "3")

    enabled = kms.enable_key(key_id=key_id).key_info
    assert (enabled.key_id, enabled.key_state, state(kms, key_id)) == (key_id, "2", "2")

    kms.delete_key(key_id=key_id, pending_days="7")
    assert kms.describe(key_id).scheduled_deletion_date
    cancelled = kms.cancel_key_deletion(key_id=key_id)
    assert (cancelled.key_id, cancelled.key_state, state(kms, key_id)) == (key_id, "3", "3")
    assert kms.describe(key_id).scheduled_deletion_date == ""


def test_new_alias_and_description(kms, new_key):
    key_id, alias = new_key(), signet.new_name()
    assert kms.update_key_alias(key_id=key_id, key_alias=alias).key_info.key_alias == alias
    assert kms.update_key_description(key_id=key_id, key_description="for two").key_info.key_description == "for two"
    key = kms.describe(key_id)
    assert (key.key_alias, key.key_description) == (alias, "for two")


def test_list_page_by_page(kms, new_key):
    key_ids = {new_key() for _ in range(3)}
    found, marker, truncated = [], "", "true"
    while truncated == "true":
        page = kms.list_keys(limit="2", marker=marker, key_state="2")
        assert [key.key_id for key in page.key_details] == page.keys
        found += page.keys
        marker, truncated = page.next_marker, page.truncated
    assert marker == ""
    assert len(found) == len(set(found)) == page.total
    assert key_ids <= set(found)


@pytest.mark.parametrize("show", ["show_versions", "show_version"])
def test_api_versions(kms, show):
    version = {
        "show_versions": lambda: kms.show_versions().to_json_object()["versions"][0],
        "show_version": lambda: kms.show_version(version_id="v1.0").version,
    }[show]()
    assert (version["id"], version["status"]) == ("v1.0", "CURRENT")
    assert version["links"] == [{"href": f"{signet.URL}/v1.0/", "rel": "self"}]
