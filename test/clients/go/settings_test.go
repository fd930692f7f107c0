// Package clients drives a running Signet with the vendors' own SDKs for Go, none of them changed.
package clients

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"testing"
	"time"
)

var (
	signetURL   = setting("SIGNET_URL")
	regionID    = setting("SIGNET_REGION")
	projectID   = setting("SIGNET_PROJECT_ID")
	projectName = setting("SIGNET_PROJECT_NAME")
	domainID    = setting("SIGNET_DOMAIN_ID")
	domainName  = setting("SIGNET_DOMAIN_NAME")
	userName    = setting("SIGNET_USER")
	userID      = setting("SIGNET_USER_ID")
	password    = setting("SIGNET_PASSWORD")

	permanent = keys{access: setting("SIGNET_AK"), secret: setting("SIGNET_SK")}
	temporary = keys{
		access:        setting("SIGNET_TEMPORARY_AK"),
		secret:        setting("SIGNET_TEMPORARY_SK"),
		securityToken: setting("SIGNET_SECURITY_TOKEN"),
	}

	// A user of another account.
	granteeProjectID = setting("SIGNET_GRANTEE_PROJECT_ID")
	granteeUserID    = setting("SIGNET_GRANTEE_USER_ID")
	granteeKeys      = keys{access: setting("SIGNET_GRANTEE_AK"), secret: setting("SIGNET_GRANTEE_SK")}
)

const unknownKeyID = "00000000-0000-4000-8000-000000000000"

// keys are an access key and its secret; temporary ones have a security token, too.
type keys struct{ access, secret, securityToken string }

func setting(name string) string {
	value := os.Getenv(name)
	if value == "" {
		log.Fatalf("%s is not set: these tests need a running Signet", name)
	}
	return value
}

func newAlias(spec string) string {
	return fmt.Sprintf("client-go-%s-%d", spec, time.Now().UnixNano())
}

func pointer[T any](value T) *T { return &value }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func sameJSON(t *testing.T, what string, got, want any) {
	t.Helper()
	gotJSON, err := json.Marshal(got)
	must(t, err)
	wantJSON, err := json.Marshal(want)
	must(t, err)
	equal(t, what, string(gotJSON), string(wantJSON))
}
