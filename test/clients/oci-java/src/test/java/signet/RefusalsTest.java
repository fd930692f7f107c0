package signet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.oracle.bmc.identity.requests.DeleteApiKeyRequest;
import com.oracle.bmc.identity.requests.GetUserRequest;
import java.security.KeyPair;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a program sees of a refusal: the SDK's own exception, after one request. */
class RefusalsTest extends WithUsers {
    static final String UNKNOWN = "d0:93:98:e3:2f:34:f9:56:df:2a:03:3b:0d:e1:38:8e";
    static final String GENERIC =
            "The required information to complete authentication was not provided or was incorrect.";
    static final KeyPair PAIR = Signet.newPair();
    static final String PUBLIC = Signet.pem(PAIR.getPublic());
    static final String PRIVATE = Signet.pem(PAIR.getPrivate());

    interface Act extends BiConsumer<Signet.Client, String> {}

    static Act upload(String key) {
        return (client, userId) -> client.upload(userId, key);
    }

    static Act delete(String fingerprint, String etag) {
        return (client, userId) -> client.sdk().deleteApiKey(DeleteApiKeyRequest.builder()
                .userId(userId)
                .fingerprint(fingerprint)
                .ifMatch(etag)
                .build());
    }

    static Stream<Arguments> refusals() throws Exception {
        List<String> none = List.of();
        List<String> others = Stream.generate(() -> Signet.pem(Signet.newPair().getPublic())).limit(3).toList();
        Act other = (client, userId) -> client.sdk().getUser(GetUserRequest.builder().userId(userId).build());
        String absent = "Authorization failed or requested resource not found.";
        return Stream.of(
                argumentSet("SSH", none, upload("ssh-rsa AAAAB3NzaC1yc2E signet"), 400, "InvalidParameter", "SSH"),
                argumentSet("private", none, upload(PRIVATE), 400, "InvalidParameter", "private"),
                argumentSet("no key", none, upload(null), 400, "MissingParameter", "key"),
                argumentSet("a fourth", others, upload(PUBLIC), 400, "LimitExceeded", "3 API keys"),
                argumentSet("the same again", List.of(PUBLIC), upload(PUBLIC), 409, "Conflict", "already"),
                argumentSet("unknown", none, delete(UNKNOWN, null), 404, "NotAuthorizedOrNotFound", absent),
                argumentSet(
                        "another etag",
                        List.of(PUBLIC),
                        delete(KeysTest.fingerprintOf(PAIR), "another"),
                        412,
                        "NoEtagMatch",
                        "etag"),
                argumentSet("no such operation", none, other, 404, "NotFound", "operation"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shows(List<String> before, Act act, int status, String code, String text) {
        String userId = newUser();
        before.forEach(key -> KeysTest.ADMIN.upload(userId, key));
        Signet.Client admin = Signet.client(Signet.ADMINISTRATOR.provider());
        assertRefused(status, code, text, admin, () -> act.accept(admin, userId));
        assertEquals(1, admin.requestIds().size());
    }

    static Stream<Arguments> callers() {
        Signet.Caller right = Signet.ADMINISTRATOR;
        String wrong = "Failed to verify the HTTP(S) Signature";
        String userId = right.userId();
        return Stream.of(
                argumentSet("key", right.tenancyId(), userId, right.fingerprint(), PRIVATE, wrong),
                argumentSet("fingerprint", right.tenancyId(), userId, UNKNOWN, right.privateKey(), GENERIC),
                argumentSet("user", right.tenancyId(), userId + "b", right.fingerprint(), right.privateKey(), GENERIC),
                argumentSet("tenancy", right.tenancyId() + "b", userId, right.fingerprint(), right.privateKey(), GENERIC));
    }

    @ParameterizedTest
    @MethodSource("callers")
    void showsThatACallerIsUnknown(String tenancyId, String userId, String fingerprint, String key, String text) {
        var client = Signet.client(new Signet.Caller(tenancyId, userId, fingerprint, key).provider());
        assertRefused(401, "NotAuthenticated", text, client, () -> client.list(Signet.ADMINISTRATOR.userId()));
        assertEquals(1, client.requestIds().size());
    }
}
