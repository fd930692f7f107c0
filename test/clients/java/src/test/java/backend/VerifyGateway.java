package backend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Whether API Gateway signed a request with a signature key of type hmac. */
public final class VerifyGateway {
    private static final Pattern FORM =
            Pattern.compile("SDK-HMAC-SHA256\\s+Access=([^,]+),\\s?SignedHeaders=([^,]+),\\s?Signature=(\\w+)");
    private static final Pattern STRAY_PER_CENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration TOLERANCE = Duration.ofMinutes(15);

    /** Answer 401 with this message. */
    public static final class Refused extends Exception {
        Refused(String text) {
            super(text);
        }
    }

    private VerifyGateway() {}

    /**
     * @param target path and query of the request line as they came
     * @param header gives the value of a header by its name in any case, a byte in each character, or null
     * @param body the bytes as they came
     * @param keys sign_secret by sign_key
     * @return the sign_key
     */
    public static String verify(
            String method, String target, UnaryOperator<String> header, byte[] body, Map<String, String> keys, Instant now)
            throws Refused, GeneralSecurityException {
        String authorization = header.apply("Authorization");
        if (authorization == null || authorization.isEmpty()) throw new Refused("Authorization not found.");
        Matcher form = FORM.matcher(authorization);
        if (!form.matches()) throw new Refused("Authorization format incorrect.");
        String secret = keys.getOrDefault(form.group(1), "");
        if (secret.isEmpty()) throw new Refused("Signing key not found.");
        List<String> names = List.of(form.group(2).split(";", -1));
        StringBuilder headers = new StringBuilder();
        for (String name : names) {
            String value = header.apply(name);
            if (value == null) throw new Refused("Signed header " + name + " not found");
            headers.append(name.toLowerCase()).append(':').append(value.trim()).append('\n');
        }
        if (names.stream().noneMatch("x-sdk-date"::equalsIgnoreCase)) throw new Refused("Header x-sdk-date not found.");
        String date = header.apply("X-Sdk-Date");
        if (!isTimely(date, now)) throw new Refused("Signature expired.");

        String digest = sha256(body);
        String declared = header.apply("X-Sdk-Content-Sha256");
        if (declared == null || declared.isEmpty()) declared = digest;
        String canonical = String.join(
                "\n", method, path(target), query(target), headers.toString(), form.group(2), declared);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        String toSign = String.join("\n", "SDK-HMAC-SHA256", date, sha256(canonical.getBytes(ISO_8859_1)));
        String expected = HexFormat.of().formatHex(mac.doFinal(toSign.getBytes(UTF_8)));
        boolean isEqual = MessageDigest.isEqual(expected.getBytes(UTF_8), form.group(3).getBytes(UTF_8));
        if (!isEqual || !List.of(digest, "UNSIGNED-PAYLOAD").contains(declared))
            throw new Refused("Verify authroization failed.");
        return form.group(1);
    }

    private static boolean isTimely(String date, Instant now) {
        try {
            return Duration.between(DATE.parse(date, Instant::from), now).abs().compareTo(TOLERANCE) <= 0;
        } catch (DateTimeParseException malformed) {
            return false;
        }
    }

    private static String path(String target) {
        // A plus is a plus in a path.
        String path = encoded(decoded(target.split("\\?", 2)[0].replace("+", "%2B"))).replace("%2F", "/");
        return path.endsWith("/") ? path : path + "/";
    }

    private static String query(String target) {
        List<String[]> pairs = new ArrayList<>();
        for (String part : target.replaceFirst("^[^?]*\\??", "").split("&")) {
            String[] pair = part.split("=", 2);
            if (!part.isEmpty()) pairs.add(new String[] {decoded(pair[0]), decoded(pair.length == 2 ? pair[1] : "")});
        }
        return pairs.stream()
                .sorted(Comparator.<String[], String>comparing(pair -> pair[0]).thenComparing(pair -> pair[1]))
                .map(pair -> encoded(pair[0]) + "=" + encoded(pair[1]))
                .collect(Collectors.joining("&"));
    }

    /** A per cent stays as it is where no two hex digits follow, as for the gateway; URLDecoder would refuse it. */
    private static String decoded(String text) {
        return URLDecoder.decode(STRAY_PER_CENT.matcher(text).replaceAll("%25"), ISO_8859_1);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, ISO_8859_1).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
