package clients

import (
	"crypto/md5"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/oracle/oci-go-sdk/v65/common"
	"github.com/oracle/oci-go-sdk/v65/identity"
)

func fingerprintOf(public string) string {
	block, _ := pem.Decode([]byte(public))
	return strings.ReplaceAll(fmt.Sprintf("% x", md5.Sum(block.Bytes)), " ", ":")
}

func (c client) upload(userID, key string) (identity.UploadApiKeyResponse, error) {
	return c.UploadApiKey(ctx, identity.UploadApiKeyRequest{
		UserId:              &userID,
		CreateApiKeyDetails: identity.CreateApiKeyDetails{Key: &key},
	})
}

func (c client) list(userID string) ([]identity.ApiKey, error) {
	listed, err := c.ListApiKeys(ctx, identity.ListApiKeysRequest{UserId: &userID})
	return listed.Items, err
}

// poll lists until the key can be used.
func (c client) poll(t *testing.T, userID, fingerprint string) identity.ApiKey {
	t.Helper()
	for range 10 {
		keys, err := c.list(userID)
		must(t, err)
		for _, key := range keys {
			if *key.Fingerprint == fingerprint && key.LifecycleState == identity.ApiKeyLifecycleStateActive {
				return key
			}
		}
	}
	t.Fatal("the key did not become ACTIVE")
	return identity.ApiKey{}
}

var requestID = regexp.MustCompile(`^[0-9a-f]{32}(/[0-9A-F]{32}){2}$`)

func TestKeyIsUploadedPolledUsedAndDeleted(t *testing.T) {
	admin := newClient(t, administrator.provider())
	userID := newUser(t)
	public, private := newPair(t)
	fingerprint := fingerprintOf(public)

	uploaded, err := admin.upload(userID, public)
	must(t, err)
	equal(t, "keyId", *uploaded.KeyId, tenancyID+"/"+userID+"/"+fingerprint)
	equal(t, "keyValue", *uploaded.KeyValue, public)
	equal(t, "lifecycleState", uploaded.LifecycleState, "ACTIVE")
	sent := admin.exchanges.answers[0].Request.Header
	equal(t, "opc-request-id", requestID.MatchString(*uploaded.OpcRequestId), true)
	equal(t, "its begin", strings.Split(*uploaded.OpcRequestId, "/")[0], sent.Get("opc-request-id"))
	polled := admin.poll(t, userID, fingerprint)
	equal(t, "timeCreated", polled.TimeCreated, uploaded.TimeCreated)

	user := newClient(t, caller{tenancyID, userID, fingerprint, private}.provider())
	own, err := user.list(userID)
	must(t, err)
	equal(t, "keys", len(own), 1)
	_, err = user.DeleteApiKey(ctx, identity.DeleteApiKeyRequest{
		UserId: &userID, Fingerprint: &fingerprint, IfMatch: uploaded.Etag,
	})
	must(t, err)
	// The SDK sends the colons as they are.
	deleted := user.exchanges.answers[1].Request.URL.RequestURI()
	equal(t, "request target", deleted, "/20160918/users/"+userID+"/apiKeys/"+fingerprint)

	left, err := admin.list(userID)
	must(t, err)
	equal(t, "keys left", len(left), 0)
	_, err = user.list(userID)
	refusedWith(t, err, user.exchanges, 401, "NotAuthenticated", "The required information")
}

// The key files that the documented commands of OpenSSL write, as Signet makes them, and ~/.oci/config.
func TestKeyFiles(t *testing.T) {
	for _, form := range []map[string]any{
		{"format": "pkcs1", "label": false},
		{"format": "pkcs1", "label": true},
		{"format": "pkcs8", "label": false},
		{"format": "pkcs8", "label": true},
		{"format": "pkcs1", "passphrase": "secret"},
		{"format": "pkcs8", "passphrase": "secret"},
	} {
		t.Run(fmt.Sprint(form), func(t *testing.T) {
			userID := newUser(t)
			keyFile, configFile := filepath.Join(t.TempDir(), "oci_api_key.pem"), filepath.Join(t.TempDir(), "config")
			form["user_id"], form["key_file"], form["region"] = userID, keyFile, "us-phoenix-1"
			var made struct {
				PrivateKeyPEM string `json:"private_key_pem"`
				KeyID         string `json:"key_id"`
				Config        string
			}
			workbench(t, "POST", "/oci/keypairs", form, &made)
			must(t, os.WriteFile(keyFile, []byte(made.PrivateKeyPEM), 0o600))
			must(t, os.WriteFile(configFile, []byte(made.Config), 0o600))

			provider, err := common.ConfigurationProviderFromFile(configFile, "")
			must(t, err)
			keys, err := newClient(t, provider).list(userID)
			must(t, err)
			equal(t, "keyId", *keys[0].KeyId, made.KeyID)
		})
	}
}
