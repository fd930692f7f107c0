package clients

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	golangsdk "github.com/opentelekomcloud/gophertelekomcloud"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/apigw/v2/api"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/apigw/v2/env"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/apigw/v2/gateway"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/apigw/v2/group"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/apigw/v2/key"
)

// apigw asks the first gateway of the project, by the packages of the SDK; what it makes is gone after the test.
type apigw struct {
	*testing.T
	client    *golangsdk.ServiceClient
	gatewayID string
}

func newApigw(t *testing.T, options golangsdk.AuthOptionsProvider) apigw {
	t.Helper()
	provider, err := openstack.AuthenticatedClient(options)
	must(t, err)
	// The SDK looks for the volumes of the cloud, and puts the gateway's host name in place of theirs.
	client, err := openstack.NewAPIGW(provider, golangsdk.EndpointOpts{Region: regionID})
	must(t, err)
	equal(t, "endpoint", client.Endpoint, signetURL+"/v2/"+projectID+"/")
	gateways, err := gateway.List(client, gateway.ListOpts{})
	must(t, err)
	found, err := gateway.Get(client, gateways[0].ID)
	must(t, err)
	equal(t, "status", found.Status, "Running")
	return apigw{t, client, found.ID}
}

func passwordOptions() golangsdk.AuthOptions {
	return golangsdk.AuthOptions{
		IdentityEndpoint: identityEndpoint,
		DomainName:       domainName,
		Username:         userName,
		Password:         password,
		TenantName:       projectName,
	}
}

func keyOptions() golangsdk.AKSKAuthOptions {
	return golangsdk.AKSKAuthOptions{
		IdentityEndpoint: identityEndpoint,
		ProjectName:      projectName,
		AccessKey:        permanent.access,
		SecretKey:        permanent.secret,
	}
}

var gatewayNames int64

// newName is unlike any before, also of other tests.
func newName(prefix string) string {
	gatewayNames++
	return fmt.Sprintf("%s_%d_%d", prefix, time.Now().UnixNano(), gatewayNames)
}

func (gw apigw) key(opts key.CreateOpts) *key.SignKeyResp {
	gw.Helper()
	opts.GatewayID, opts.Name = gw.gatewayID, newName("test_sign_key")
	created, err := key.Create(gw.client, opts)
	must(gw.T, err)
	gw.Cleanup(func() { must(gw.T, key.Delete(gw.client, gw.gatewayID, created.ID)) })
	return created
}

// api is published in an environment of its own.
func (gw apigw) publishedAPI() (apiID string, publication *api.ManageApiResp) {
	gw.Helper()
	madeGroup, err := group.Create(gw.client, group.CreateOpts{GatewayID: gw.gatewayID, Name: newName("group"), Description: "test"})
	must(gw.T, err)
	gw.Cleanup(func() { must(gw.T, group.Delete(gw.client, gw.gatewayID, madeGroup.ID)) })

	madeAPI, err := api.Create(gw.client, api.CreateOpts{
		GatewayID:   gw.gatewayID,
		GroupID:     madeGroup.ID,
		Name:        newName("test_api"),
		Description: "test",
		Type:        2,
		ReqProtocol: "HTTP",
		ReqMethod:   "GET",
		ReqUri:      "/test/http",
		AuthType:    "IAM",
		BackendType: "HTTP",
		BackendApi: &api.BackendApi{
			UrlDomain:   "192.168.189.156:12346",
			ReqProtocol: "HTTP",
			ReqMethod:   "GET",
			ReqUri:      "/test/benchmark",
			Timeout:     5000,
			RetryCount:  "-1",
		},
	})
	must(gw.T, err)
	gw.Cleanup(func() { must(gw.T, api.Delete(gw.client, gw.gatewayID, madeAPI.ID)) })

	madeEnv, err := env.Create(gw.client, env.CreateOpts{GatewayID: gw.gatewayID, Name: newName("test_env"), Description: "test"})
	must(gw.T, err)
	opts := api.ManageOpts{
		GatewayID:   gw.gatewayID,
		Action:      "online",
		EnvID:       madeEnv.ID,
		ApiID:       madeAPI.ID,
		Description: "test-api-publish",
	}
	publication, err = api.ManageApi(gw.client, opts)
	must(gw.T, err)
	gw.Cleanup(func() {
		opts.Action = "offline"
		_, err := api.ManageApi(gw.client, opts)
		must(gw.T, err)
		must(gw.T, env.Delete(gw.client, gw.gatewayID, madeEnv.ID))
	})
	equal(gw.T, "env_id", publication.EnvID, madeEnv.ID)
	equal(gw.T, "remark", publication.Description, "test-api-publish")
	return madeAPI.ID, publication
}

var (
	keyOf16   = regexp.MustCompile(`^[A-Za-z0-9]{16}$`)
	keyOf32   = regexp.MustCompile(`^[A-Za-z0-9]{32}$`)
	hexDigits = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

func matches(t *testing.T, what, got string, want *regexp.Regexp) {
	t.Helper()
	if !want.MatchString(got) {
		t.Errorf("%s: got %s, want %s", what, got, want)
	}
}

func eachCredential(t *testing.T, test func(gw apigw)) {
	for name, options := range map[string]golangsdk.AuthOptionsProvider{"password": passwordOptions(), "access key": keyOptions()} {
		t.Run(name, func(t *testing.T) { test(newApigw(t, options)) })
	}
}

// As the SDK's own acceptance test has it, and what that only prints.
func TestGophertelekomcloudSignatureKeyLifecycle(t *testing.T) {
	eachCredential(t, func(gw apigw) {
		created := gw.key(key.CreateOpts{SignType: "aes", SignAlgorithm: "aes-256-cfb"})
		equal(gw.T, "sign_algorithm", created.SignAlgorithm, "aes-256-cfb")
		matches(gw.T, "sign_key", created.SignKey, keyOf32)
		matches(gw.T, "sign_secret", created.SignSecret, keyOf16)
		matches(gw.T, "id", created.ID, hexDigits)

		updated, err := key.Update(gw.client, key.UpdateOpts{
			GatewayID:     gw.gatewayID,
			SignID:        created.ID,
			Name:          created.Name,
			SignType:      "aes",
			SignAlgorithm: "aes-128-cfb",
		})
		must(gw.T, err)
		equal(gw.T, "id", updated.ID, created.ID)
		equal(gw.T, "sign_algorithm", updated.SignAlgorithm, "aes-128-cfb")
		matches(gw.T, "sign_key", updated.SignKey, keyOf16)
		equal(gw.T, "another secret", updated.SignSecret != created.SignSecret, true)

		listed, err := key.List(gw.client, key.ListOpts{GatewayID: gw.gatewayID, SignatureID: created.ID})
		must(gw.T, err)
		equal(gw.T, "keys", len(listed), 1)
		updated.CreateTime, updated.UpdateTime = listed[0].CreateTime, listed[0].UpdateTime
		sameJSON(gw.T, "listed", listed[0], updated)
	})
}

func TestGophertelekomcloudSignatureKeyBinding(t *testing.T) {
	eachCredential(t, func(gw apigw) {
		made := gw.key(key.CreateOpts{})
		matches(gw.T, "sign_key", made.SignKey, hexDigits)
		apiID, publication := gw.publishedAPI()

		bound, err := key.BindKey(gw.client, key.BindOpts{
			GatewayID:  gw.gatewayID,
			SignID:     made.ID,
			PublishIds: []string{publication.PublishID},
		})
		must(gw.T, err)
		equal(gw.T, "bindings", len(bound), 1)
		binding := bound[0]
		equal(gw.T, "publish_id", binding.PublishID, publication.PublishID)
		equal(gw.T, "api_id", binding.ApiID, apiID)
		equal(gw.T, "sign_secret", binding.SignSecret, made.SignSecret)

		ofAPI, err := key.ListBoundKeys(gw.client, key.ListBindingOpts{GatewayID: gw.gatewayID, ApiID: apiID})
		must(gw.T, err)
		binding.BindingTime = ofAPI[0].BindingTime
		sameJSON(gw.T, "keys of the API", ofAPI, []key.BindSignResp{binding})

		ofKey, err := key.ListAPIBoundKeys(gw.client, key.ListBoundOpts{GatewayID: gw.gatewayID, SignID: made.ID})
		must(gw.T, err)
		equal(gw.T, "APIs of the key", len(ofKey), 1)
		equal(gw.T, "id", ofKey[0].ID, binding.ID)
		equal(gw.T, "no secret", ofKey[0].SignSecret, "")
		equal(gw.T, "unbound while it is bound", slices.Contains(gw.unbound(made.ID), publication.PublishID), false)

		must(gw.T, key.UnbindKey(gw.client, gw.gatewayID, binding.ID))
		equal(gw.T, "unbound again", slices.Contains(gw.unbound(made.ID), publication.PublishID), true)
	})
}

func (gw apigw) unbound(keyID string) []string {
	gw.Helper()
	apis, err := key.ListUnboundKeys(gw.client, key.ListUnbindOpts{GatewayID: gw.gatewayID, SignID: keyID})
	must(gw.T, err)
	var ids []string
	for _, one := range apis {
		ids = append(ids, one.PublishID)
	}
	return ids
}

func TestGophertelekomcloudAPIs(t *testing.T) {
	gw := newApigw(t, passwordOptions())
	apiID, publication := gw.publishedAPI()
	shown, err := api.Get(gw.client, gw.gatewayID, apiID)
	must(t, err)
	equal(t, "publish_id", shown.PublishID, publication.PublishID)
	equal(t, "run_env_id", shown.RunEnvId, publication.EnvID)
	history, err := api.GetHistory(gw.client, gw.gatewayID, apiID, api.ListHistoryOpts{EnvID: publication.EnvID})
	must(t, err)
	equal(t, "versions", len(history), 1)
	equal(t, "version_id", history[0].VersionID, publication.VersionID)
	equal(t, "status", history[0].Status, 1)
}

func TestGophertelekomcloudReportsRefusalsOfGateways(t *testing.T) {
	gw := newApigw(t, passwordOptions())
	unknown := strings.Repeat("0", 32)
	var missing golangsdk.ErrDefault404
	if err := key.Delete(gw.client, gw.gatewayID, unknown); !errors.As(err, &missing) {
		t.Fatalf("an unknown key: %v", err)
	}
	equal(t, "body", string(missing.Body), `{"error_code":"APIG.3017","error_msg":"Signature key `+unknown+` does not exist"}`)
	var refused golangsdk.ErrDefault400
	if _, err := key.Create(gw.client, key.CreateOpts{GatewayID: gw.gatewayID, Name: "1"}); !errors.As(err, &refused) {
		t.Fatalf("a bad name: %v", err)
	}
	equal(t, "code", strings.Contains(string(refused.Body), "APIG.2011"), true)
}
