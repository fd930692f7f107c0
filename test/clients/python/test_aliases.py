"""Aliases: further names of a key."""

import re

import pytest

import signet
from refused import refused


@pytest.fixture
def alias():
    return f"alias/{signet.new_name()}"


def urn_of(alias):
    return f"kms:{signet.REGION}:{signet.DOMAIN_ID}:alias:{alias}"


def test_create(kms, new_key, alias):
    key_id = new_key()
    created = kms.create_alias(key_id=key_id, alias=alias)
    assert created.status_code == 201
    assert (created.key_id, created.alias, created.domain_id) == (key_id, alias, signet.DOMAIN_ID)
    assert created.alias_urn == urn_of(alias)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", created.create_time)
    assert created.update_time == created.create_time
    for reference in (alias, created.alias_urn):
        assert kms.describe(reference).key_id == key_id


def test_associate_and_delete(kms, new_key, alias):
    key_ids = new_key(), new_key()
    kms.create_alias(key_id=key_ids[0], alias=alias)
    assert kms.associate_alias(target_key_id=key_ids[1], alias=alias).key_id == key_ids[1]
    assert kms.describe(alias).key_id == key_ids[1]
    assert kms.delete_alias(key_id=key_ids[1], aliases=[alias]).status_code == 204
    with refused("KMS.0207"):
        kms.describe(alias)


def test_list(kms, new_key, alias):
    """The vendor's samples have one object; its SDK expects a list of such, and makes that one its only entry."""
    key_id, aliases = new_key(), [f"{alias}-{number}" for number in range(3)]
    for name in aliases:
        kms.create_alias(key_id=key_id, alias=name)

    [whole] = kms.list_aliases(key_id=key_id).body
    assert [(one.alias, one.key_id, one.alias_urn) for one in whole.aliases] == [
        (name, key_id, urn_of(name)) for name in aliases
    ]
    assert (whole.page_info.current_count, whole.page_info.next_marker) == (3, "")

    [first] = kms.list_aliases(key_id=key_id, limit="2").body
    assert (first.page_info.current_count, first.page_info.next_marker) == (2, aliases[1])
    [rest] = kms.list_aliases(key_id=key_id, limit="2", marker=first.page_info.next_marker).body
    assert [one.alias for one in first.aliases + rest.aliases] == aliases
    assert rest.page_info.next_marker == ""

    [everything] = kms.list_aliases(limit="100").body
    assert set(aliases) <= {one.alias for one in everything.aliases}
