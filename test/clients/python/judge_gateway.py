"""Says of the requests on standard input whether API Gateway signed them: the Python SDK's signer, which signs them anew, and the recipe."""

import base64
import json
import sys
from datetime import datetime
from importlib.metadata import version
from urllib.parse import parse_qsl

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from verify_gateway import FORM, Refused, verify


def by_sdk(request, keys):
    headers = {name.lower(): value.encode("latin-1").decode() for name, value in request["headers"]}
    key, signed_headers, _ = FORM.fullmatch(headers["authorization"]).groups()
    path, _, query = request["target"].partition("?")
    again = SdkRequest(
        method=request["method"],
        schema="http",
        host=headers["host"],
        resource_path=path,
        query_params=parse_qsl(query, keep_blank_values=True),
        header_params={name: headers[name] for name in signed_headers.split(";")},
        body=base64.b64decode(request["body"]),
    )
    Signer(BasicCredentials(key, keys[key], "project")).sign(again)
    return "accepted" if again.header_params["Authorization"] == headers["authorization"] else "another signature"


def by_recipe(request, keys):
    headers = {name.lower(): value for name, value in request["headers"]}
    try:
        verify(
            request["method"],
            request["target"],
            lambda name: headers.get(name.lower()),
            base64.b64decode(request["body"]),
            keys,
            datetime.fromisoformat(request["now"]),
        )
        return "accepted"
    except Refused as refusal:
        return str(refusal)


def caught(judge, request, keys):
    try:
        return judge(request, keys)
    except Exception as error:
        return f"error: {error!r}"


given = json.load(sys.stdin)
requests, keys = given["requests"], given["keys"]
json.dump(
    {
        "sdk": f"huaweicloudsdkcore {version('huaweicloudsdkcore')} (PyPI)",
        "bySdk": [caught(by_sdk, request, keys) for request in requests],
        "byRecipe": [caught(by_recipe, request, keys) for request in requests],
    },
    sys.stdout,
)
