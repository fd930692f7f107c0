/** Who a program is to be, as `POST /_signet/projects` tells it. */
export interface Identity {
  readonly region: string;
  readonly domain: { readonly name: string };
  readonly project: { readonly id: string; readonly name: string };
  readonly user: { readonly name: string; readonly password: string };
  readonly token: string;
  readonly access_key: { readonly access: string; readonly secret: string };
}

/**
 * The variables that SDKs read, by those who read them.
 * Source: huaweicloudsdkcore (Python) and huaweicloud-sdk-go-v3 for HUAWEICLOUD_SDK_*, openstackclient and gophertelekomcloud for OS_*.
 */
export function sdkVariables(url: string, identity: Identity): Readonly<Record<string, string>> {
  const { region, domain, project, user, token, access_key } = identity;
  return {
    SIGNET_URL: url,
    SIGNET_PROJECT: project.id,
    SIGNET_TOKEN: token,
    HUAWEICLOUD_SDK_AK: access_key.access,
    HUAWEICLOUD_SDK_SK: access_key.secret,
    HUAWEICLOUD_SDK_PROJECT_ID: project.id,
    HUAWEICLOUD_SDK_IAM_ENDPOINT: url,
    [`HUAWEICLOUD_SDK_REGION_KMS_${region.toUpperCase().replaceAll('-', '_')}`]: url,
    OS_AUTH_URL: `${url}/v3`,
    OS_REGION_NAME: region,
    OS_PROJECT_NAME: project.name,
    OS_USERNAME: user.name,
    OS_PASSWORD: user.password,
    OS_USER_DOMAIN_NAME: domain.name,
  };
}
