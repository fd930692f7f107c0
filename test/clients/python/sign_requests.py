"""Signs the requests on standard input (requests-to-sign.json) with the Python SDK's own signers; writes them as a client sends them."""

import json
import sys
from urllib.parse import quote

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import DerivationAKSKSigner, Signer

AK, SK = "SIGNETACCESSKEY00001", "SignetSecretAccessKeyForLocalUseOnly0001"
DATE, HOST = "20260115T103000Z", "127.0.0.1:21977"


def keeping(signer_class, kept):
    class Keeping(signer_class):
        def _process_canonical_request(self, request, signed_headers):
            kept.append(super()._process_canonical_request(request, signed_headers))
            return kept[-1]

    return Keeping(BasicCredentials(AK, SK, "project"))


def signed(given, form):
    kept = []
    body = json.dumps(given["body"]) if "body" in given else ""
    request = SdkRequest(
        method=given["method"],
        schema="http",
        host=HOST,
        resource_path=quote(given["path"]),
        query_params=[(name, value) for name, value in given["query"]],
        header_params={**given["headers"], "X-Sdk-Date": DATE},
        body=body,
    )
    if form == "v11":
        keeping(DerivationAKSKSigner, kept).sign(request, "kms", "eu-de")
    else:
        keeping(Signer, kept).sign(request)
    return {
        "name": given["name"],
        "client": "huaweicloudsdkcore 3.1.219 (Python)",
        "form": form,
        "method": given["method"],
        "target": request.uri,
        "headers": request.header_params,
        "body": body,
        "canonicalRequest": kept[0],
    }


requests = json.load(sys.stdin)
json.dump([signed(given, form) for form in ("access", "v11") for given in requests], sys.stdout)
