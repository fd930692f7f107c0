"""Where Signet is, and who we are there."""

import os
import uuid

URL = os.environ["SIGNET_URL"]
REGION = os.environ["SIGNET_REGION"]
PROJECT_ID = os.environ["SIGNET_PROJECT_ID"]
PROJECT_NAME = os.environ["SIGNET_PROJECT_NAME"]
DOMAIN_ID = os.environ["SIGNET_DOMAIN_ID"]
DOMAIN_NAME = os.environ["SIGNET_DOMAIN_NAME"]
USER = os.environ["SIGNET_USER"]
USER_ID = os.environ["SIGNET_USER_ID"]
PASSWORD = os.environ["SIGNET_PASSWORD"]
AK = os.environ["SIGNET_AK"]
SK = os.environ["SIGNET_SK"]
TEMPORARY_AK = os.environ["SIGNET_TEMPORARY_AK"]
TEMPORARY_SK = os.environ["SIGNET_TEMPORARY_SK"]
SECURITY_TOKEN = os.environ["SIGNET_SECURITY_TOKEN"]

# A user of another account.
GRANTEE_PROJECT_ID = os.environ["SIGNET_GRANTEE_PROJECT_ID"]
GRANTEE_USER_ID = os.environ["SIGNET_GRANTEE_USER_ID"]
GRANTEE_AK = os.environ["SIGNET_GRANTEE_AK"]
GRANTEE_SK = os.environ["SIGNET_GRANTEE_SK"]


def new_name():
    return f"client-python-{uuid.uuid4()}"
