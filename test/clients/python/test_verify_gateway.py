"""The recipe for backends of API Gateway, behind a real server, with requests that the SDK's signer signed."""

import http.client
import threading
from urllib.parse import quote, urlencode
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from verify_gateway import VerifyGateway

# The example pair of the vendor's documents.
KEY, SECRET = "signkeysignkey", "signsecretsignsecretsignsecretsignsecret"


class Silent(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def echo(environ, start_response):
    start_response("200 OK", [("X-Key", environ["gateway.key"])])
    return [environ["wsgi.input"].read()]


@pytest.fixture(scope="module")
def host():
    server = make_server("127.0.0.1", 0, VerifyGateway(echo, {KEY: SECRET}), handler_class=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()


def send(host, method, path, query=(), body=b"", changed=None):
    request = SdkRequest(
        method=method,
        schema="http",
        host=host,
        resource_path=quote(path),
        query_params=list(query),
        header_params={},
        body=body,
    )
    Signer(BasicCredentials(KEY, SECRET, "project")).sign(request)
    target = quote(path) + (f"?{urlencode(query, quote_via=quote)}" if query else "")
    connection = http.client.HTTPConnection(host)
    connection.request(method, target, body if changed is None else changed, request.header_params)
    answer = connection.getresponse()
    return answer.status, answer.headers["X-Key"], answer.read()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_accepts_what_is_signed(host, method):
    body = bytes(range(256))
    query = [("b", "2"), ("a", "x y&=+%"), ("a", ""), ("ü", "é")]
    assert send(host, method, "/Mü nchen/*()'!/~", query, body) == (200, KEY, body)
    assert send(host, method, "/") == (200, KEY, b"")


def test_refuses_what_was_changed(host):
    assert send(host, "POST", "/", body=b"one", changed=b"two") == (401, None, b"Verify authroization failed.")
    connection = http.client.HTTPConnection(host)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"Authorization not found."
