package signet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.huaweicloud.sdk.kms.v2.KmsClient;
import com.huaweicloud.sdk.kms.v2.model.AssociateAliasRequest;
import com.huaweicloud.sdk.kms.v2.model.AssociateAliasRequestBody;
import com.huaweicloud.sdk.kms.v2.model.BatchCreateKmsTagsRequest;
import com.huaweicloud.sdk.kms.v2.model.BatchCreateKmsTagsRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CancelGrantRequest;
import com.huaweicloud.sdk.kms.v2.model.CancelSelfGrantRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateAliasRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateAliasRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateGrantRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateGrantRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateKmsTagRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateKmsTagRequestBody;
import com.huaweicloud.sdk.kms.v2.model.DeleteAliasRequest;
import com.huaweicloud.sdk.kms.v2.model.DeleteAliasRequestBody;
import com.huaweicloud.sdk.kms.v2.model.DeleteTagRequest;
import com.huaweicloud.sdk.kms.v2.model.DisableKeyRotationRequest;
import com.huaweicloud.sdk.kms.v2.model.EnableKeyRotationRequest;
import com.huaweicloud.sdk.kms.v2.model.EncryptDataRequest;
import com.huaweicloud.sdk.kms.v2.model.EncryptDataRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ListAliasesRequest;
import com.huaweicloud.sdk.kms.v2.model.ListGrantsRequest;
import com.huaweicloud.sdk.kms.v2.model.ListGrantsRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ListKeyStoresRequest;
import com.huaweicloud.sdk.kms.v2.model.ListKmsByTagsRequest;
import com.huaweicloud.sdk.kms.v2.model.ListKmsByTagsRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ListKmsTagsRequest;
import com.huaweicloud.sdk.kms.v2.model.ListRetirableGrantsRequest;
import com.huaweicloud.sdk.kms.v2.model.ListRetirableGrantsRequestBody;
import com.huaweicloud.sdk.kms.v2.model.RevokeGrantRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ShowKeyRotationStatusRequest;
import com.huaweicloud.sdk.kms.v2.model.ShowKeyRotationStatusResponse;
import com.huaweicloud.sdk.kms.v2.model.ShowKmsTagsRequest;
import com.huaweicloud.sdk.kms.v2.model.ShowUserInstancesRequest;
import com.huaweicloud.sdk.kms.v2.model.ShowUserQuotasRequest;
import com.huaweicloud.sdk.kms.v2.model.Tag;
import com.huaweicloud.sdk.kms.v2.model.TagItem;
import com.huaweicloud.sdk.kms.v2.model.UpdateKeyRotationIntervalRequest;
import com.huaweicloud.sdk.kms.v2.model.UpdateKeyRotationIntervalRequestBody;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What belongs to keys: rotation, grants, tags, aliases, quotas. */
class KeysTest extends WithKeys {
    static final String GRANTEE_USER_ID = HuaweiCloudTest.setting("SIGNET_GRANTEE_USER_ID");

    /** Of another account. */
    final KmsClient grantee = HuaweiCloudTest.clientOf(
            HuaweiCloudTest.setting("SIGNET_GRANTEE_PROJECT_ID"),
            new HuaweiCloudTest.Keys(
                    HuaweiCloudTest.setting("SIGNET_GRANTEE_AK"), HuaweiCloudTest.setting("SIGNET_GRANTEE_SK"), null),
            null);

    @Test
    void rotates() {
        String id = newKey(new CreateKeyRequestBody());
        assertRotation(id, false, 365);
        client.enableKeyRotation(new EnableKeyRotationRequest().withBody(key(id)));
        assertRotation(id, true, 365);
        client.updateKeyRotationInterval(new UpdateKeyRotationIntervalRequest().withBody(
                new UpdateKeyRotationIntervalRequestBody().withKeyId(id).withRotationInterval(30)));
        assertRotation(id, true, 30);
        client.disableKeyRotation(new DisableKeyRotationRequest().withBody(key(id)));
        assertRotation(id, false, 30);
    }

    void assertRotation(String id, boolean enabled, int days) {
        ShowKeyRotationStatusResponse status =
                client.showKeyRotationStatus(new ShowKeyRotationStatusRequest().withBody(key(id)));
        assertEquals(enabled, status.getKeyRotationEnabled());
        assertEquals(days, status.getRotationInterval());
        assertEquals(0, status.getNumberOfRotations());
    }

    @ParameterizedTest
    @MethodSource("endsOfGrants")
    void grants(BiConsumer<KeysTest, RevokeGrantRequestBody> end) {
        String id = newKey(new CreateKeyRequestBody());
        var encrypt = new EncryptDataRequest().withBody(
                new EncryptDataRequestBody().withKeyId(id).withPlainText("from next door"));
        assertRefused("KMS.0207", () -> grantee.encryptData(encrypt));
        String grantId = client.createGrant(new CreateGrantRequest().withBody(new CreateGrantRequestBody()
                .withKeyId(id)
                .withGranteePrincipal(GRANTEE_USER_ID)
                .withRetiringPrincipal(GRANTEE_USER_ID)
                .withOperations(List.of("describe-key", "encrypt-data"))
                .withName("for_the_neighbours"))).getGrantId();
        assertEquals(id, grantee.encryptData(encrypt).getKeyId());

        var listed = client.listGrants(new ListGrantsRequest().withBody(new ListGrantsRequestBody().withKeyId(id)));
        assertEquals(1, listed.getTotal());
        assertEquals(grantId, listed.getGrants().get(0).getGrantId());
        assertEquals(HuaweiCloudTest.setting("SIGNET_USER_ID"), listed.getGrants().get(0).getIssuingPrincipal());
        var retirable = grantee.listRetirableGrants(
                new ListRetirableGrantsRequest().withBody(new ListRetirableGrantsRequestBody()));
        assertTrue(retirable.getGrants().stream().anyMatch(grant -> grant.getGrantId().equals(grantId)));

        end.accept(this, new RevokeGrantRequestBody().withKeyId(id).withGrantId(grantId));
        assertRefused("KMS.0207", () -> grantee.encryptData(encrypt));
    }

    static Stream<Arguments> endsOfGrants() {
        BiConsumer<KeysTest, RevokeGrantRequestBody> revoked =
                (test, grant) -> test.client.cancelGrant(new CancelGrantRequest().withBody(grant));
        BiConsumer<KeysTest, RevokeGrantRequestBody> retired =
                (test, grant) -> test.grantee.cancelSelfGrant(new CancelSelfGrantRequest().withBody(grant));
        return Stream.of(argumentSet("revoked", revoked), argumentSet("retired", retired));
    }

    @Test
    void tags() {
        String id = newKey(new CreateKeyRequestBody());
        TagItem unique = new TagItem().withKey(UUID.randomUUID().toString()).withValue("1&");
        TagItem owner = new TagItem().withKey("owner").withValue("me");
        var created = client.createKmsTag(
                new CreateKmsTagRequest().withKeyId(id).withBody(new CreateKmsTagRequestBody().withTag(unique)));
        assertEquals(204, created.getHttpStatusCode());
        var batch = client.batchCreateKmsTags(new BatchCreateKmsTagsRequest().withKeyId(id).withBody(
                new BatchCreateKmsTagsRequestBody().withAction("create").withTags(List.of(owner))));
        assertEquals(204, batch.getHttpStatusCode());

        var ofKey = client.showKmsTags(new ShowKmsTagsRequest().withKeyId(id));
        assertEquals(List.of(unique, owner), ofKey.getTags());
        assertEquals(2, ofKey.getExistTagsNum());
        Tag values = new Tag().withKey(unique.getKey()).withValues(List.of("1&"));
        assertTrue(client.listKmsTags(new ListKmsTagsRequest()).getTags().contains(values));

        var question = new ListKmsByTagsRequestBody().withTags(List.of(values));
        var request = new ListKmsByTagsRequest().withResourceInstances("resource_instances").withBody(question);
        question.setAction("count");
        assertEquals(1, client.listKmsByTags(request).getTotalCount());
        question.setAction("filter");
        assertEquals(id, client.listKmsByTags(request).getResources().get(0).getResourceId());

        assertEquals(204, client.deleteTag(new DeleteTagRequest().withKeyId(id).withKey("owner")).getHttpStatusCode());
        assertEquals(List.of(unique), client.showKmsTags(new ShowKmsTagsRequest().withKeyId(id)).getTags());
    }

    @Test
    void aliases() {
        String first = newKey(new CreateKeyRequestBody());
        String second = newKey(new CreateKeyRequestBody());
        String alias = "alias/" + newName();
        var created = client.createAlias(
                new CreateAliasRequest().withBody(new CreateAliasRequestBody().withKeyId(first).withAlias(alias)));
        assertEquals(201, created.getHttpStatusCode());
        assertEquals(first, HuaweiCloudTest.describe(client, alias).getKeyId());
        assertEquals(first, HuaweiCloudTest.describe(client, created.getAliasUrn()).getKeyId());

        // One object, as the vendor's Terraform provider reads it; the SDK expects a list of such objects.
        assertUnreadable(() -> client.listAliases(new ListAliasesRequest().withKeyId(first)));

        var moved = client.associateAlias(new AssociateAliasRequest().withBody(
                new AssociateAliasRequestBody().withTargetKeyId(second).withAlias(alias)));
        assertEquals(second, moved.getKeyId());
        assertEquals(second, HuaweiCloudTest.describe(client, alias).getKeyId());

        var deleted = client.deleteAlias(new DeleteAliasRequest().withBody(
                new DeleteAliasRequestBody().withKeyId(second).withAliases(List.of(alias))));
        assertEquals(204, deleted.getHttpStatusCode());
        assertRefused("KMS.0207", () -> HuaweiCloudTest.describe(client, alias));
    }

    @Test
    void counts() {
        newKey(new CreateKeyRequestBody());
        int instances = client.showUserInstances(new ShowUserInstancesRequest()).getInstanceNum();
        var quotas = client.showUserQuotas(new ShowUserQuotasRequest()).getQuotas().getResources();
        assertEquals(List.of("CMK", "grant_per_CMK"), quotas.stream().map(quota -> quota.getType().getValue()).toList());
        assertEquals(instances, quotas.get(0).getUsed());
        assertTrue(instances > 0);

        var listed = client.listKeyStores(new ListKeyStoresRequest().withLimit(10).withOffset(0));
        assertEquals(1, listed.getTotal());
        assertEquals("0", listed.getKeystores().get(0).getKeystoreId());
    }
}
