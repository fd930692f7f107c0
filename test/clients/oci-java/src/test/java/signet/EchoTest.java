package signet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.oracle.bmc.http.Priorities;
import com.oracle.bmc.http.client.HttpClient;
import com.oracle.bmc.http.client.HttpProvider;
import com.oracle.bmc.http.client.HttpRequest;
import com.oracle.bmc.http.client.HttpResponse;
import com.oracle.bmc.http.client.Method;
import com.oracle.bmc.http.internal.AuthnClientFilter;
import com.oracle.bmc.http.signing.DefaultRequestSigner;
import com.oracle.bmc.identity.model.UpdateUserDetails;
import com.oracle.bmc.identity.requests.DeleteUserRequest;
import com.oracle.bmc.identity.requests.UpdateUserRequest;
import com.oracle.bmc.retrier.RetryConfiguration;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Any method and any path, signed by the SDK's filter for its own HTTP client: the echo service says what it got. */
class EchoTest {
    static final List<String> WHOLE = List.of("date", "(request-target)", "host");
    static final List<String> WITH_BODY =
            List.of("date", "(request-target)", "host", "content-length", "content-type", "x-content-sha256");
    static final Signet.Caller CALLER = Signet.ADMINISTRATOR;
    static final HttpClient HTTP = HttpProvider.getDefault()
            .newBuilder()
            .baseUri(URI.create(Signet.URL + "/oci"))
            .registerRequestInterceptor(
                    Priorities.AUTHENTICATION,
                    new AuthnClientFilter(DefaultRequestSigner.createRequestSigner(CALLER.provider()), Map.of()))
            .build();

    @AfterAll
    static void close() {
        HTTP.close();
    }

    static HttpResponse send(HttpRequest request) throws Exception {
        return request.execute().toCompletableFuture().get();
    }

    static JsonNode json(HttpResponse answer) throws Exception {
        return Signet.JSON.readTree(answer.textBody().toCompletableFuture().get());
    }

    static JsonNode echoOf(HttpRequest request) throws Exception {
        HttpResponse answer = send(request);
        JsonNode echo = json(answer);
        assertEquals(200, answer.status(), echo.toString());
        return echo;
    }

    static List<?> signedHeaders(JsonNode echo) {
        return Signet.JSON.convertValue(echo.get("signed_headers"), List.class);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\0', value = {"GET,", "DELETE,", "POST,{\"a\":\"é\"}", "PUT,{\"a\" : 1}", "PATCH,null", "POST,"})
    void signsAnyRequest(Method method, String body) throws Exception {
        HttpRequest request = HTTP.createRequest(method).appendPathPart("é|^`").query("a", "b c").query("d", "é|^`");
        if (body != null) request.header("content-type", "application/json").body(body);
        JsonNode echo = echoOf(request);
        assertEquals(method.name(), echo.get("method").asText());
        assertEquals("/oci/%C3%A9%7C%5E%60?a=b+c&d=%C3%A9%7C%5E%60", echo.get("target").asText());
        assertEquals(body == null ? "" : body, echo.get("body").asText());
        boolean hasBody = method == Method.POST || method == Method.PUT || method == Method.PATCH;
        assertEquals(hasBody ? WITH_BODY : WHOLE, signedHeaders(echo));
        assertEquals(CALLER.userId(), echo.at("/caller/user/id").asText());
        assertEquals(CALLER.fingerprint(), echo.at("/caller/fingerprint").asText());
    }

    @Test
    void signsHead() throws Exception {
        assertEquals(200, send(HTTP.createRequest(Method.HEAD).appendPathPart("a")).status());
    }

    @Test
    void sendsDotSegmentsAsTheyAre() throws Exception {
        JsonNode echo = echoOf(HTTP.createRequest(Method.GET).appendPathPart("a").appendPathPart("../b"));
        assertEquals("/oci/a/../b", echo.get("target").asText());
    }

    /** The SDK signs them, and its HTTP client sends one. */
    @Test
    void sendsOneSlashForTwo() throws Exception {
        HttpResponse answer = send(HTTP.createRequest(Method.GET).appendPathPart("a//b"));
        assertEquals(401, answer.status());
        assertEquals("Failed to verify the HTTP(S) Signature", json(answer).get("message").asText());
        String id = URLEncoder.encode(answer.header("opc-request-id"), StandardCharsets.UTF_8);
        JsonNode diagnosis = Signet.workbench("GET", "/journal/" + id + "/explanation", null).at("/oci/diagnosis");
        assertEquals("path-slashes", diagnosis.at("/causes/0/name").asText());
        assertTrue(diagnosis.get("signed").asText().contains("get /oci/a//b\n"), diagnosis.toString());
    }

    @Test
    void theClientOfAServiceCallsIt() {
        var client = Signet.client(
                CALLER.provider(), Signet.URL + "/oci", RetryConfiguration.NO_RETRY_CONFIGURATION);
        var details = UpdateUserDetails.builder().description("é").build();
        var updated = client.sdk().updateUser(UpdateUserRequest.builder()
                .userId(CALLER.userId())
                .updateUserDetails(details)
                .build());
        assertNotNull(updated.getOpcRequestId());
        client.sdk().deleteUser(DeleteUserRequest.builder().userId(CALLER.userId()).build());
        String path = "/oci/20160918/users/" + CALLER.userId();
        assertEquals(List.of(path, path), client.targets().stream().map(URI::getRawPath).toList());
    }
}
