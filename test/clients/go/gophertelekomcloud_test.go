package clients

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	golangsdk "github.com/opentelekomcloud/gophertelekomcloud"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack"
	kmskeys "github.com/opentelekomcloud/gophertelekomcloud/openstack/kms/v1/keys"
)

var identityEndpoint = signetURL + "/v3"

// The SDK finds the KMS in the catalogue of the identity service. A program says openstack.AuthenticatedClient(options); the two steps
// that this consists of are taken one by one here, to put an onlooker in between.
func TestGophertelekomcloud(t *testing.T) {
	const form = `^SDK-HMAC-SHA256 Credential=[A-Z0-9]+/\d{8}///sdk_request, SignedHeaders=[a-z;-]+, Signature=[0-9a-f]{64}$`
	for _, row := range []struct {
		name          string
		options       golangsdk.AuthOptionsProvider
		identityCalls []string
		authorization string
	}{
		{
			"password",
			golangsdk.AuthOptions{
				IdentityEndpoint: identityEndpoint,
				DomainName:       domainName,
				Username:         userName,
				Password:         password,
				TenantName:       projectName,
			},
			[]string{"POST /v3/auth/tokens"},
			`^$`,
		},
		{
			"permanent keys",
			golangsdk.AKSKAuthOptions{
				IdentityEndpoint: identityEndpoint,
				ProjectName:      projectName,
				AccessKey:        permanent.access,
				SecretKey:        permanent.secret,
			},
			[]string{"GET /v3/projects?name=" + projectName, "GET /v3/auth/catalog"},
			form,
		},
		{
			"permanent keys and a domain",
			golangsdk.AKSKAuthOptions{
				IdentityEndpoint: identityEndpoint,
				ProjectName:      projectName,
				Domain:           domainName,
				AccessKey:        permanent.access,
				SecretKey:        permanent.secret,
			},
			[]string{"GET /v3/projects?name=" + projectName, "GET /v3/auth/domains?name=" + domainName, "GET /v3/auth/catalog"},
			form,
		},
		{
			"temporary keys",
			golangsdk.AKSKAuthOptions{
				IdentityEndpoint: identityEndpoint,
				ProjectName:      projectName,
				AccessKey:        temporary.access,
				SecretKey:        temporary.secret,
				SecurityToken:    temporary.securityToken,
			},
			[]string{"GET /v3/projects?name=" + projectName, "GET /v3/auth/catalog"},
			form,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			eyes := &onlooker{}
			provider, err := openstack.NewClient(identityEndpoint)
			must(t, err)
			provider.HTTPClient.Transport = eyes
			must(t, openstack.Authenticate(provider, row.options))
			equal(t, "project", provider.ProjectID, projectID)
			if calls := slices.Compact(eyes.calls); !slices.Equal(calls, row.identityCalls) {
				t.Errorf("calls: got %v, want %v", calls, row.identityCalls)
			}

			client, err := openstack.NewKMSV1(provider, golangsdk.EndpointOpts{Region: regionID})
			must(t, err)
			equal(t, "endpoint", client.Endpoint, signetURL+"/v1.0/"+projectID+"/")
			liveAndDie(t, client)

			for _, authorization := range eyes.authorizations {
				if !regexp.MustCompile(row.authorization).MatchString(authorization) {
					t.Errorf("Authorization: got %s", authorization)
				}
			}
		})
	}
}

func liveAndDie(t *testing.T, client *golangsdk.ServiceClient) {
	t.Helper()
	alias := newAlias("AES_256")
	created, err := kmskeys.Create(client, kmskeys.CreateOpts{KeyAlias: alias, KeyDescription: "made in Go"}).ExtractKeyInfo()
	must(t, err)
	equal(t, "domain", created.DomainID, domainID)

	described, err := kmskeys.Get(client, created.KeyID).ExtractKeyInfo()
	must(t, err)
	equal(t, "key_alias", described.KeyAlias, alias)
	equal(t, "key_description", described.KeyDescription, "made in Go")
	equal(t, "key_state", described.KeyState, "2")

	deleted, err := kmskeys.Delete(client, kmskeys.DeleteOpts{KeyID: created.KeyID, PendingDays: "7"}).Extract()
	must(t, err)
	equal(t, "key_state once deletion is scheduled", deleted.KeyState, "4")
	described, err = kmskeys.Get(client, created.KeyID).ExtractKeyInfo()
	must(t, err)
	equal(t, "key_state of a key pending deletion", described.KeyState, "4")

	var missing golangsdk.ErrDefault404
	if err := kmskeys.Get(client, unknownKeyID).Err; !errors.As(err, &missing) {
		t.Fatalf("an unknown key: %v", err)
	}
	if !strings.Contains(string(missing.Body), "KMS.0207") {
		t.Errorf("body: got %s", missing.Body)
	}
}

// An onlooker passes requests on as they are.
type onlooker struct {
	calls          []string
	authorizations []string
}

func (eyes *onlooker) RoundTrip(request *http.Request) (*http.Response, error) {
	eyes.calls = append(eyes.calls, request.Method+" "+request.URL.RequestURI())
	eyes.authorizations = append(eyes.authorizations, request.Header.Get("Authorization"))
	return http.DefaultTransport.RoundTrip(request)
}
