package clients

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	kms "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2/model"
)

func describe(t *testing.T, client *kms.KmsClient, id string) *model.KeyDetails {
	t.Helper()
	described, err := client.ListKeyDetail(&model.ListKeyDetailRequest{Body: &model.OperateKeyRequestBody{KeyId: id}})
	must(t, err)
	return described.KeyInfo
}

func TestHuaweiCloudGrants(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	grantee := clientOf(t, granteeProjectID, granteeKeys, nil)
	id := newKey(t, client, model.CreateKeyRequestBody{})
	encrypt := func() (*model.EncryptDataResponse, error) {
		return grantee.EncryptData(&model.EncryptDataRequest{Body: &model.EncryptDataRequestBody{KeyId: id, PlainText: text}})
	}

	for name, takeBack := range map[string]func(*model.RevokeGrantRequestBody) error{
		"revoked": func(body *model.RevokeGrantRequestBody) error {
			_, err := client.CancelGrant(&model.CancelGrantRequest{Body: body})
			return err
		},
		"retired": func(body *model.RevokeGrantRequestBody) error {
			_, err := grantee.CancelSelfGrant(&model.CancelSelfGrantRequest{Body: body})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := encrypt()
			refusedWith(t, err, "KMS.0207")
			created, err := client.CreateGrant(&model.CreateGrantRequest{Body: &model.CreateGrantRequestBody{
				KeyId:             id,
				GranteePrincipal:  granteeUserID,
				RetiringPrincipal: &granteeUserID,
				Operations:        []string{"describe-key", "encrypt-data"},
				Name:              pointer("for_the_neighbours"),
			}})
			must(t, err)
			_, err = encrypt()
			must(t, err)

			ofKey, err := client.ListGrants(&model.ListGrantsRequest{Body: &model.ListGrantsRequestBody{KeyId: id}})
			must(t, err)
			retirable, err := grantee.ListRetirableGrants(&model.ListRetirableGrantsRequest{Body: &model.ListRetirableGrantsRequestBody{}})
			must(t, err)
			equal(t, "total", *ofKey.Total, 1)
			grant := (*ofKey.Grants)[0]
			equal(t, "grant_id", *grant.GrantId, *created.GrantId)
			equal(t, "issuing_principal", *grant.IssuingPrincipal, userID)
			isGrant := func(other model.Grants) bool { return *other.GrantId == *created.GrantId }
			equal(t, "retirable", slices.ContainsFunc(*retirable.Grants, isGrant), true)

			must(t, takeBack(&model.RevokeGrantRequestBody{KeyId: id, GrantId: *created.GrantId}))
			_, err = encrypt()
			refusedWith(t, err, "KMS.0207")
		})
	}
}

// unreadable is for answers that are as the vendor's samples have them, and that its SDK has another idea of.
func unreadable(t *testing.T, err error) {
	t.Helper()
	refusal, _ := err.(*sdkerr.ServiceResponseError)
	if refusal == nil || refusal.StatusCode != http.StatusOK {
		t.Errorf("not an answer that the SDK cannot read: %v", err)
	}
}

func TestHuaweiCloudAliases(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	first := newKey(t, client, model.CreateKeyRequestBody{})
	second := newKey(t, client, model.CreateKeyRequestBody{})
	alias := "alias/" + newAlias("alias")

	created, err := client.CreateAlias(&model.CreateAliasRequest{Body: &model.CreateAliasRequestBody{KeyId: first, Alias: alias}})
	must(t, err)
	equal(t, "status", created.HttpStatusCode, http.StatusCreated)
	equal(t, "alias_urn", *created.AliasUrn, "kms:"+regionID+":"+domainID+":alias:"+alias)
	equal(t, "key_id by alias", *describe(t, client, alias).KeyId, first)

	// One object, as the vendor's Terraform provider reads it; the SDK expects a list of such objects.
	_, err = client.ListAliases(&model.ListAliasesRequest{KeyId: &first})
	unreadable(t, err)

	moved, err := client.AssociateAlias(&model.AssociateAliasRequest{Body: &model.AssociateAliasRequestBody{TargetKeyId: second, Alias: alias}})
	must(t, err)
	equal(t, "key_id", *moved.KeyId, second)
	equal(t, "key_id by alias", *describe(t, client, alias).KeyId, second)

	deleted, err := client.DeleteAlias(&model.DeleteAliasRequest{Body: &model.DeleteAliasRequestBody{KeyId: second, Aliases: []string{alias}}})
	must(t, err)
	equal(t, "status", deleted.HttpStatusCode, http.StatusNoContent)
}

func TestHuaweiCloudTags(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	id := newKey(t, client, model.CreateKeyRequestBody{})
	// A tag's name has 36 characters at most.
	name := strings.TrimPrefix(newAlias("tag"), "client-")
	tag := model.TagItem{Key: name, Value: pointer("1&")}
	owner := model.TagItem{Key: "owner", Value: pointer("me")}

	_, err := client.CreateKmsTag(&model.CreateKmsTagRequest{KeyId: id, Body: &model.CreateKmsTagRequestBody{Tag: &tag}})
	must(t, err)
	changeTags(t, client, id, "create", []model.TagItem{owner})

	ofKey, err := client.ShowKmsTags(&model.ShowKmsTagsRequest{KeyId: id})
	must(t, err)
	sameJSON(t, "tags", ofKey.Tags, []model.TagItem{tag, owner})
	equal(t, "existTagsNum", *ofKey.ExistTagsNum, 2)

	ofProject, err := client.ListKmsTags(&model.ListKmsTagsRequest{})
	must(t, err)
	values := model.Tag{Key: &name, Values: &[]string{"1&"}}
	hasName := func(tag model.Tag) bool { return *tag.Key == name }
	sameJSON(t, "tag of the project", (*ofProject.Tags)[slices.IndexFunc(*ofProject.Tags, hasName)], values)

	ask := func(action string) (*model.ListKmsByTagsResponse, error) {
		return client.ListKmsByTags(&model.ListKmsByTagsRequest{
			ResourceInstances: "resource_instances",
			Body:              &model.ListKmsByTagsRequestBody{Action: &action, Tags: &[]model.Tag{values}},
		})
	}
	counted, err := ask("count")
	must(t, err)
	equal(t, "number of keys with this tag", *counted.TotalCount, 1)
	found, err := ask("filter")
	must(t, err)
	equal(t, "resource_id", *(*found.Resources)[0].ResourceId, id)

	_, err = client.DeleteTag(&model.DeleteTagRequest{KeyId: id, Key: name})
	must(t, err)
	sameJSON(t, "tags", tagsOf(t, client, id), []model.TagItem{owner})
}

func TestHuaweiCloudQuotas(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	newKey(t, client, model.CreateKeyRequestBody{})
	instances, err := client.ShowUserInstances(&model.ShowUserInstancesRequest{})
	must(t, err)
	shown, err := client.ShowUserQuotas(&model.ShowUserQuotasRequest{})
	must(t, err)
	types := model.GetResourcesTypeEnum()
	quotas := *shown.Quotas.Resources
	equal(t, "type", *quotas[0].Type, types.CMK)
	equal(t, "used", *quotas[0].Used, *instances.InstanceNum)
	equal(t, "type", *quotas[1].Type, types.GRANT_PER_CMK)
	equal(t, "quota", *quotas[1].Quota, 100)
}

func TestHuaweiCloudKeystores(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	listed, err := client.ListKeyStores(&model.ListKeyStoresRequest{Limit: pointer(int32(10)), Offset: pointer(int32(0))})
	must(t, err)
	equal(t, "total", *listed.Total, 1)
	equal(t, "keystore_id", *(*listed.Keystores)[0].KeystoreId, "0")
}

func TestHuaweiCloudVersions(t *testing.T) {
	shown, err := clientOfProject(t, permanent, nil).ShowVersions(&model.ShowVersionsRequest{})
	must(t, err)
	equal(t, "id", *(*shown.Versions)[0].Id, "v1.0")
}
