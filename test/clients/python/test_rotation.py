"""New material for a key: by schedule and on demand."""


def test_schedule(kms, new_key):
    key_id = new_key()

    def status():
        shown = kms.show_key_rotation_status(key_id=key_id)
        # As they are on the wire: the SDK makes True of the text "false", too.
        assert shown.to_json_object()["key_rotation_enabled"] is shown.key_rotation_enabled
        return shown.key_rotation_enabled, shown.rotation_interval, shown.last_rotation_time, shown.number_of_rotations

    assert status() == (False, 365, "", 0)
    kms.enable_key_rotation(key_id=key_id)
    assert status() == (True, 365, "", 0)
    assert kms.describe(key_id).key_rotation_enabled == "true"
    kms.update_key_rotation_interval(key_id=key_id, rotation_interval=30)
    assert status() == (True, 30, "", 0)
    kms.disable_key_rotation(key_id=key_id)
    assert status() == (False, 30, "", 0)
    assert kms.describe(key_id).key_rotation_enabled == "false"


def test_on_demand(kms, new_key):
    """What earlier material encrypted still opens."""
    key_id = new_key()
    before = kms.encrypt_data(key_id=key_id, plain_text="before").cipher_text
    assert kms.rotate_on_demand(key_id=key_id).key_id == key_id
    after = kms.encrypt_data(key_id=key_id, plain_text="after").cipher_text

    status = kms.show_key_rotation_status(key_id=key_id)
    assert status.number_of_rotations == 1
    assert status.last_rotation_time
    assert [kms.decrypt_data(cipher_text=text).plain_text for text in (before, after)] == ["before", "after"]
