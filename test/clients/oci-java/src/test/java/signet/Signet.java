package signet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.oracle.bmc.ClientConfiguration;
import com.oracle.bmc.Region;
import com.oracle.bmc.auth.BasicAuthenticationDetailsProvider;
import com.oracle.bmc.auth.SimpleAuthenticationDetailsProvider;
import com.oracle.bmc.http.Priorities;
import com.oracle.bmc.identity.IdentityClient;
import com.oracle.bmc.identity.model.ApiKey;
import com.oracle.bmc.identity.model.CreateApiKeyDetails;
import com.oracle.bmc.identity.requests.ListApiKeysRequest;
import com.oracle.bmc.identity.requests.UploadApiKeyRequest;
import com.oracle.bmc.identity.responses.UploadApiKeyResponse;
import com.oracle.bmc.retrier.RetryConfiguration;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Where Signet is and who we are there, and clients of Oracle's SDK. */
final class Signet {
    static final String URL = setting("SIGNET_URL");
    static final String TENANCY_ID = setting("SIGNET_OCI_TENANCY_ID");
    /** The user of the default seed. */
    static final Caller ADMINISTRATOR = new Caller(
            TENANCY_ID,
            setting("SIGNET_OCI_USER_ID"),
            setting("SIGNET_OCI_FINGERPRINT"),
            setting("SIGNET_OCI_PRIVATE_KEY"));

    static final ObjectMapper JSON = new ObjectMapper();

    private Signet() {}

    /** Who signs; the private key is PEM. */
    record Caller(String tenancyId, String userId, String fingerprint, String privateKey) {
        BasicAuthenticationDetailsProvider provider() {
            byte[] pem = privateKey.getBytes(StandardCharsets.UTF_8);
            return SimpleAuthenticationDetailsProvider.builder()
                    .tenantId(tenancyId)
                    .userId(userId)
                    .fingerprint(fingerprint)
                    .region(Region.US_PHOENIX_1)
                    .privateKeySupplier(() -> new ByteArrayInputStream(pem))
                    .build();
        }
    }

    /** A client, and its requests: what it calls them, and where they go. */
    record Client(IdentityClient sdk, List<String> requestIds, List<URI> targets) {
        UploadApiKeyResponse upload(String userId, String key) {
            return sdk.uploadApiKey(UploadApiKeyRequest.builder()
                    .userId(userId)
                    .createApiKeyDetails(CreateApiKeyDetails.builder().key(key).build())
                    .build());
        }

        List<ApiKey> list(String userId) {
            return sdk.listApiKeys(ListApiKeysRequest.builder().userId(userId).build()).getItems();
        }
    }

    static Client client(BasicAuthenticationDetailsProvider provider) {
        return client(provider, URL, RetryConfiguration.SDK_DEFAULT_RETRY_CONFIGURATION);
    }

    static Client client(BasicAuthenticationDetailsProvider provider, String endpoint, RetryConfiguration retries) {
        List<String> requestIds = new ArrayList<>();
        List<URI> targets = new ArrayList<>();
        IdentityClient sdk = IdentityClient.builder()
                .endpoint(endpoint)
                .configuration(ClientConfiguration.builder().retryConfiguration(retries).build())
                .additionalClientConfigurator(http -> http.registerRequestInterceptor(Priorities.USER, request -> {
                    requestIds.add(request.headers().get("opc-request-id").get(0));
                    targets.add(request.uri());
                }))
                .build(provider);
        return new Client(sdk, requestIds, targets);
    }

    static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    static String pem(Key key) {
        String label = key.getFormat().equals("X.509") ? "PUBLIC KEY" : "PRIVATE KEY";
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** A call of Signet's own API. */
    static JsonNode workbench(String method, String path, Map<String, ?> body) {
        try {
            var content = body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
            var request = HttpRequest.newBuilder(URI.create(URL + "/_signet" + path))
                    .method(method, content)
                    .header("Content-Type", "application/json")
                    .build();
            var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) throw new IllegalStateException(method + " " + path + ": " + answer.body());
            return JSON.readTree(answer.body());
        } catch (java.io.IOException | InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    private static String setting(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty())
            throw new IllegalStateException(name + " is not set: this suite needs a running Signet.");
        return value;
    }
}
