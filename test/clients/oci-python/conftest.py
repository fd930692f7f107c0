"""An administrator's client, and users who are gone after the test."""

import pytest

import signet


@pytest.fixture(scope="session")
def admin():
    return signet.identity()


@pytest.fixture
def new_user():
    """Makes users without keys in the tenancy of the seed; three keys are as many as a user can have."""
    made = []

    def make():
        made.append(signet.workbench("POST", "/oci/users", {"tenancy_id": signet.TENANCY_ID})["id"])
        return made[-1]

    yield make
    for user_id in made:
        signet.workbench("DELETE", f"/oci/users/{user_id}")
