package clients

import (
	"testing"

	kms "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2/model"
)

// The calls of terraform-provider-huaweicloud for the resources kms_key and kms_key_material, in its order. The provider has an SDK of its
// own; this makes the same requests with the vendor's.
func TestTerraformHuaweiCloudKey(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	alias := newAlias("terraform")
	stage := []model.TagItem{{Key: "stage", Value: pointer("test")}}

	// Create.
	created, err := client.CreateKey(&model.CreateKeyRequest{Body: &model.CreateKeyRequestBody{
		KeyAlias:            alias,
		KeyDescription:      pointer("by Terraform"),
		KeySpec:             &specs.AES_256,
		KeyUsage:            &usages.ENCRYPT_DECRYPT,
		Origin:              pointer(model.GetCreateKeyRequestBodyOriginEnum().KMS),
		KeystoreId:          pointer("0"),
		EnterpriseProjectId: pointer("0"),
	}})
	must(t, err)
	id := *created.KeyInfo.KeyId
	equal(t, "key_state", *describe(t, client, id).KeyState, "2")
	changeTags(t, client, id, "create", stage)
	_, err = client.EnableKeyRotation(&model.EnableKeyRotationRequest{Body: &model.OperateKeyRequestBody{KeyId: id}})
	must(t, err)
	_, err = client.UpdateKeyRotationInterval(&model.UpdateKeyRotationIntervalRequest{
		Body: &model.UpdateKeyRotationIntervalRequestBody{KeyId: id, RotationInterval: 90},
	})
	must(t, err)

	// Read.
	key := describe(t, client, id)
	equal(t, "key_alias", *key.KeyAlias, alias)
	equal(t, "key_spec", key.KeySpec.Value(), "AES_256")
	equal(t, "key_usage", key.KeyUsage.Value(), "ENCRYPT_DECRYPT")
	equal(t, "origin", key.Origin.Value(), "kms")
	equal(t, "keystore_id", *key.KeystoreId, "0")
	equal(t, "enterprise_project_id", *key.SysEnterpriseProjectId, "0")
	equal(t, "default_key_flag", *key.DefaultKeyFlag, "0")
	equal(t, "key_rotation_enabled", *key.KeyRotationEnabled, "true")
	sameJSON(t, "tags", tagsOf(t, client, id), stage)
	status := rotationOf(t, client, id)
	equal(t, "rotation_enabled", *status.KeyRotationEnabled, true)
	equal(t, "rotation_interval", *status.RotationInterval, 90)
	equal(t, "rotation_number", *status.NumberOfRotations, 0)

	// Update: labels, disabled, enabled again, other tags, no rotation.
	alias = newAlias("terraformed")
	_, err = client.UpdateKeyAlias(&model.UpdateKeyAliasRequest{Body: &model.UpdateKeyAliasRequestBody{KeyId: id, KeyAlias: alias}})
	must(t, err)
	_, err = client.UpdateKeyDescription(&model.UpdateKeyDescriptionRequest{
		Body: &model.UpdateKeyDescriptionRequestBody{KeyId: id, KeyDescription: ""},
	})
	must(t, err)
	disabled, err := client.DisableKey(&model.DisableKeyRequest{Body: &model.OperateKeyRequestBody{KeyId: id}})
	must(t, err)
	equal(t, "key_state", *disabled.KeyInfo.KeyState, "3")
	enabled, err := client.EnableKey(&model.EnableKeyRequest{Body: &model.OperateKeyRequestBody{KeyId: id}})
	must(t, err)
	equal(t, "key_state", *enabled.KeyInfo.KeyState, "2")
	changeTags(t, client, id, "delete", stage)
	_, err = client.DisableKeyRotation(&model.DisableKeyRotationRequest{Body: &model.OperateKeyRequestBody{KeyId: id}})
	must(t, err)

	key = describe(t, client, id)
	equal(t, "key_alias", *key.KeyAlias, alias)
	equal(t, "key_description", *key.KeyDescription, "")
	equal(t, "key_state", *key.KeyState, "2")
	sameJSON(t, "tags", tagsOf(t, client, id), []model.TagItem{})
	equal(t, "rotation_enabled", *rotationOf(t, client, id).KeyRotationEnabled, false)

	// Delete, and think better of it: the resource kms_cancel_key_deletion.
	equal(t, "key_state", destroyKey(t, client, id), "4")
	equal(t, "gone", *describe(t, client, id).KeyState, "4")
	cancelled, err := client.CancelKeyDeletion(&model.CancelKeyDeletionRequest{Body: &model.OperateKeyRequestBody{KeyId: id}})
	must(t, err)
	equal(t, "key_state", *cancelled.KeyState, "3")
	equal(t, "key_state", destroyKey(t, client, id), "4")
}

func TestTerraformHuaweiCloudKeyMaterial(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	id := newKey(t, client, model.CreateKeyRequestBody{Origin: pointer(model.GetCreateKeyRequestBodyOriginEnum().EXTERNAL)})
	equal(t, "key_state", *describe(t, client, id).KeyState, "5")
	// It reads the rotation of every key, and does not mind a refusal.
	_, err := client.ShowKeyRotationStatus(&model.ShowKeyRotationStatusRequest{Body: &model.OperateKeyRequestBody{KeyId: id}})
	refusedWith(t, err, "KMS.0312")

	importMaterial(t, client, id, random(t, 32))
	equal(t, "key_state", *describe(t, client, id).KeyState, "2")
	_, err = client.DeleteImportedKeyMaterial(&model.DeleteImportedKeyMaterialRequest{Body: &model.OperateKeyRequestBody{KeyId: id}})
	must(t, err)
	equal(t, "key_state", *describe(t, client, id).KeyState, "5")
}

func changeTags(t *testing.T, client *kms.KmsClient, id, action string, tags []model.TagItem) {
	t.Helper()
	_, err := client.BatchCreateKmsTags(&model.BatchCreateKmsTagsRequest{
		KeyId: id,
		Body:  &model.BatchCreateKmsTagsRequestBody{Action: action, Tags: tags},
	})
	must(t, err)
}

func tagsOf(t *testing.T, client *kms.KmsClient, id string) []model.TagItem {
	t.Helper()
	shown, err := client.ShowKmsTags(&model.ShowKmsTagsRequest{KeyId: id})
	must(t, err)
	return *shown.Tags
}

func rotationOf(t *testing.T, client *kms.KmsClient, id string) *model.ShowKeyRotationStatusResponse {
	t.Helper()
	status, err := client.ShowKeyRotationStatus(&model.ShowKeyRotationStatusRequest{Body: &model.OperateKeyRequestBody{KeyId: id}})
	must(t, err)
	return status
}

func destroyKey(t *testing.T, client *kms.KmsClient, id string) string {
	t.Helper()
	describe(t, client, id)
	deleted, err := client.DeleteKey(&model.DeleteKeyRequest{Body: &model.ScheduleKeyDeletionRequestBody{KeyId: id, PendingDays: "7"}})
	must(t, err)
	return *deleted.KeyState
}
