package clients

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	golangsdk "github.com/opentelekomcloud/gophertelekomcloud"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/common/tags"
	kmsgrants "github.com/opentelekomcloud/gophertelekomcloud/openstack/kms/v1/grants"
	kmskeys "github.com/opentelekomcloud/gophertelekomcloud/openstack/kms/v1/keys"
)

// terraform makes the calls of terraform-provider-opentelekomcloud, in its order: one method for each step of a resource's life.
type terraform struct {
	*testing.T
	client *golangsdk.ServiceClient
}

func newTerraform(t *testing.T) terraform {
	t.Helper()
	provider, err := openstack.AuthenticatedClient(golangsdk.AuthOptions{
		IdentityEndpoint: identityEndpoint,
		DomainName:       domainName,
		Username:         userName,
		Password:         password,
		TenantName:       projectName,
	})
	must(t, err)
	client, err := openstack.NewKMSV1(provider, golangsdk.EndpointOpts{Region: regionID})
	must(t, err)
	return terraform{t, client}
}

// A keyResource is what the state file says of opentelekomcloud_kms_key_v1.
type keyResource struct {
	Alias, Description, Origin, Realm, ScheduledDeletion string
	Enabled                                              bool
	Tags                                                 []tags.ResourceTag
	Rotation                                             kmskeys.KeyRotationResult
}

func (tf terraform) createKey(alias, description string, rotationDays int, keyTags ...tags.ResourceTag) string {
	tf.Helper()
	key, err := kmskeys.Create(tf.client, kmskeys.CreateOpts{KeyAlias: alias, KeyDescription: description}).ExtractKeyInfo()
	must(tf.T, err)
	id := key.KeyID
	equal(tf.T, "key_state", tf.get(id).KeyState, "2")
	status, err := kmskeys.GetKeyRotationStatus(tf.client, kmskeys.RotationOpts{KeyID: id}).ExtractResult()
	must(tf.T, err)
	equal(tf.T, "rotation of a new key", status, kmskeys.KeyRotationResult{Interval: 365})
	// All calls about rotation send an interval, most of them 0.
	must(tf.T, kmskeys.EnableKeyRotation(tf.client, kmskeys.RotationOpts{KeyID: id}).ExtractErr())
	must(tf.T, kmskeys.UpdateKeyRotationInterval(tf.client, kmskeys.RotationOpts{KeyID: id, Interval: rotationDays}).ExtractErr())
	must(tf.T, tags.Create(tf.client, "kms", id, keyTags).ExtractErr())
	return id
}

// readKey gives nil for a key pending deletion, which is gone as far as Terraform is concerned.
func (tf terraform) readKey(id string) *keyResource {
	tf.Helper()
	key := tf.get(id)
	if key.KeyState == "4" {
		return nil
	}
	keyTags, err := tags.Get(tf.client, "kms", id).Extract()
	must(tf.T, err)
	rotation, err := kmskeys.GetKeyRotationStatus(tf.client, kmskeys.RotationOpts{KeyID: id}).ExtractResult()
	must(tf.T, err)
	return &keyResource{
		Alias:             key.KeyAlias,
		Description:       key.KeyDescription,
		Origin:            key.Origin,
		Realm:             key.Realm,
		ScheduledDeletion: key.ScheduledDeletionDate,
		Enabled:           key.KeyState == "2",
		Tags:              keyTags,
		Rotation:          rotation,
	}
}

func (tf terraform) updateLabels(id, alias, description string, oldTags, newTags []tags.ResourceTag) {
	tf.Helper()
	renamed, err := kmskeys.UpdateAlias(tf.client, kmskeys.UpdateAliasOpts{KeyID: id, KeyAlias: alias}).ExtractKeyInfo()
	must(tf.T, err)
	equal(tf.T, "key_alias", renamed.KeyAlias, alias)
	described, err := kmskeys.UpdateDes(tf.client, kmskeys.UpdateDesOpts{KeyID: id, KeyDescription: description}).ExtractKeyInfo()
	must(tf.T, err)
	equal(tf.T, "key_description", described.KeyDescription, description)
	must(tf.T, tags.Delete(tf.client, "kms", id, oldTags).ExtractErr())
	must(tf.T, tags.Create(tf.client, "kms", id, newTags).ExtractErr())
}

func (tf terraform) disableKey(id string) {
	tf.Helper()
	equal(tf.T, "key_state before", tf.get(id).KeyState, "2")
	disabled, err := kmskeys.DisableKey(tf.client, id).ExtractKeyInfo()
	must(tf.T, err)
	equal(tf.T, "key_state", disabled.KeyState, "3")
}

func (tf terraform) enableKey(id string) {
	tf.Helper()
	equal(tf.T, "key_state before", tf.get(id).KeyState, "3")
	enabled, err := kmskeys.EnableKey(tf.client, id).ExtractKeyInfo()
	must(tf.T, err)
	equal(tf.T, "key_state", enabled.KeyState, "2")
}

func (tf terraform) destroyKey(id string) {
	tf.Helper()
	tf.get(id)
	rotation, err := kmskeys.GetKeyRotationStatus(tf.client, kmskeys.RotationOpts{KeyID: id}).ExtractResult()
	must(tf.T, err)
	if rotation.Enabled {
		must(tf.T, kmskeys.DisableKeyRotation(tf.client, kmskeys.RotationOpts{KeyID: id}).ExtractErr())
	}
	deleted, err := kmskeys.Delete(tf.client, kmskeys.DeleteOpts{KeyID: id, PendingDays: "7"}).Extract()
	must(tf.T, err)
	equal(tf.T, "key_state", deleted.KeyState, "4")
}

// keyByAlias is the data source of that name: it reads all pages, and looks for itself.
func (tf terraform) keyByAlias(alias string) kmskeys.Key {
	tf.Helper()
	var found []kmskeys.Key
	for marker, truncated := "", "true"; truncated == "true"; {
		page, err := kmskeys.List(tf.client, kmskeys.ListOpts{KeyState: "2", Marker: marker}).ExtractListKey()
		must(tf.T, err)
		for _, key := range page.KeyDetails {
			if key.KeyAlias == alias {
				found = append(found, key)
			}
		}
		marker, truncated = page.NextMarker, page.Truncated
	}
	if len(found) != 1 {
		tf.Fatalf("keys with the alias %s: got %v", alias, found)
	}
	return found[0]
}

func (tf terraform) get(id string) *kmskeys.Key {
	tf.Helper()
	key, err := kmskeys.Get(tf.client, id).ExtractKeyInfo()
	must(tf.T, err)
	return key
}

func TestTerraformOpenTelekomCloudKey(t *testing.T) {
	tf := newTerraform(t)
	aliases := []string{newAlias("terraform"), newAlias("terraformed")}
	oldTags := []tags.ResourceTag{{Key: "owner", Value: "me"}, {Key: "stage", Value: "test"}}
	newTags := []tags.ResourceTag{{Key: "empty"}, {Key: "stage", Value: "production"}}

	id := tf.createKey(aliases[0], "by Terraform", 30, oldTags...)
	want := keyResource{
		Alias:       aliases[0],
		Description: "by Terraform",
		Origin:      "kms",
		Realm:       regionID,
		Enabled:     true,
		Tags:        oldTags,
		Rotation:    kmskeys.KeyRotationResult{Enabled: true, Interval: 30},
	}
	sameJSON(t, "created", tf.readKey(id), want)
	sameJSON(t, "nothing to do", tf.readKey(id), want)

	tf.updateLabels(id, aliases[1], "by Terraform, again", oldTags, newTags)
	tf.disableKey(id)
	want.Alias, want.Description, want.Tags, want.Enabled = aliases[1], "by Terraform, again", newTags, false
	sameJSON(t, "relabelled and disabled", tf.readKey(id), want)
	tf.enableKey(id)
	want.Enabled = true
	sameJSON(t, "enabled", tf.readKey(id), want)
	equal(t, "key_id by alias", tf.keyByAlias(aliases[1]).KeyID, id)

	// Without rotation off first, as older versions of the provider tried it.
	var refusal golangsdk.ErrDefault400
	if err := kmskeys.Delete(tf.client, kmskeys.DeleteOpts{KeyID: id, PendingDays: "7"}).Err; !errors.As(err, &refusal) {
		t.Fatalf("deletion of a key that is rotated: %v", err)
	}
	equal(t, "refusal", strings.Contains(string(refusal.Body), "KMS.2901"), true)

	tf.destroyKey(id)
	equal(t, "gone", tf.readKey(id) == nil, true)

	// allow_cancel_deletion: once more, with what is left of it.
	cancelled, err := kmskeys.CancelDelete(tf.client, kmskeys.CancelDeleteOpts{KeyID: id}).Extract()
	must(t, err)
	equal(t, "key_state", cancelled.KeyState, "3")
	tf.enableKey(id)
	want.Rotation.Enabled = false
	sameJSON(t, "back", tf.readKey(id), want)
	tf.destroyKey(id)
	equal(t, "gone", tf.readKey(id) == nil, true)
}

func TestTerraformOpenTelekomCloudGrant(t *testing.T) {
	tf := newTerraform(t)
	id := tf.createKey(newAlias("granted"), "", 365, tags.ResourceTag{Key: "owner", Value: "me"})
	operations := []string{"describe-key", "create-datakey", "encrypt-datakey"}
	created, err := kmsgrants.Create(tf.client, kmsgrants.CreateOpts{
		KeyID:             id,
		GranteePrincipal:  granteeUserID,
		Operations:        operations,
		Name:              "by_terraform",
		RetiringPrincipal: userID,
	}).Extract()
	must(t, err)

	listed, err := kmsgrants.List(tf.client, kmsgrants.ListOpts{KeyID: id}).Extract()
	must(t, err)
	grant := listed.Grants[0]
	grant.CreationDate = ""
	sameJSON(t, "grants", []kmsgrants.Grant{grant}, []kmsgrants.Grant{{
		KeyID:             id,
		GrantID:           created.GrantID,
		GranteePrincipal:  granteeUserID,
		Operations:        operations,
		IssuingPrincipal:  userID,
		Name:              "by_terraform",
		RetiringPrincipal: userID,
	}})

	must(t, kmsgrants.Delete(tf.client, kmsgrants.DeleteOpts{KeyID: id, GrantID: created.GrantID}).ExtractErr())
	listed, err = kmsgrants.List(tf.client, kmsgrants.ListOpts{KeyID: id}).Extract()
	must(t, err)
	equal(t, "grants", len(listed.Grants), 0)
	tf.destroyKey(id)
}

func TestTerraformOpenTelekomCloudData(t *testing.T) {
	tf := newTerraform(t)
	id := tf.createKey(newAlias("data"), "", 365, tags.ResourceTag{Key: "owner", Value: "me"})

	// The data source kms_data_key_v1: the SDK sends the context as text.
	dataKey, err := kmskeys.DataEncryptGet(tf.client, kmskeys.DataEncryptOpts{
		KeyID:             id,
		EncryptionContext: `{"purpose":"backup"}`,
		DatakeyLength:     "512",
	}).ExtractDataKey()
	must(t, err)
	equal(t, "bytes", len(fromHex(t, dataKey.PlainText)), 64)

	digest := sha256.Sum256(fromHex(t, dataKey.PlainText))
	wrapped, err := kmskeys.EncryptDEKGet(tf.client, kmskeys.EncryptDEKOpts{
		KeyID:              id,
		DataKeyPlainLength: "64",
		PlainText:          dataKey.PlainText + hex.EncodeToString(digest[:]),
	}).ExtractEncryptDEK()
	must(t, err)
	equal(t, "datakey_length", wrapped.DataKeyLength, "64")

	encrypted, err := kmskeys.EncryptData(tf.client, kmskeys.EncryptDataOpts{KeyID: id, PlainText: text})
	must(t, err)
	decrypted, err := kmskeys.DecryptData(tf.client, kmskeys.DecryptDataOpts{CipherText: encrypted.CipherText})
	must(t, err)
	equal(t, "plain_text", decrypted.PlainText, text)
	tf.destroyKey(id)
}
