"""Tags of keys."""

import pytest

import signet


@pytest.fixture
def key_id(new_key):
    return new_key()


def tags_of(kms, key_id):
    shown = kms.show_kms_tags(key_id=key_id)
    assert shown.exist_tags_num == len(shown.tags)
    return {tag.key: tag.value for tag in shown.tags}


def change(kms, key_id, action, **tags):
    tags = [{"key": key, "value": value} for key, value in tags.items()]
    return kms.batch_create_kms_tags(key_id=key_id, action=action, tags=tags)


def test_create_and_delete(kms, key_id):
    assert tags_of(kms, key_id) == {}
    assert kms.create_kms_tag(key_id=key_id, tag={"key": "stage", "value": "test"}).status_code == 204
    assert change(kms, key_id, "create", stage="production", owner="me", empty="").status_code == 204
    assert tags_of(kms, key_id) == {"stage": "production", "owner": "me", "empty": ""}
    assert change(kms, key_id, "delete", stage="production", empty="").status_code == 204
    assert kms.delete_tag(key_id=key_id, key="owner").status_code == 204
    assert tags_of(kms, key_id) == {}


# Some are from the vendor's samples; all must get through the path of a request.
@pytest.mark.parametrize("key", ["$", "1&", "a b", "a+b", "100%", "größe", "标签", "env:prod", "_.-@"])
def test_any_name(kms, key_id, key):
    kms.create_kms_tag(key_id=key_id, tag={"key": key, "value": key})
    assert tags_of(kms, key_id) == {key: key}
    kms.delete_tag(key_id=key_id, key=key)
    assert tags_of(kms, key_id) == {}


def test_tags_of_the_project(kms, new_key):
    name = signet.new_name()[-36:]
    for value in ("one", "two", "two"):
        kms.create_kms_tag(key_id=new_key(), tag={"key": name, "value": value})
    values = {tag.key: tag.values for tag in kms.list_kms_tags().tags}
    assert sorted(values[name]) == ["one", "two"]


def test_keys_by_tag(kms, new_key):
    name = signet.new_name()[-36:]
    aliases = {value: signet.new_name() for value in ("one", "two", "three")}
    key_ids = {value: new_key(key_alias=alias) for value, alias in aliases.items()}
    for value, key_id in key_ids.items():
        kms.create_kms_tag(key_id=key_id, tag={"key": name, "value": value})

    def ask(action, **fields):
        return kms.list_kms_by_tags(resource_instances="resource_instances", action=action, **fields)

    def found(**fields):
        answer = ask("filter", **fields)
        return {resource.resource_id for resource in answer.resources}, answer.total_count

    two = [{"key": name, "values": ["two"]}]
    assert found(tags=two) == ({key_ids["two"]}, 1)
    assert found(tags=[{"key": name, "values": ["one", "three"]}]) == ({key_ids["one"], key_ids["three"]}, 2)
    assert found(tags=[{"key": name}]) == (set(key_ids.values()), 3)
    assert found(matches=[{"key": "resource_name", "value": aliases["three"]}]) == ({key_ids["three"]}, 1)
    assert len(found(tags=[{"key": name}], limit="2", offset="2")[0]) == 1
    assert ask("count", tags=[{"key": name}]).total_count == 3

    [resource] = ask("filter", tags=two).resources
    assert resource.resource_name == resource.resource_detail.key_alias == aliases["two"]
    assert (resource.resource_detail.key_id, resource.resource_detail.key_state) == (key_ids["two"], "2")
    assert resource.resource_detail.creation_date == kms.describe(key_ids["two"]).creation_date
    assert [(tag.key, tag.value) for tag in resource.tags] == [(name, "two")]
