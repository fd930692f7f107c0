package clients

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	apig "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/apig/v2"
	apigmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/apig/v2/model"
)

// signatures makes the calls of terraform-provider-huaweicloud for the resources apig_signature and apig_signature_associate, in its order.
// The provider has an SDK of its own; this makes the same requests with the vendor's.
type signatures struct {
	*testing.T
	client  *apig.ApigClient
	gateway string
}

func newSignatures(t *testing.T, keys keys) signatures {
	t.Helper()
	credentials, err := basic.NewCredentialsBuilder().
		WithAk(keys.access).
		WithSk(keys.secret).
		WithSecurityToken(keys.securityToken).
		WithProjectId(projectID).
		SafeBuild()
	must(t, err)
	client, err := apig.ApigClientBuilder().WithEndpoint(signetURL).WithCredential(credentials).SafeBuild()
	must(t, err)
	tf := signatures{t, apig.NewApigClient(client), ""}
	listed, err := tf.client.ListInstancesV2(&apigmodel.ListInstancesV2Request{})
	must(t, err)
	tf.gateway = *(*listed.Instances)[0].Id
	return tf
}

// A signatureResource is what the state file says of a key.
type signatureResource struct{ Name, Type, Algorithm, Key, Secret string }

func (tf signatures) create(body apigmodel.BaseSignature) string {
	tf.Helper()
	created, err := tf.client.CreateSignatureKeyV2(&apigmodel.CreateSignatureKeyV2Request{InstanceId: tf.gateway, Body: &body})
	must(tf.T, err)
	equal(tf.T, "status", created.HttpStatusCode, http.StatusCreated)
	return *created.Id
}

// read is by id in the list: there is no other way. It gives nil for a key that is gone.
func (tf signatures) read(id string) *signatureResource {
	tf.Helper()
	listed, err := tf.client.ListSignatureKeysV2(&apigmodel.ListSignatureKeysV2Request{InstanceId: tf.gateway, Id: &id})
	must(tf.T, err)
	if len(*listed.Signs) == 0 {
		return nil
	}
	found := (*listed.Signs)[0]
	resource := signatureResource{Name: found.Name, Type: found.SignType.Value(), Key: *found.SignKey, Secret: *found.SignSecret}
	if found.SignAlgorithm != nil {
		resource.Algorithm = found.SignAlgorithm.Value()
	}
	equal(tf.T, "age", time.Since(time.Time(*found.CreateTime)) < time.Hour, true)
	return &resource
}

func (tf signatures) update(id string, body apigmodel.BaseSignature) {
	tf.Helper()
	_, err := tf.client.UpdateSignatureKeyV2(&apigmodel.UpdateSignatureKeyV2Request{InstanceId: tf.gateway, SignId: id, Body: &body})
	must(tf.T, err)
}

func (tf signatures) destroy(id string) {
	tf.Helper()
	_, err := tf.client.DeleteSignatureKeyV2(&apigmodel.DeleteSignatureKeyV2Request{InstanceId: tf.gateway, SignId: id})
	must(tf.T, err)
	equal(tf.T, "gone", tf.read(id) == nil, true)
}

// bind waits until what was bound is in no page of the list of what is not.
func (tf signatures) bind(id string, publishIds ...string) {
	tf.Helper()
	bound, err := tf.client.AssociateSignatureKeyV2(&apigmodel.AssociateSignatureKeyV2Request{
		InstanceId: tf.gateway,
		Body:       &apigmodel.SignApiBinding{SignId: id, PublishIds: publishIds},
	})
	must(tf.T, err)
	equal(tf.T, "bindings", len(*bound.Bindings), len(publishIds))
	for _, binding := range *bound.Bindings {
		equal(tf.T, "sign_id", *binding.SignId, id)
		equal(tf.T, "age", time.Since(time.Time(*binding.BindingTime)) < time.Hour, true)
	}
	for _, unbound := range tf.unbound(id) {
		equal(tf.T, "still unbound", slices.Contains(publishIds, unbound), false)
	}
}

// unbind waits until what was bound is gone from the list of what is.
func (tf signatures) unbind(id string, publishIds ...string) {
	tf.Helper()
	for _, binding := range tf.bindings(id) {
		if slices.Contains(publishIds, *binding.PublishId) {
			request := apigmodel.DisassociateSignatureKeyV2Request{InstanceId: tf.gateway, SignBindingsId: *binding.Id}
			_, err := tf.client.DisassociateSignatureKeyV2(&request)
			must(tf.T, err)
		}
	}
	for _, binding := range tf.bindings(id) {
		equal(tf.T, "still bound", slices.Contains(publishIds, *binding.PublishId), false)
	}
}

func (tf signatures) bindings(id string) []apigmodel.SignApiBindingBase {
	tf.Helper()
	listed, err := tf.client.ListApisBindedToSignatureKeyV2(&apigmodel.ListApisBindedToSignatureKeyV2Request{
		InstanceId: tf.gateway,
		SignId:     id,
		Limit:      pointer(int32(500)),
	})
	must(tf.T, err)
	return *listed.Bindings
}

func (tf signatures) bound(id string) []string {
	tf.Helper()
	ids := []string{}
	for _, binding := range tf.bindings(id) {
		ids = append(ids, *binding.PublishId)
	}
	slices.Sort(ids)
	return ids
}

// unbound pages until a page is empty.
func (tf signatures) unbound(id string) []string {
	tf.Helper()
	var ids []string
	for offset := int64(0); ; offset += 2 {
		listed, err := tf.client.ListApisNotBoundWithSignatureKeyV2(&apigmodel.ListApisNotBoundWithSignatureKeyV2Request{
			InstanceId: tf.gateway,
			SignId:     id,
			Limit:      pointer(int32(2)),
			Offset:     &offset,
		})
		must(tf.T, err)
		if len(*listed.Apis) == 0 {
			return ids
		}
		for _, api := range *listed.Apis {
			ids = append(ids, *api.PublishId)
		}
	}
}

// published makes APIs of a new group, and gives the records of their publication in RELEASE.
func (tf signatures) published(count int) []string {
	tf.Helper()
	group, err := tf.client.CreateApiGroupV2(&apigmodel.CreateApiGroupV2Request{
		InstanceId: tf.gateway,
		Body:       &apigmodel.ApiGroupCreate{Name: newName("terraform")},
	})
	must(tf.T, err)
	var records, apis []string
	for range count {
		name := newName("terraform")
		made, err := tf.client.CreateApiV2(&apigmodel.CreateApiV2Request{InstanceId: tf.gateway, Body: &apigmodel.ApiCreate{
			GroupId:     group.Id,
			Name:        name,
			Type:        apigmodel.GetApiCreateTypeEnum().E_1,
			ReqProtocol: apigmodel.GetApiCreateReqProtocolEnum().HTTP,
			ReqMethod:   apigmodel.GetApiCreateReqMethodEnum().GET,
			ReqUri:      "/" + name,
			AuthType:    apigmodel.GetApiCreateAuthTypeEnum().NONE,
			BackendType: apigmodel.GetApiCreateBackendTypeEnum().HTTP,
			BackendApi: &apigmodel.BackendApiCreate{
				UrlDomain:   pointer("127.0.0.1:9000"),
				ReqProtocol: pointer(apigmodel.GetBackendApiCreateReqProtocolEnum().HTTP),
				ReqMethod:   pointer(apigmodel.GetBackendApiCreateReqMethodEnum().GET),
				ReqUri:      pointer("/"),
				Timeout:     5000,
			},
		}})
		must(tf.T, err)
		apis = append(apis, *made.Id)
		records = append(records, *tf.action(*made.Id, apigmodel.GetApiActionInfoActionEnum().ONLINE).PublishId)
	}
	tf.Cleanup(func() {
		for _, id := range apis {
			tf.action(id, apigmodel.GetApiActionInfoActionEnum().OFFLINE)
			_, err := tf.client.DeleteApiV2(&apigmodel.DeleteApiV2Request{InstanceId: tf.gateway, ApiId: id})
			must(tf.T, err)
		}
		_, err := tf.client.DeleteApiGroupV2(&apigmodel.DeleteApiGroupV2Request{InstanceId: tf.gateway, GroupId: group.Id})
		must(tf.T, err)
	})
	return records
}

func (tf signatures) action(id string, action apigmodel.ApiActionInfoAction) *apigmodel.CreateOrDeletePublishRecordForApiV2Response {
	tf.Helper()
	done, err := tf.client.CreateOrDeletePublishRecordForApiV2(&apigmodel.CreateOrDeletePublishRecordForApiV2Request{
		InstanceId: tf.gateway,
		Body:       &apigmodel.ApiActionInfo{Action: action, ApiId: id, EnvId: "DEFAULT_ENVIRONMENT_RELEASE_ID"},
	})
	must(tf.T, err)
	equal(tf.T, "status", done.HttpStatusCode, http.StatusCreated)
	return done
}

func TestTerraformHuaweiCloudSignature(t *testing.T) {
	for name, keys := range map[string]keys{"permanent keys": permanent, "temporary keys": temporary} {
		t.Run(name, func(t *testing.T) {
			tf := newSignatures(t, keys)
			types := apigmodel.GetBaseSignatureSignTypeEnum()
			ciphers := apigmodel.GetBaseSignatureSignAlgorithmEnum()

			// With a pair of one's own: the plan must be empty afterwards, so the secret must come back as it is.
			want := signatureResource{newName("terraform"), "basic", "", "terraform", "Passw0rd!"}
			body := apigmodel.BaseSignature{Name: want.Name, SignType: &types.BASIC, SignKey: &want.Key, SignSecret: &want.Secret}
			id := tf.create(body)
			sameJSON(t, "created", tf.read(id), want)
			want.Name = newName("terraformed")
			body.Name = want.Name
			tf.update(id, body)
			sameJSON(t, "renamed, with the pair sent again", tf.read(id), want)
			tf.destroy(id)

			// Without one, and with another cipher then.
			aes := apigmodel.BaseSignature{Name: newName("terraform"), SignType: &types.AES, SignAlgorithm: &ciphers.AES_256_CFB}
			id = tf.create(aes)
			before := tf.read(id)
			equal(t, "sign_algorithm", before.Algorithm, "aes-256-cfb")
			equal(t, "characters", len(before.Key), 32)
			aes.SignAlgorithm = &ciphers.AES_128_CFB
			tf.update(id, aes)
			after := tf.read(id)
			equal(t, "sign_algorithm", after.Algorithm, "aes-128-cfb")
			equal(t, "characters", len(after.Key), 16)
			tf.destroy(id)
		})
	}
}

func TestTerraformHuaweiCloudSignatureAssociate(t *testing.T) {
	tf := newSignatures(t, permanent)
	records := tf.published(5)
	var keys []string
	for range 3 {
		id := tf.create(apigmodel.BaseSignature{Name: newName("terraform")})
		keys = append(keys, id)
		tf.Cleanup(func() { tf.destroy(id) })
	}
	sorted := func(indexes ...int) []string {
		chosen := []string{}
		for _, index := range indexes {
			chosen = append(chosen, records[index])
		}
		slices.Sort(chosen)
		return chosen
	}

	tf.bind(keys[0], records[0], records[1], records[2])
	tf.bind(keys[1], records[3], records[4])
	sameJSON(t, "first", tf.bound(keys[0]), sorted(0, 1, 2))
	sameJSON(t, "second", tf.bound(keys[1]), sorted(3, 4))

	// Moved from key to key by binding alone.
	tf.bind(keys[1], records[1])
	tf.bind(keys[2], records[2], records[3])
	sameJSON(t, "first", tf.bound(keys[0]), sorted(0))
	sameJSON(t, "second", tf.bound(keys[1]), sorted(1, 4))
	sameJSON(t, "third", tf.bound(keys[2]), sorted(2, 3))

	tf.unbind(keys[2], records[2])
	sameJSON(t, "third", tf.bound(keys[2]), sorted(3))
	equal(t, "free", slices.Contains(tf.unbound(keys[2]), records[2]), true)
	for index, id := range keys {
		tf.unbind(id, records...)
		equal(t, "bound", len(tf.bound(keys[index])), 0)
	}
}

func TestTerraformHuaweiCloudReportsRefusalsOfGateways(t *testing.T) {
	tf := newSignatures(t, permanent)
	unknown := strings.Repeat("0", 32)
	_, err := tf.client.DeleteSignatureKeyV2(&apigmodel.DeleteSignatureKeyV2Request{InstanceId: tf.gateway, SignId: unknown})
	var refusal *sdkerr.ServiceResponseError
	if !errors.As(err, &refusal) {
		t.Fatalf("an unknown key: %v", err)
	}
	equal(t, "status", refusal.StatusCode, http.StatusNotFound)
	equal(t, "code", refusal.ErrorCode, "APIG.3017")
	equal(t, "text", refusal.ErrorMessage, "Signature key "+unknown+" does not exist")
}
