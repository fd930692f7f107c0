package clients

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oracle/oci-go-sdk/v65/common"
	"github.com/oracle/oci-go-sdk/v65/identity"
	"github.com/oracle/oci-go-sdk/v65/objectstorage"
)

// echo is what the echo service says that it got.
type echo struct {
	Method, Target, Body string
	Headers              [][2]string
	SignedHeaders        []string `json:"signed_headers"`
	Warnings             []string
	Caller               struct {
		User        struct{ ID string }
		Fingerprint string
	}
}

var (
	whole    = []string{"date", "(request-target)", "host"}
	withBody = append(append([]string{}, whole...), "content-length", "content-type", "x-content-sha256")
)

// last is the echo of the last request.
func (e *exchanges) last(t *testing.T) (read echo) {
	t.Helper()
	at := len(e.answers) - 1
	if e.answers[at].StatusCode != http.StatusOK {
		t.Fatalf("%d %s", e.answers[at].StatusCode, e.bodies[at])
	}
	must(t, json.Unmarshal([]byte(e.bodies[at]), &read))
	return read
}

// newRequest has what the signer of the SDK expects to be there.
func newRequest(t *testing.T, method, target, body string) *http.Request {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	request, err := http.NewRequest(method, signetURL+target, content)
	must(t, err)
	request.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	if body != "" {
		request.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	return request
}

func TestSignerOfAnyRequest(t *testing.T) {
	signer := common.DefaultRequestSigner(administrator.provider())
	for _, row := range []struct{ method, target, sent, body string }{
		{"GET", "/oci/é|{}^`?a=b%20c&a=d&e", "/oci/%C3%A9%7C%7B%7D%5E%60?a=b%20c&a=d&e", ""},
		{"GET", "/oci/a/../b//c?", "", ""},
		{"DELETE", "/oci/a%2Fb:c", "", ""},
		{"HEAD", "/oci/a", "", ""},
		{"POST", "/oci/a", "", `{"a":"é"}`},
		{"PUT", "/oci/a", "", `{"a" : 1}`},
		{"PATCH", "/oci/a", "", "null"},
	} {
		t.Run(row.method+row.target, func(t *testing.T) {
			request := newRequest(t, row.method, row.target, row.body)
			must(t, signer.Sign(request))
			client, exchanges := watched()
			_, err := client.Do(request)
			must(t, err)
			if row.method == "HEAD" {
				equal(t, "statuses", exchanges.statuses(), []int{200})
				return
			}
			got := exchanges.last(t)
			if row.sent == "" {
				row.sent = row.target
			}
			equal(t, "request", fmt.Sprint(got.Method, got.Target, got.Body), fmt.Sprint(row.method, row.sent, row.body))
			equal(t, "caller", got.Caller.User.ID+got.Caller.Fingerprint, administrator.userID+administrator.fingerprint)
			if row.body == "" {
				equal(t, "signed headers", got.SignedHeaders, whole)
			} else {
				equal(t, "signed headers", got.SignedHeaders, withBody)
			}
		})
	}
}

// The SDK signs the host of the URL, and sends that of the request.
func TestHostApartFromTheURL(t *testing.T) {
	request := newRequest(t, "GET", "/oci/a", "")
	request.Host = "identity.us-phoenix-1.oci.oraclecloud.com"
	must(t, common.DefaultRequestSigner(administrator.provider()).Sign(request))
	client, exchanges := watched()
	_, err := client.Do(request)
	must(t, err)
	equal(t, "statuses", exchanges.statuses(), []int{401})
	equal(t, "answer", exchanges.bodies[0], `{"code":"NotAuthenticated","message":"Failed to verify the HTTP(S) Signature"}`)
}

// The SDK leaves out the path of an endpoint, and keeps that of the service apart.
func TestPathOfTheEndpoint(t *testing.T) {
	client := newClient(t, administrator.provider())
	client.Host = signetURL + "/oci"
	_, err := client.list(administrator.userID)
	must(t, err)
	client.BasePath = "oci/20160918"
	_, err = client.UpdateUser(ctx, identity.UpdateUserRequest{
		UserId:            &administrator.userID,
		UpdateUserDetails: identity.UpdateUserDetails{Description: common.String("é")},
	})
	must(t, err)
	targets := []string{}
	for _, answer := range client.exchanges.answers {
		targets = append(targets, answer.Request.URL.RequestURI())
	}
	path := "/20160918/users/" + administrator.userID
	equal(t, "targets", targets, []string{path + "/apiKeys", "/oci" + path})
}

// Of an upload the SDK does not sign the body, and asks before it sends it.
func TestObjectStorage(t *testing.T) {
	storage, err := objectstorage.NewObjectStorageClientWithConfigurationProvider(administrator.provider())
	must(t, err)
	storage.Host, storage.BasePath = signetURL, "oci"
	client, exchanges := watched()
	storage.HTTPClient = client
	_, err = storage.PutObject(ctx, objectstorage.PutObjectRequest{
		NamespaceName: common.String("ns"),
		BucketName:    common.String("bucket"),
		ObjectName:    common.String("a/b c.txt"),
		ContentLength: common.Int64(5),
		PutObjectBody: io.NopCloser(strings.NewReader("hello")),
	})
	must(t, err)
	got := exchanges.last(t)
	equal(t, "request", got.Method+got.Target+got.Body, "PUT/oci/n/ns/b/bucket/o/a/b%20c.txthello")
	equal(t, "signed headers", got.SignedHeaders, whole)
	equal(t, "warnings", len(got.Warnings), 3)
	expected := ""
	for _, header := range got.Headers {
		if header[0] == "Expect" {
			expected = header[1]
		}
	}
	equal(t, "expect", expected, "100-continue")
}
