package signet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.oracle.bmc.model.BmcException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.function.Executable;

/** Users and rules for faults, gone after the test. */
abstract class WithUsers {
    private final List<String> made = new ArrayList<>();

    /** Has no keys; three are as many as a user can have. */
    String newUser() {
        return made("/oci/users", Map.of("tenancy_id", Signet.TENANCY_ID));
    }

    void addFault(Map<String, ?> rule) {
        made("/faults", rule);
    }

    private String made(String path, Map<String, ?> body) {
        String id = Signet.workbench("POST", path, body).get("id").asText();
        made.add(path + "/" + id);
        return id;
    }

    @AfterEach
    void remove() {
        made.forEach(path -> Signet.workbench("DELETE", path, null));
        made.clear();
    }

    static void assertRefused(int status, String code, String text, Signet.Client client, Executable act) {
        BmcException refusal = assertThrows(BmcException.class, act);
        assertEquals(status, refusal.getStatusCode());
        assertEquals(code, refusal.getServiceCode());
        assertTrue(refusal.getUnmodifiedMessage().contains(text), refusal.getUnmodifiedMessage());
        String last = client.requestIds().get(client.requestIds().size() - 1);
        String id = refusal.getOpcRequestId();
        assertTrue(id.matches(last + "(/[0-9A-F]{32}){2}"), id);
    }
}
