"""Whether API Gateway signed a request with a signature key of type hmac."""

import hashlib
import hmac
import io
import re
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl, quote, unquote

FORM = re.compile(
    r"SDK-HMAC-SHA256\s+Access=([^,]+),\s?SignedHeaders=([^,]+),\s?Signature=(\w+)", re.ASCII
)


class Refused(Exception):
    """Answer 401 with this text."""


def encoded(text, safe="~"):
    return quote(text, safe=safe, encoding="latin-1")


def verify(method, target, header, body, keys, now=None):
    """Returns the sign_key, or raises Refused.

    target: path and query of the request line as they came
    header: gives the value of a header, decoded as Latin-1, or None
    body: the bytes as they came
    keys: sign_secret by sign_key
    """
    authorization = header("Authorization")
    if not authorization:
        raise Refused("Authorization not found.")
    form = FORM.fullmatch(authorization)
    if not form:
        raise Refused("Authorization format incorrect.")
    key, signed_headers, signature = form.groups()
    secret = keys.get(key)
    if not secret:
        raise Refused("Signing key not found.")
    headers = ""
    for name in signed_headers.split(";"):
        value = header(name)
        if value is None:
            raise Refused(f"Signed header {name} not found")
        headers += name.lower() + ":" + value.strip(" \t") + "\n"
    if "x-sdk-date" not in signed_headers.lower().split(";"):
        raise Refused("Header x-sdk-date not found.")
    date = header("X-Sdk-Date")
    try:
        signed_at = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise Refused("Signature expired.") from None
    if abs((now or datetime.now(timezone.utc)) - signed_at) > timedelta(minutes=15):
        raise Refused("Signature expired.")

    path, _, query = target.partition("?")
    path = encoded(unquote(path, "latin-1"), safe="/~")
    if not path.endswith("/"):
        path += "/"
    pairs = sorted(parse_qsl(query, keep_blank_values=True, encoding="latin-1"))
    query = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in pairs)
    digest = hashlib.sha256(body).hexdigest()
    declared = header("X-Sdk-Content-Sha256") or digest
    canonical = "\n".join([method, path, query, headers, signed_headers, declared])
    to_sign = f"SDK-HMAC-SHA256\n{date}\n{hashlib.sha256(canonical.encode('latin-1')).hexdigest()}"
    expected = hmac.new(secret.encode(), to_sign.encode(), "sha256").hexdigest()
    if declared not in (digest, "UNSIGNED-PAYLOAD") or not hmac.compare_digest(expected, signature):
        raise Refused("Verify authroization failed.")
    return key


class VerifyGateway:
    """WSGI middleware, for Flask, Django and others: `app.wsgi_app = VerifyGateway(app.wsgi_app, keys)`."""

    def __init__(self, app, keys):
        self.app, self.keys = app, keys

    def __call__(self, environ, start_response):
        stream, length = environ["wsgi.input"], int(environ.get("CONTENT_LENGTH") or 0)
        body = stream.read() if environ.get("wsgi.input_terminated") else stream.read(length)
        environ["wsgi.input"] = io.BytesIO(body)
        # WSGI has the path decoded; it is signed decoded and encoded again.
        path = encoded(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), safe="/~")
        target = f"{path}?{environ.get('QUERY_STRING', '')}"

        def header(name):
            name = name.upper().replace("-", "_")
            return environ.get(name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}")

        try:
            environ["gateway.key"] = verify(environ["REQUEST_METHOD"], target, header, body, self.keys)
        except Refused as refusal:
            start_response("401 Unauthorized", [("Content-Type", "text/plain; charset=utf-8")])
            return [str(refusal).encode()]
        return self.app(environ, start_response)
