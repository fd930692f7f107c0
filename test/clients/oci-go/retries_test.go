package clients

import (
	"testing"
	"time"

	"github.com/oracle/oci-go-sdk/v65/common"
)

// soon is the SDK's own policy, without its pauses.
func soon(policy common.RetryPolicy) common.CustomClientConfiguration {
	policy.NextDuration = func(common.OCIOperationResponse) time.Duration { return 0 }
	if other := policy.NonEventuallyConsistentPolicy; other != nil {
		changed := *soon(*other).RetryPolicy
		policy.NonEventuallyConsistentPolicy = &changed
	}
	return common.CustomClientConfiguration{RetryPolicy: &policy}
}

func TestRetries(t *testing.T) {
	for _, row := range []struct {
		status int
		code   string
		// Whether the SDK tries again; and whether it does so for some minutes after any change that it made.
		always, afterChanges bool
	}{
		{503, "ServiceUnavailable", true, true},
		{500, "InternalServerError", true, true},
		{429, "TooManyRequests", true, true},
		{409, "IncorrectState", true, true},
		{409, "Conflict", false, false},
		{404, "NotAuthorizedOrNotFound", false, true},
		{401, "NotAuthenticated", false, false},
		{400, "InvalidParameter", false, false},
	} {
		for name, policy := range map[string]struct {
			common.RetryPolicy
			isTriedAgain bool
		}{
			"":                      {common.DefaultRetryPolicyWithoutEventualConsistency(), row.always},
			" soon after an upload": {common.DefaultRetryPolicy(), row.afterChanges},
		} {
			t.Run(row.code+name, func(t *testing.T) {
				userID := newUser(t)
				client := newClient(t, administrator.provider())
				client.SetCustomClientConfiguration(soon(policy.RetryPolicy))
				public, _ := newPair(t)
				_, err := client.upload(userID, public)
				must(t, err)
				addFault(t, map[string]any{"operation": "oci.listApiKeys", "error": row.code, "times": 2})
				keys, err := client.list(userID)
				if !policy.isTriedAgain {
					refusedWith(t, err, client.exchanges, row.status, row.code, "")
					equal(t, "answers", client.exchanges.statuses(), []int{200, row.status})
					return
				}
				must(t, err)
				equal(t, "keys", len(keys), 1)
				equal(t, "answers", client.exchanges.statuses(), []int{200, row.status, row.status, 200})
				names := map[string]bool{}
				for _, answer := range client.exchanges.answers[1:] {
					names[answer.Request.Header.Get("opc-request-id")] = true
				}
				// The SDK calls each try by a name of its own.
				equal(t, "names", len(names), 3)
			})
		}
	}
}

func TestUploadWhoseAnswerIsLost(t *testing.T) {
	userID := newUser(t)
	client := newClient(t, administrator.provider())
	client.SetCustomClientConfiguration(soon(common.DefaultRetryPolicy()))
	addFault(t, map[string]any{"operation": "oci.uploadApiKey", "phase": "after", "error": "ServiceUnavailable", "times": 1})
	public, _ := newPair(t)
	uploaded, err := client.upload(userID, public)
	must(t, err)
	equal(t, "answers", client.exchanges.statuses(), []int{503, 200})
	keys, err := client.list(userID)
	must(t, err)
	equal(t, "keys", len(keys), 1)
	equal(t, "key", *keys[0].KeyId, *uploaded.KeyId)
}
