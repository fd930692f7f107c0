package signet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.oracle.bmc.retrier.DefaultRetryCondition;
import com.oracle.bmc.retrier.RetryConfiguration;
import com.oracle.bmc.waiter.FixedTimeDelayStrategy;
import com.oracle.bmc.waiter.MaxAttemptsTerminationStrategy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the SDK tries again, and what of a request stays the same then. */
class RetriesTest extends WithUsers {
    /** The SDK's own, without its pauses. */
    static final RetryConfiguration SOON = RetryConfiguration.builder()
            .terminationStrategy(new MaxAttemptsTerminationStrategy(3))
            .delayStrategy(new FixedTimeDelayStrategy(0))
            .retryCondition(new DefaultRetryCondition())
            .build();

    @ParameterizedTest
    @CsvSource({
        "503, ServiceUnavailable, true",
        "500, InternalServerError, true",
        "429, TooManyRequests, true",
        "409, IncorrectState, true",
        "409, Conflict, false",
        "404, NotAuthorizedOrNotFound, false",
        "401, NotAuthenticated, false",
        "400, InvalidParameter, false",
    })
    void afterTwoRefusals(int status, String code, boolean isTriedAgain) {
        String userId = newUser();
        var client = Signet.client(Signet.ADMINISTRATOR.provider(), Signet.URL, SOON);
        addFault(Map.of("operation", "oci.listApiKeys", "error", code, "times", 2));
        if (isTriedAgain) assertEquals(List.of(), client.list(userId));
        else assertRefused(status, code, "", client, () -> client.list(userId));
        assertEquals(isTriedAgain ? 3 : 1, client.requestIds().size());
        // The SDK calls each try by a name of its own.
        assertEquals(client.requestIds().size(), new HashSet<>(client.requestIds()).size());
    }

    @Test
    void anUploadWhoseAnswerIsLostIsOneUpload() {
        String userId = newUser();
        var client = Signet.client(Signet.ADMINISTRATOR.provider(), Signet.URL, SOON);
        addFault(Map.of("operation", "oci.uploadApiKey", "phase", "after", "error", "ServiceUnavailable", "times", 1));
        var uploaded = client.upload(userId, Signet.pem(Signet.newPair().getPublic()));
        assertEquals(2, client.requestIds().size());
        assertEquals(List.of(uploaded.getApiKey()), client.list(userId));
    }
}
