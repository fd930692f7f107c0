package signet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.huaweicloud.sdk.core.exception.ClientRequestException;
import com.huaweicloud.sdk.core.exception.ServerResponseException;
import com.huaweicloud.sdk.kms.v2.KmsClient;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.DeleteKeyRequest;
import com.huaweicloud.sdk.kms.v2.model.OperateKeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.ScheduleKeyDeletionRequestBody;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.function.Executable;

/** A client, and keys whose deletion is scheduled after each test. */
abstract class WithKeys {
    final KmsClient client = HuaweiCloudTest.clientOfProject(HuaweiCloudTest.PERMANENT, null);
    private final List<String> created = new ArrayList<>();

    String newKey(CreateKeyRequestBody body) {
        String id = client.createKey(new CreateKeyRequest().withBody(body.withKeyAlias(newName()))).getKeyInfo().getKeyId();
        created.add(id);
        return id;
    }

    @AfterEach
    void deleteKeys() {
        for (String id : created) {
            client.deleteKey(new DeleteKeyRequest().withBody(
                    new ScheduleKeyDeletionRequestBody().withKeyId(id).withPendingDays("7")));
        }
    }

    String stateOf(String id) {
        return HuaweiCloudTest.describe(client, id).getKeyState();
    }

    static String newName() {
        return "client-java-" + UUID.randomUUID();
    }

    /** What operations take that need only to know the key. */
    static OperateKeyRequestBody key(String id) {
        return new OperateKeyRequestBody().withKeyId(id);
    }

    /** For answers that are as the vendor's samples have them, and that its SDK has another idea of. */
    static void assertUnreadable(Executable call) {
        var failure = assertThrows(ServerResponseException.class, call);
        assertTrue(failure.getMessage().contains("json parse error"), failure.getMessage());
    }

    static void assertRefused(String code, Executable call) {
        assertEquals(code, assertThrows(ClientRequestException.class, call).getErrorCode());
    }
}
