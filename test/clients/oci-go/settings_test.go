// Package clients drives a running Signet with Oracle's SDK for Go, unmodified.
package clients

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"testing"

	"github.com/oracle/oci-go-sdk/v65/common"
	"github.com/oracle/oci-go-sdk/v65/identity"
)

var (
	signetURL = setting("SIGNET_URL")
	tenancyID = setting("SIGNET_OCI_TENANCY_ID")

	// The user of the default seed, an administrator.
	administrator = caller{
		tenancyID:   tenancyID,
		userID:      setting("SIGNET_OCI_USER_ID"),
		fingerprint: setting("SIGNET_OCI_FINGERPRINT"),
		privateKey:  setting("SIGNET_OCI_PRIVATE_KEY"),
	}

	ctx = context.Background()
)

// caller is who signs.
type caller struct{ tenancyID, userID, fingerprint, privateKey string }

func (c caller) provider() common.ConfigurationProvider {
	return common.NewRawConfigurationProvider(c.tenancyID, c.userID, "us-phoenix-1", c.fingerprint, c.privateKey, nil)
}

// client asks Signet; what it sends and is answered is in exchanges afterwards.
type client struct {
	identity.IdentityClient
	exchanges *exchanges
}

// exchanges are the answers that a client got, each with its request.
type exchanges struct {
	answers []*http.Response
	bodies  []string
}

// watched is net/http's own client, which takes down what it is answered.
func watched() (*http.Client, *exchanges) {
	taken := &exchanges{}
	return &http.Client{Transport: taken}, taken
}

// RoundTrip makes them a part of net/http, so that the SDK stays as it is.
func (e *exchanges) RoundTrip(request *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	answer.Body = io.NopCloser(bytes.NewReader(body))
	answer.Request = request.Clone(ctx)
	e.answers, e.bodies = append(e.answers, answer), append(e.bodies, string(body))
	return answer, err
}

func (e *exchanges) statuses() (statuses []int) {
	for _, answer := range e.answers {
		statuses = append(statuses, answer.StatusCode)
	}
	return statuses
}

func newClient(t *testing.T, provider common.ConfigurationProvider) client {
	t.Helper()
	made, err := identity.NewIdentityClientWithConfigurationProvider(provider)
	must(t, err)
	// A path in it would get lost: see TestPathOfTheEndpoint.
	made.Host = signetURL
	sender, taken := watched()
	made.HTTPClient = sender
	return client{made, taken}
}

func newPair(t *testing.T) (public, private string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	publicDER, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	must(t, err)
	encode := func(label string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
	}
	return encode("PUBLIC KEY", publicDER), encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
}

// newUser has no keys, and is gone after the test; three keys are as many as a user can have.
func newUser(t *testing.T) string {
	t.Helper()
	var user struct{ ID string }
	workbench(t, "POST", "/oci/users", map[string]any{"tenancy_id": tenancyID}, &user)
	t.Cleanup(func() { workbench(t, "DELETE", "/oci/users/"+user.ID, nil, nil) })
	return user.ID
}

// addFault lets calls fail until the test is over.
func addFault(t *testing.T, rule map[string]any) {
	t.Helper()
	var fault struct{ ID string }
	workbench(t, "POST", "/faults", rule, &fault)
	t.Cleanup(func() { workbench(t, "DELETE", "/faults/"+fault.ID, nil, nil) })
}

// workbench calls Signet's own API.
func workbench(t *testing.T, method, path string, body, answer any) {
	t.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		must(t, err)
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, signetURL+"/_signet"+path, content)
	must(t, err)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	must(t, err)
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, text)
	}
	if answer != nil {
		must(t, json.Unmarshal(text, answer))
	}
}

func setting(name string) string {
	value := os.Getenv(name)
	if value == "" {
		log.Fatalf("%s is not set: these tests need a running Signet", name)
	}
	return value
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
