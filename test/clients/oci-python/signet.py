"""Where Signet is and who we are there, and clients of Oracle's SDK."""

import json
import os
import urllib.request

import oci
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

URL = os.environ["SIGNET_URL"]
ECHO_URL = f"{URL}/oci"
TENANCY_ID = os.environ["SIGNET_OCI_TENANCY_ID"]

# The user of the default seed, an administrator.
USER_ID = os.environ["SIGNET_OCI_USER_ID"]
FINGERPRINT = os.environ["SIGNET_OCI_FINGERPRINT"]
PRIVATE_KEY = os.environ["SIGNET_OCI_PRIVATE_KEY"]


def config(**changed):
    return {
        "tenancy": TENANCY_ID,
        "user": USER_ID,
        "fingerprint": FINGERPRINT,
        "key_content": PRIVATE_KEY,
        "region": "us-phoenix-1",
        **changed,
    }


class Exchange:
    """A request and its answer, as the HTTP library below the SDK had them."""

    def __init__(self, response):
        self.status = response.status_code
        self.sent = response.request.headers
        self.answer = response
        self.request_id = response.request.headers.get("opc-request-id")
        self.answered_id = response.headers.get("opc-request-id")


def watched(client):
    """The client, and a list that its exchanges will be in. The SDK stays as it is, and does not show its requests."""
    exchanges = []
    client.base_client.session.hooks["response"].append(lambda response, **_: exchanges.append(Exchange(response)))
    return client, exchanges


def identity(endpoint=URL, **changed):
    return oci.identity.IdentityClient(config(**changed), service_endpoint=endpoint)


def new_pair():
    """PEM of a public and a private key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return public.decode(), private.decode()


def upload(client, user_id, key, **options):
    return client.upload_api_key(user_id, oci.identity.models.CreateApiKeyDetails(key=key), **options)


def workbench(method, path, body=None):
    """A call of Signet's own API."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{URL}/_signet{path}", data, {"Content-Type": "application/json"}, method=method
    )
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or "null")
