package backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.huaweicloud.sdk.core.auth.AKSKSigner;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.http.HttpMethod;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recipe for backends of API Gateway, behind a real server, with requests that the SDK's signer signed. */
class VerifyGatewayTest {
    /** The example pair of the vendor's documents. */
    static final Map<String, String> KEYS = Map.of("signkeysignkey", "signsecretsignsecretsignsecretsignsecret");

    static final BasicCredentials CREDENTIALS = new BasicCredentials()
            .withAk("signkeysignkey")
            .withSk("signsecretsignsecretsignsecretsignsecret")
            .withProjectId("project");
    static HttpServer server;
    static String url;

    @BeforeAll
    static void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", VerifyGatewayTest::echo);
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    static void echo(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int status = 200;
        try {
            VerifyGateway.verify(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders()::getFirst,
                    body,
                    KEYS,
                    Instant.now());
        } catch (VerifyGateway.Refused refusal) {
            status = 401;
            body = refusal.getMessage().getBytes(StandardCharsets.UTF_8);
        } catch (GeneralSecurityException impossible) {
            throw new IOException(impossible);
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    static HttpResponse<byte[]> send(String method, byte[] body, byte[] sent) throws IOException, InterruptedException {
        var signed = com.huaweicloud.sdk.core.http.HttpRequest.newBuilder()
                .withMethod(HttpMethod.valueOf(method))
                .withEndpoint(url)
                .withPath("/Mü nchen/*()'!/~")
                .addQueryParam("b", List.of("2"))
                .addQueryParam("a", List.of("", "x y&=+%"))
                .withBody(new ByteArrayInputStream(body))
                .build();
        var target = URI.create(url + "/M%C3%BC%20nchen/*()'!/~?b=2&a=x%20y%26%3D%2B%25&a=");
        var request = HttpRequest.newBuilder(target).method(method, HttpRequest.BodyPublishers.ofByteArray(sent));
        AKSKSigner.getInstance().sign(signed, CREDENTIALS).forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Host")) request.header(name, value);
        });
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void acceptsWhatIsSigned(String method) throws IOException, InterruptedException {
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) every[i] = (byte) i;
        var answer = send(method, every, every);
        assertEquals(200, answer.statusCode(), new String(answer.body()));
        assertArrayEquals(every, answer.body());
    }

    @Test
    void refusesWhatWasChanged() throws IOException, InterruptedException {
        var answer = send("POST", new byte[] {1}, new byte[] {2});
        assertEquals(401, answer.statusCode());
        assertEquals("Verify authroization failed.", new String(answer.body()));
    }
}
