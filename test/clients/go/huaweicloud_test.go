package clients

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/config"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/httphandler"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/region"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	kms "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2/model"
)

// clientOfRegion names no project: the SDK asks the identity service for the project of the region's name. (WithIamEndpointOverride takes
// http and https; the environment variable HUAWEICLOUD_SDK_IAM_ENDPOINT, which does the same, https only.)
func clientOfRegion(t *testing.T, keys keys, httpConfig *config.HttpConfig) *kms.KmsClient {
	t.Helper()
	credentials, err := basic.NewCredentialsBuilder().
		WithAk(keys.access).
		WithSk(keys.secret).
		WithSecurityToken(keys.securityToken).
		WithIamEndpointOverride(signetURL).
		SafeBuild()
	must(t, err)
	client, err := kms.KmsClientBuilder().
		WithRegion(region.NewRegion(regionID, signetURL)).
		WithCredential(credentials).
		WithHttpConfig(httpConfig).
		SafeBuild()
	must(t, err)
	return kms.NewKmsClient(client)
}

// clientOfProject names the project by its id and asks nothing.
func clientOfProject(t *testing.T, keys keys, httpConfig *config.HttpConfig) *kms.KmsClient {
	t.Helper()
	return clientOf(t, projectID, keys, httpConfig)
}

func clientOf(t *testing.T, projectID string, keys keys, httpConfig *config.HttpConfig) *kms.KmsClient {
	t.Helper()
	credentials, err := basic.NewCredentialsBuilder().
		WithAk(keys.access).
		WithSk(keys.secret).
		WithSecurityToken(keys.securityToken).
		WithProjectId(projectID).
		SafeBuild()
	must(t, err)
	client, err := kms.KmsClientBuilder().
		WithEndpoint(signetURL).
		WithCredential(credentials).
		WithHttpConfig(httpConfig).
		SafeBuild()
	must(t, err)
	return kms.NewKmsClient(client)
}

// The SDK remembers the project of an access key for the life of the process: only the first client of a region asks.
func TestHuaweiCloudFindsSignet(t *testing.T) {
	const listKeys = "POST /v1.0/{project_id}/kms/list-keys"
	lookUp := "GET /v3/projects?name=" + regionID
	for _, row := range []struct {
		name  string
		open  func(*testing.T, keys, *config.HttpConfig) *kms.KmsClient
		keys  keys
		calls []string
	}{
		{"by region, with permanent keys", clientOfRegion, permanent, []string{lookUp, listKeys}},
		{"by region, with temporary keys", clientOfRegion, temporary, []string{lookUp, listKeys}},
		{"by project id, with permanent keys", clientOfProject, permanent, []string{listKeys}},
		{"by project id, with temporary keys", clientOfProject, temporary, []string{listKeys}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var calls []string
			client := row.open(t, row.keys, config.DefaultHttpConfig().WithHttpHandler(httphandler.NewHttpHandler().
				AddRequestHandler(func(request http.Request) {
					target := strings.ReplaceAll(request.URL.RequestURI(), projectID, "{project_id}")
					calls = append(calls, request.Method+" "+target)
				})))

			answer, err := client.ListKeys(&model.ListKeysRequest{Body: &model.ListKeysRequestBody{}})
			must(t, err)

			equal(t, "status", answer.HttpStatusCode, http.StatusOK)
			if !slices.Equal(calls, row.calls) {
				t.Errorf("calls: got %v, want %v", calls, row.calls)
			}
		})
	}
}

func TestHuaweiCloudSigns(t *testing.T) {
	algorithms := model.GetSignRequestBodySigningAlgorithmEnum()
	types := model.GetSignRequestBodyMessageTypeEnum()

	message := []byte("hello from Go")
	digest := sha256.Sum256(message)
	otherMessage := []byte("hello from somebody else")
	otherDigest := sha256.Sum256(otherMessage)

	type algorithm struct {
		signing model.SignRequestBodySigningAlgorithm
		// Go's own opinion of the signature.
		verifies func(public crypto.PublicKey, signature []byte) bool
	}
	for _, key := range []struct {
		spec       model.CreateKeyRequestBodyKeySpec
		algorithms []algorithm
	}{
		{specs.RSA_2048, []algorithm{
			{algorithms.RSASSA_PSS_SHA_256, func(public crypto.PublicKey, signature []byte) bool {
				salt := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
				return rsa.VerifyPSS(public.(*rsa.PublicKey), crypto.SHA256, digest[:], signature, salt) == nil
			}},
			{algorithms.RSASSA_PKCS1_V1_5_SHA_256, func(public crypto.PublicKey, signature []byte) bool {
				return rsa.VerifyPKCS1v15(public.(*rsa.PublicKey), crypto.SHA256, digest[:], signature) == nil
			}},
		}},
		{specs.EC_P256, []algorithm{
			{algorithms.ECDSA_SHA_256, func(public crypto.PublicKey, signature []byte) bool {
				return ecdsa.VerifyASN1(public.(*ecdsa.PublicKey), digest[:], signature)
			}},
		}},
	} {
		client := clientOfProject(t, permanent, nil)
		alias := newAlias(key.spec.Value())

		created, err := client.CreateKey(&model.CreateKeyRequest{Body: &model.CreateKeyRequestBody{
			KeyAlias: alias,
			KeySpec:  &key.spec,
			KeyUsage: &usages.SIGN_VERIFY,
		}})
		must(t, err)
		id := *created.KeyInfo.KeyId
		equal(t, "domain", *created.KeyInfo.DomainId, domainID)

		described := describe(t, client, id)
		equal(t, "key_id", *described.KeyId, id)
		equal(t, "key_alias", *described.KeyAlias, alias)
		equal(t, "key_spec", described.KeySpec.Value(), key.spec.Value())
		equal(t, "key_usage", described.KeyUsage.Value(), "SIGN_VERIFY")
		equal(t, "key_state", *described.KeyState, "2")

		public := publicKeyOf(t, client, id)

		for _, algorithm := range key.algorithms {
			for _, text := range []struct {
				messageType    model.SignRequestBodyMessageType
				message, other []byte
			}{
				{types.RAW, message, otherMessage},
				{types.DIGEST, digest[:], otherDigest[:]},
			} {
				t.Run(algorithm.signing.Value()+" "+text.messageType.Value(), func(t *testing.T) {
					signed, err := client.Sign(&model.SignRequest{Body: &model.SignRequestBody{
						KeyId:            id,
						Message:          encoded(text.message),
						MessageType:      &text.messageType,
						SigningAlgorithm: algorithm.signing,
					}})
					must(t, err)
					equal(t, "key_id", *signed.KeyId, id)

					messageType := model.VerifyRequestBodyMessageType(text.messageType)
					for want, message := range map[string][]byte{"true": text.message, "false": text.other} {
						verified, err := client.ValidateSignature(&model.ValidateSignatureRequest{Body: &model.VerifyRequestBody{
							KeyId:            id,
							Message:          encoded(message),
							MessageType:      &messageType,
							Signature:        *signed.Signature,
							SigningAlgorithm: model.VerifyRequestBodySigningAlgorithm(algorithm.signing),
						}})
						must(t, err)
						equal(t, "signature_valid", *verified.SignatureValid, want)
					}

					signature := decoded(t, *signed.Signature)
					equal(t, "Go accepts the signature", algorithm.verifies(public, signature), true)
				})
			}
		}

		equal(t, "key_state once deletion is scheduled", destroyKey(t, client, id), "4")
		equal(t, "key_state of a key pending deletion", *describe(t, client, id).KeyState, "4")
	}
}

func TestHuaweiCloudReportsRefusals(t *testing.T) {
	const gateway = "Incorrect IAM authentication information: "
	wrongSecret := keys{access: permanent.access, secret: "wrong" + permanent.secret}
	unknownAccess := keys{access: "NOBODYSACCESSKEY0001", secret: permanent.secret}

	for _, row := range []struct {
		name    string
		keys    keys
		keyID   string
		status  int
		code    string
		message string
	}{
		{"an unknown key", permanent, unknownKeyID, 404, "KMS.0207", `The key does not exist\.`},
		{"a malformed key id", permanent, "not-a-key-id", 400, "KMS.0205", `Invalid key ID\.`},
		{"a wrong secret key", wrongSecret, unknownKeyID, 401, "APIGW.0301", gateway +
			`verify aksk signature fail, canonicalRequest:POST\|/v1\.0/` + projectID + `/kms/describe-key/\|` +
			`\|user-agent:[^|]+\|x-project-id:` + projectID + `\|x-sdk-date:\d{8}T\d{6}Z\|` +
			`\|user-agent;x-project-id;x-sdk-date\|[0-9a-f]{64}`},
		{"an unknown access key", unknownAccess, unknownKeyID, 401, "APIGW.0301", gateway + "ak NOBODYSACCESSKEY0001 not exist"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var requestID string
			client := clientOfProject(t, row.keys, config.DefaultHttpConfig().WithHttpHandler(httphandler.NewHttpHandler().
				AddResponseHandler(func(response http.Response) { requestID = response.Header.Get("X-Request-Id") })))

			_, err := client.ListKeyDetail(&model.ListKeyDetailRequest{Body: &model.OperateKeyRequestBody{KeyId: row.keyID}})

			var refusal *sdkerr.ServiceResponseError
			if !errors.As(err, &refusal) {
				t.Fatalf("no refusal of the service: %v", err)
			}
			equal(t, "StatusCode", refusal.StatusCode, row.status)
			equal(t, "ErrorCode", refusal.ErrorCode, row.code)
			if !regexp.MustCompile("^" + row.message + "$").MatchString(refusal.ErrorMessage) {
				t.Errorf("ErrorMessage: got %s, want %s", refusal.ErrorMessage, row.message)
			}
			if !regexp.MustCompile("^[0-9a-f]{32}$").MatchString(requestID) {
				t.Errorf("X-Request-Id: got %q", requestID)
			}
			equal(t, "RequestId", refusal.RequestId, requestID)
		})
	}
}
