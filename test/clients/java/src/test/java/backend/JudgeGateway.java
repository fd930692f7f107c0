package backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.huaweicloud.sdk.core.auth.AKSKSigner;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.http.HttpMethod;
import com.huaweicloud.sdk.core.http.HttpRequest;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says of the requests on standard input whether API Gateway signed them: the Java SDK's signer, which signs them anew, and the recipe. */
public final class JudgeGateway {
    static final Pattern FORM = Pattern.compile("Access=([^,]+), SignedHeaders=([^,]+)");

    record Received(String method, String target, Map<String, String> headers, byte[] body, Instant now) {}

    interface Judge {
        String judge(Received request) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonNode given = json.readTree(System.in);
        Map<String, String> keys = new TreeMap<>();
        given.get("keys").fields().forEachRemaining(key -> keys.put(key.getKey(), key.getValue().asText()));
        List<String> bySdk = new ArrayList<>();
        List<String> byRecipe = new ArrayList<>();
        for (JsonNode one : given.get("requests")) {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (JsonNode header : one.get("headers")) headers.put(header.get(0).asText(), header.get(1).asText());
            var request = new Received(
                    one.get("method").asText(),
                    one.get("target").asText(),
                    headers,
                    one.get("body").binaryValue(),
                    Instant.parse(one.get("now").asText()));
            bySdk.add(caught(request, received -> bySdk(received, keys)));
            byRecipe.add(caught(request, received -> byRecipe(received, keys)));
        }
        String jar = AKSKSigner.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        String version = Path.of(jar).getFileName().toString().replaceAll("^.*-(?=\\d)|\\.jar$", "");
        System.out.println(json.writeValueAsString(
                Map.of("sdk", "huaweicloud-sdk-core " + version + " (Maven)", "bySdk", bySdk, "byRecipe", byRecipe)));
    }

    static String caught(Received request, Judge judge) {
        try {
            return judge.judge(request);
        } catch (VerifyGateway.Refused refusal) {
            return refusal.getMessage();
        } catch (Exception error) {
            return "error: " + error;
        }
    }

    static String byRecipe(Received request, Map<String, String> keys) throws Exception {
        VerifyGateway.verify(
                request.method(), request.target(), request.headers()::get, request.body(), keys, request.now());
        return "accepted";
    }

    static String bySdk(Received request, Map<String, String> keys) {
        String authorization = request.headers().get("Authorization");
        Matcher form = FORM.matcher(authorization);
        if (!form.find()) throw new IllegalArgumentException(authorization);
        String[] target = request.target().split("\\?", 2);
        var again = HttpRequest.newBuilder()
                .withMethod(HttpMethod.valueOf(request.method()))
                .withEndpoint("http://" + request.headers().get("Host"))
                .withPath(decoded(target[0].replace("+", "%2B")))
                .withBody(new ByteArrayInputStream(request.body()));
        Map<String, List<String>> query = new TreeMap<>();
        for (String part : target.length == 1 ? new String[0] : target[1].split("&")) {
            if (part.isEmpty()) continue;
            String[] pair = part.split("=", 2);
            query.computeIfAbsent(decoded(pair[0]), name -> new ArrayList<>())
                    .add(decoded(pair.length == 2 ? pair[1] : ""));
        }
        query.forEach(again::addQueryParam);
        for (String name : form.group(2).split(";"))
            again.addHeader(capitalized(name), bytesAsText(request.headers().get(name)));
        var credentials = new BasicCredentials()
                .withAk(form.group(1))
                .withSk(keys.get(form.group(1)))
                .withProjectId("project");
        String signed = AKSKSigner.getInstance().sign(again.build(), credentials).get("Authorization");
        return signed.equals(authorization) ? "accepted" : "another signature";
    }

    /** The signer knows its own headers by their names in this case only. */
    static String capitalized(String name) {
        return Pattern.compile("\\b[a-z]").matcher(name).replaceAll(first -> first.group().toUpperCase());
    }

    static String bytesAsText(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
