"""The SDK's client with less to write.

`kms.sign(key_id=…)` is `client.sign(SignRequest(body=SignRequestBody(key_id=…)))`.
"""

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkkms import v2

import signet


class Kms:
    """Every method of the SDK's client by its own name; it takes the fields of the SDK's request and body classes."""

    def __init__(self, ak, sk, project_id):
        credentials = BasicCredentials(ak, sk, project_id)
        self._client = v2.KmsClient.new_builder().with_credentials(credentials).with_endpoint(signet.URL).build()

    def __getattr__(self, name):
        method = getattr(self._client, name)
        request_class = getattr(v2, f"{name.title().replace('_', '')}Request")
        of_request = {field for field in request_class.openapi_types if field != "body"}
        body_name = request_class.openapi_types.get("body")

        def call(**fields):
            request = request_class(**{field: value for field, value in fields.items() if field in of_request})
            if body_name:
                in_body = {field: value for field, value in fields.items() if field not in of_request}
                request.body = getattr(v2, body_name)(**in_body)
            return method(request)

        return call

    def describe(self, key_id):
        return self.list_key_detail(key_id=key_id).key_info
