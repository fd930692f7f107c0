"""What the SDK tries again, and what of a request stays the same then."""

from contextlib import contextmanager

import oci
import pytest

import signet

STRATEGY = oci.retry.RetryStrategyBuilder(
    max_attempts_check=True,
    max_attempts=3,
    service_error_check=True,
    service_error_retry_on_any_5xx=True,
    service_error_retry_config=oci.retry.retry_checkers.RETRYABLE_STATUSES_AND_CODES,
    retry_base_sleep_time_seconds=0,
    retry_max_wait_between_calls_seconds=0,
    backoff_type=oci.retry.BACKOFF_FULL_JITTER_VALUE,
).get_retry_strategy()


@contextmanager
def fault(rule):
    fault_id = signet.workbench("POST", "/faults", rule)["id"]
    try:
        yield
    finally:
        signet.workbench("DELETE", f"/faults/{fault_id}")


@pytest.mark.parametrize("status, code, is_tried_again", [
    (503, "ServiceUnavailable", True),
    (500, "InternalServerError", True),
    (429, "TooManyRequests", True),
    (409, "IncorrectState", True),
    (409, "Conflict", False),
    (404, "NotAuthorizedOrNotFound", False),
    (401, "NotAuthenticated", False),
    (400, "InvalidParameter", False),
])
def test_two_refusals_and_then_an_answer(new_user, status, code, is_tried_again):
    user_id = new_user()
    client, exchanges = signet.watched(signet.identity())
    with fault({"operation": "oci.listApiKeys", "error": code, "times": 2}):
        if is_tried_again:
            assert client.list_api_keys(user_id, retry_strategy=STRATEGY).data == []
        else:
            with pytest.raises(oci.exceptions.ServiceError) as refusal:
                client.list_api_keys(user_id, retry_strategy=STRATEGY)
            assert (refusal.value.status, refusal.value.code) == (status, code)
    assert [exchange.status for exchange in exchanges] == ([status, status, 200] if is_tried_again else [status])
    # The SDK calls each try by a name of its own.
    assert len({exchange.request_id for exchange in exchanges}) == len(exchanges)


def test_an_upload_whose_answer_is_lost_is_tried_again_with_its_token_and_is_one_upload(new_user):
    user_id = new_user()
    client, exchanges = signet.watched(signet.identity())
    lost = {"operation": "oci.uploadApiKey", "phase": "after", "error": "ServiceUnavailable", "times": 1}
    with fault(lost):
        key = signet.upload(client, user_id, signet.new_pair()[0], retry_strategy=STRATEGY).data
    assert [exchange.status for exchange in exchanges] == [503, 200]
    assert len({exchange.sent["opc-retry-token"] for exchange in exchanges}) == 1
    assert client.list_api_keys(user_id).data == [key]
