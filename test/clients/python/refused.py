"""A refusal of the KMS, by its code."""

from contextlib import contextmanager

import pytest
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException


@contextmanager
def refused(code):
    with pytest.raises(ClientRequestException) as refusal:
        yield
    assert refusal.value.error_code == code
