package clients

import (
	"strings"
	"testing"

	"github.com/oracle/oci-go-sdk/v65/common"
	"github.com/oracle/oci-go-sdk/v65/identity"
)

const unknown = "d0:93:98:e3:2f:34:f9:56:df:2a:03:3b:0d:e1:38:8e"

// refusedWith looks at the SDK's own error, and at the answer that it was made of.
func refusedWith(t *testing.T, err error, exchanges *exchanges, status int, code, text string) {
	t.Helper()
	failure, ok := common.IsServiceError(err)
	if !ok {
		t.Fatalf("no refusal: %v", err)
	}
	equal(t, "status", failure.GetHTTPStatusCode(), status)
	equal(t, "code", failure.GetCode(), code)
	equal(t, "text "+failure.GetMessage(), strings.Contains(failure.GetMessage(), text), true)
	last := exchanges.answers[len(exchanges.answers)-1]
	equal(t, "opc-request-id", failure.GetOpcRequestID(), last.Header.Get("opc-request-id"))
	equal(t, "its form", requestID.MatchString(failure.GetOpcRequestID()), true)
}

func TestRefusals(t *testing.T) {
	public, private := newPair(t)
	others := make([]string, 3)
	for at := range others {
		others[at], _ = newPair(t)
	}
	remove := func(c client, userID, fingerprint string, etag *string) error {
		_, err := c.DeleteApiKey(ctx, identity.DeleteApiKeyRequest{UserId: &userID, Fingerprint: &fingerprint, IfMatch: etag})
		return err
	}
	upload := func(key string) func(client, string) error {
		return func(c client, userID string) error {
			_, err := c.upload(userID, key)
			return err
		}
	}
	for name, row := range map[string]struct {
		before     []string
		act        func(client, string) error
		status     int
		code, text string
	}{
		"a key of SSH":       {nil, upload("ssh-rsa AAAAB3NzaC1yc2E signet"), 400, "InvalidParameter", "SSH"},
		"a private key":      {nil, upload(private), 400, "InvalidParameter", "private"},
		"a fourth key":       {others, upload(public), 400, "LimitExceeded", "3 API keys"},
		"the same key again": {[]string{public}, upload(public), 409, "Conflict", "already"},
		"an unknown key": {
			nil, func(c client, userID string) error { return remove(c, userID, unknown, nil) },
			404, "NotAuthorizedOrNotFound", "Authorization failed or requested resource not found.",
		},
		"another etag": {
			[]string{public},
			func(c client, userID string) error {
				return remove(c, userID, fingerprintOf(public), common.String("another"))
			},
			412, "NoEtagMatch", "etag",
		},
		"an operation that Signet does not have": {
			nil,
			func(c client, userID string) error {
				_, err := c.GetUser(ctx, identity.GetUserRequest{UserId: &userID})
				return err
			},
			404, "NotFound", "operation",
		},
	} {
		t.Run(name, func(t *testing.T) {
			userID := newUser(t)
			admin := newClient(t, administrator.provider())
			// Else what is not found would be looked for again for minutes: see TestRetries.
			policy := common.DefaultRetryPolicyWithoutEventualConsistency()
			admin.SetCustomClientConfiguration(common.CustomClientConfiguration{RetryPolicy: &policy})
			for _, key := range row.before {
				must(t, upload(key)(admin, userID))
			}
			refusedWith(t, row.act(admin, userID), admin.exchanges, row.status, row.code, row.text)
			equal(t, "requests", len(admin.exchanges.answers), len(row.before)+1)
		})
	}
}

func TestUnknownCallers(t *testing.T) {
	_, private := newPair(t)
	const generic = "The required information to complete authentication was not provided or was incorrect."
	for name, row := range map[string]struct {
		change func(*caller)
		text   string
	}{
		"the private key of another key": {func(c *caller) { c.privateKey = private }, "Failed to verify the HTTP(S) Signature"},
		"another fingerprint":            {func(c *caller) { c.fingerprint = unknown }, generic},
		"another user":                   {func(c *caller) { c.userID += "b" }, generic},
		"another tenancy":                {func(c *caller) { c.tenancyID += "b" }, generic},
	} {
		t.Run(name, func(t *testing.T) {
			changed := administrator
			row.change(&changed)
			client := newClient(t, changed.provider())
			_, err := client.list(administrator.userID)
			refusedWith(t, err, client.exchanges, 401, "NotAuthenticated", row.text)
			equal(t, "requests", len(client.exchanges.answers), 1)
		})
	}
}
