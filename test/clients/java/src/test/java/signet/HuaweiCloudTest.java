package signet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.huaweicloud.sdk.core.HttpListener;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.exception.ClientRequestException;
import com.huaweicloud.sdk.core.http.HttpConfig;
import com.huaweicloud.sdk.core.region.Region;
import com.huaweicloud.sdk.kms.v2.KmsClient;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequestBody.KeySpecEnum;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequestBody.KeyUsageEnum;
import com.huaweicloud.sdk.kms.v2.model.DeleteKeyRequest;
import com.huaweicloud.sdk.kms.v2.model.KeyDetails;
import com.huaweicloud.sdk.kms.v2.model.ListKeyDetailRequest;
import com.huaweicloud.sdk.kms.v2.model.ListKeysRequest;
import com.huaweicloud.sdk.kms.v2.model.ListKeysRequestBody;
import com.huaweicloud.sdk.kms.v2.model.OperateKeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ScheduleKeyDeletionRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ShowPublicKeyRequest;
import com.huaweicloud.sdk.kms.v2.model.SignRequest;
import com.huaweicloud.sdk.kms.v2.model.SignRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ValidateSignatureRequest;
import com.huaweicloud.sdk.kms.v2.model.VerifyRequestBody;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Drives a running Signet with the vendor's own SDK for Java, unchanged. */
class HuaweiCloudTest {
    static final String SIGNET_URL = setting("SIGNET_URL");
    static final String REGION = setting("SIGNET_REGION");
    static final String PROJECT_ID = setting("SIGNET_PROJECT_ID");
    static final String DOMAIN_ID = setting("SIGNET_DOMAIN_ID");
    static final Keys PERMANENT = new Keys(setting("SIGNET_AK"), setting("SIGNET_SK"), null);
    static final Keys TEMPORARY = new Keys(
            setting("SIGNET_TEMPORARY_AK"), setting("SIGNET_TEMPORARY_SK"), setting("SIGNET_SECURITY_TOKEN"));
    static final String UNKNOWN_KEY_ID = "00000000-0000-4000-8000-000000000000";

    /** An access key and its secret; temporary ones have a security token, too. */
    record Keys(String access, String secret, String securityToken) {}

    interface Opening {
        KmsClient open(Keys keys, HttpConfig httpConfig);
    }

    /** Names no project: the SDK asks the identity service for the project of the region's name. */
    static KmsClient clientOfRegion(Keys keys, HttpConfig httpConfig) {
        return KmsClient.newBuilder()
                .withRegion(new Region(REGION, SIGNET_URL))
                .withCredential(new BasicCredentials()
                        .withAk(keys.access())
                        .withSk(keys.secret())
                        .withSecurityToken(keys.securityToken())
                        .withIamEndpoint(SIGNET_URL))
                .withHttpConfig(httpConfig)
                .build();
    }

    /** Names the project by its id and asks nothing. */
    static KmsClient clientOfProject(Keys keys, HttpConfig httpConfig) {
        return clientOf(PROJECT_ID, keys, httpConfig);
    }

    static KmsClient clientOf(String projectId, Keys keys, HttpConfig httpConfig) {
        return KmsClient.newBuilder()
                .withEndpoint(SIGNET_URL)
                .withCredential(new BasicCredentials()
                        .withAk(keys.access())
                        .withSk(keys.secret())
                        .withSecurityToken(keys.securityToken())
                        .withProjectId(projectId))
                .withHttpConfig(httpConfig)
                .build();
    }

    /** The SDK remembers the project of an access key for the life of the process: only the first client of a region asks. */
    @ParameterizedTest
    @MethodSource("waysToSignet")
    void findsSignet(Opening opening, Keys keys, List<String> expected) {
        List<String> calls = new ArrayList<>();
        HttpConfig eyes = HttpConfig.getDefaultHttpConfig().addHttpListener(HttpListener.forRequestListener(
                request -> calls.add(request.httpMethod() + " " + request.uri().replace(PROJECT_ID, "{project_id}"))));

        var answer = opening.open(keys, eyes).listKeys(new ListKeysRequest().withBody(new ListKeysRequestBody()));

        assertEquals(200, answer.getHttpStatusCode());
        assertEquals(expected, calls);
    }

    static Stream<Arguments> waysToSignet() {
        Opening byRegion = HuaweiCloudTest::clientOfRegion;
        Opening byProjectId = HuaweiCloudTest::clientOfProject;
        String lookUp = "GET " + SIGNET_URL + "/v3/projects?name=" + REGION;
        String listKeys = "POST " + SIGNET_URL + "/v1.0/{project_id}/kms/list-keys";
        return Stream.of(
                argumentSet("by region, with permanent keys", byRegion, PERMANENT, List.of(lookUp, listKeys)),
                argumentSet("by region, with temporary keys", byRegion, TEMPORARY, List.of(lookUp, listKeys)),
                argumentSet("by project id, with permanent keys", byProjectId, PERMANENT, List.of(listKeys)),
                argumentSet("by project id, with temporary keys", byProjectId, TEMPORARY, List.of(listKeys)));
    }

    /** An algorithm by Signet's name, and by Java's with its parameters. */
    record Algorithm(String name, String javaName, PSSParameterSpec javaParameters) {}

    @ParameterizedTest
    @MethodSource("specs")
    void signs(KeySpecEnum spec, String javaName, List<Algorithm> algorithms) throws GeneralSecurityException {
        KmsClient client = clientOfProject(PERMANENT, null);
        String alias = "client-java-" + UUID.randomUUID();

        var created = client.createKey(new CreateKeyRequest().withBody(new CreateKeyRequestBody()
                .withKeyAlias(alias)
                .withKeySpec(spec)
                .withKeyUsage(KeyUsageEnum.SIGN_VERIFY))).getKeyInfo();
        assertEquals(DOMAIN_ID, created.getDomainId());
        String id = created.getKeyId();

        KeyDetails described = describe(client, id);
        assertEquals(id, described.getKeyId());
        assertEquals(alias, described.getKeyAlias());
        assertEquals(spec.getValue(), described.getKeySpec().getValue());
        assertEquals("SIGN_VERIFY", described.getKeyUsage().getValue());
        assertEquals("2", described.getKeyState());

        String pem = client.showPublicKey(new ShowPublicKeyRequest().withBody(new OperateKeyRequestBody().withKeyId(id)))
                .getPublicKey();
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        PublicKey publicKey = KeyFactory.getInstance(javaName).generatePublic(new X509EncodedKeySpec(der));

        byte[] message = "hello from Java".getBytes(StandardCharsets.UTF_8);
        byte[] other = "hello from somebody else".getBytes(StandardCharsets.UTF_8);
        for (Algorithm algorithm : algorithms) {
            for (String messageType : List.of("RAW", "DIGEST")) {
                String row = algorithm.name() + " " + messageType;
                String signature = client.sign(new SignRequest().withBody(new SignRequestBody()
                        .withKeyId(id)
                        .withMessage(encoded(message, messageType))
                        .withMessageType(SignRequestBody.MessageTypeEnum.fromValue(messageType))
                        .withSigningAlgorithm(SignRequestBody.SigningAlgorithmEnum.fromValue(algorithm.name())))).getSignature();

                Map.of("true", message, "false", other).forEach((expected, text) -> {
                    var verified = client.validateSignature(new ValidateSignatureRequest().withBody(new VerifyRequestBody()
                            .withKeyId(id)
                            .withMessage(encoded(text, messageType))
                            .withMessageType(VerifyRequestBody.MessageTypeEnum.fromValue(messageType))
                            .withSignature(signature)
                            .withSigningAlgorithm(VerifyRequestBody.SigningAlgorithmEnum.fromValue(algorithm.name()))));
                    assertEquals(expected, verified.getSignatureValid(), row);
                });

                Signature java = Signature.getInstance(algorithm.javaName());
                if (algorithm.javaParameters() != null) {
                    java.setParameter(algorithm.javaParameters());
                }
                java.initVerify(publicKey);
                java.update(message);
                assertTrue(java.verify(Base64.getDecoder().decode(signature)), "Java accepts " + row);
            }
        }

        var deleted = client.deleteKey(new DeleteKeyRequest().withBody(new ScheduleKeyDeletionRequestBody()
                .withKeyId(id)
                .withPendingDays("7")));
        assertEquals("4", deleted.getKeyState());
        assertEquals("4", describe(client, id).getKeyState());
    }

    static Stream<Arguments> specs() {
        var salted = new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);
        return Stream.of(
                argumentSet("RSA_2048", KeySpecEnum.RSA_2048, "RSA", List.of(
                        new Algorithm("RSASSA_PSS_SHA_256", "RSASSA-PSS", salted),
                        new Algorithm("RSASSA_PKCS1_V1_5_SHA_256", "SHA256withRSA", null))),
                argumentSet("EC_P256", KeySpecEnum.EC_P256, "EC", List.of(
                        new Algorithm("ECDSA_SHA_256", "SHA256withECDSA", null))));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void reportsRefusals(Keys keys, String keyId, int status, String code, String message) {
        List<String> requestIds = new ArrayList<>();
        HttpConfig eyes = HttpConfig.getDefaultHttpConfig().addHttpListener(HttpListener.forResponseListener(response ->
                response.headers().forEach((name, values) -> {
                    if (name.equalsIgnoreCase("X-Request-Id")) {
                        requestIds.addAll(values);
                    }
                })));
        KmsClient client = clientOfProject(keys, eyes);

        var refusal = assertThrows(ClientRequestException.class, () -> describe(client, keyId));

        assertEquals(status, refusal.getHttpStatusCode());
        assertEquals(code, refusal.getErrorCode());
        assertTrue(refusal.getErrorMsg().matches(message), refusal.getErrorMsg());
        assertTrue(refusal.getRequestId().matches("[0-9a-f]{32}"), refusal.getRequestId());
        assertEquals(requestIds, List.of(refusal.getRequestId()));
    }

    static Stream<Arguments> refusals() {
        Keys wrongSecret = new Keys(PERMANENT.access(), "wrong" + PERMANENT.secret(), null);
        Keys unknownAccess = new Keys("NOBODYSACCESSKEY0001", PERMANENT.secret(), null);
        String gateway = "Incorrect IAM authentication information: ";
        String canonicalRequest = "POST\\|/v1\\.0/" + PROJECT_ID + "/kms/describe-key/\\|"
                + "\\|host:[^|]+\\|user-agent:[^|]+\\|x-project-id:" + PROJECT_ID + "\\|x-sdk-date:\\d{8}T\\d{6}Z\\|"
                + "\\|host;user-agent;x-project-id;x-sdk-date\\|[0-9a-f]{64}";
        return Stream.of(
                argumentSet("an unknown key", PERMANENT, UNKNOWN_KEY_ID, 404, "KMS.0207", "The key does not exist\\."),
                argumentSet("a malformed key id", PERMANENT, "not-a-key-id", 400, "KMS.0205", "Invalid key ID\\."),
                argumentSet("a wrong secret key", wrongSecret, UNKNOWN_KEY_ID, 401, "APIGW.0301",
                        gateway + "verify aksk signature fail, canonicalRequest:" + canonicalRequest),
                argumentSet("an unknown access key", unknownAccess, UNKNOWN_KEY_ID, 401, "APIGW.0301",
                        gateway + "ak NOBODYSACCESSKEY0001 not exist"));
    }

    static KeyDetails describe(KmsClient client, String id) {
        return client.listKeyDetail(new ListKeyDetailRequest().withBody(new OperateKeyRequestBody().withKeyId(id))).getKeyInfo();
    }

    /** What sign and verify take: the message, or its digest. */
    static String encoded(byte[] message, String messageType) {
        try {
            byte[] bytes = messageType.equals("RAW") ? message : MessageDigest.getInstance("SHA-256").digest(message);
            return Base64.getEncoder().encodeToString(bytes);
        } catch (GeneralSecurityException error) {
            throw new IllegalStateException(error);
        }
    }

    static String setting(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException(name + " is not set: these tests need a running Signet");
        }
        return value;
    }
}
