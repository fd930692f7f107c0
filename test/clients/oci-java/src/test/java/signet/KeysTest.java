package signet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.oracle.bmc.auth.ConfigFileAuthenticationDetailsProvider;
import com.oracle.bmc.identity.model.ApiKey;
import com.oracle.bmc.identity.requests.DeleteApiKeyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Oracle's own sample does with API keys: upload, poll, use, delete. */
class KeysTest extends WithUsers {
    static final Signet.Client ADMIN = Signet.client(Signet.ADMINISTRATOR.provider());

    static String fingerprintOf(KeyPair pair) throws Exception {
        byte[] digest = MessageDigest.getInstance("MD5").digest(pair.getPublic().getEncoded());
        return HexFormat.ofDelimiter(":").formatHex(digest);
    }

    /** Lists until the key can be used. */
    static ApiKey poll(Signet.Client client, String userId, String fingerprint) {
        for (int tries = 0; tries < 10; tries++)
            for (ApiKey key : client.list(userId))
                if (key.getFingerprint().equals(fingerprint) && key.getLifecycleState() == ApiKey.LifecycleState.Active)
                    return key;
        throw new AssertionError("the key did not become ACTIVE");
    }

    @Test
    void aKeyIsUploadedPolledUsedAndDeleted() throws Exception {
        String userId = newUser();
        KeyPair pair = Signet.newPair();
        String fingerprint = fingerprintOf(pair);

        var uploaded = ADMIN.upload(userId, Signet.pem(pair.getPublic()));
        ApiKey key = uploaded.getApiKey();
        assertEquals(Signet.TENANCY_ID + "/" + userId + "/" + fingerprint, key.getKeyId());
        assertEquals(Signet.pem(pair.getPublic()), key.getKeyValue());
        assertEquals(List.of(fingerprint, userId), List.of(key.getFingerprint(), key.getUserId()));
        assertTrue(Math.abs(key.getTimeCreated().getTime() - System.currentTimeMillis()) < 60_000);
        assertTrue(uploaded.getOpcRequestId().matches("[0-9A-F]{32}(/[0-9A-F]{32}){2}"), uploaded.getOpcRequestId());
        assertEquals(key, poll(ADMIN, userId, fingerprint));

        var user = Signet.client(
                new Signet.Caller(Signet.TENANCY_ID, userId, fingerprint, Signet.pem(pair.getPrivate())).provider());
        assertEquals(List.of(key), user.list(userId));
        user.sdk().deleteApiKey(DeleteApiKeyRequest.builder()
                .userId(userId)
                .fingerprint(fingerprint)
                .ifMatch(uploaded.getEtag())
                .build());
        // The SDK sends the colons as they are.
        assertEquals("/20160918/users/" + userId + "/apiKeys/" + fingerprint, user.targets().get(1).getRawPath());
        assertEquals(List.of(), ADMIN.list(userId));
        assertRefused(401, "NotAuthenticated", "The required information", user, () -> user.list(userId));
    }

    /** The key files that the documented commands of OpenSSL write, as Signet makes them, and ~/.oci/config. */
    @ParameterizedTest
    @CsvSource({
        "pkcs1, false,", "pkcs1, true,", "pkcs8, false,", "pkcs8, true,", "pkcs1, true, secret", "pkcs8, true, secret"
    })
    void signsWithKeyFiles(String format, boolean label, String passphrase, @TempDir Path folder) throws Exception {
        String userId = newUser();
        Path keyFile = folder.resolve("oci_api_key.pem");
        Path configFile = folder.resolve("config");
        Map<String, Object> form = new HashMap<>(Map.of("format", format, "label", label, "user_id", userId));
        form.putAll(Map.of("key_file", keyFile.toString(), "region", "us-phoenix-1"));
        if (passphrase != null) form.put("passphrase", passphrase);
        var made = Signet.workbench("POST", "/oci/keypairs", form);
        Files.writeString(keyFile, made.get("private_key_pem").asText());
        Files.writeString(configFile, made.get("config").asText());

        var provider = new ConfigFileAuthenticationDetailsProvider(configFile.toString(), "DEFAULT");
        String keyId = made.get("key_id").asText();
        assertEquals(keyId, provider.getKeyId());
        assertEquals(keyId, Signet.client(provider).list(userId).get(0).getKeyId());
    }
}
