package signet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.huaweicloud.sdk.kms.v2.model.CreateDatakeyRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateDatakeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateDatakeyWithoutPlaintextRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateEcDatakeyPairRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateEcDatakeyPairRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequestBody.KeySpecEnum;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequestBody.KeyUsageEnum;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequestBody.OriginEnum;
import com.huaweicloud.sdk.kms.v2.model.CreateParametersForImportRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateRandomRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateRsaDatakeyPairRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateRsaDatakeyPairRequestBody;
import com.huaweicloud.sdk.kms.v2.model.DecryptDataRequest;
import com.huaweicloud.sdk.kms.v2.model.DecryptDataRequestBody;
import com.huaweicloud.sdk.kms.v2.model.DecryptDatakeyRequest;
import com.huaweicloud.sdk.kms.v2.model.DecryptDatakeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.DeleteImportedKeyMaterialRequest;
import com.huaweicloud.sdk.kms.v2.model.EncryptDataRequest;
import com.huaweicloud.sdk.kms.v2.model.EncryptDataRequestBody;
import com.huaweicloud.sdk.kms.v2.model.EncryptDatakeyRequest;
import com.huaweicloud.sdk.kms.v2.model.EncryptDatakeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.GenRandomRequestBody;
import com.huaweicloud.sdk.kms.v2.model.GenerateMacRequest;
import com.huaweicloud.sdk.kms.v2.model.GenerateMacRequestBody;
import com.huaweicloud.sdk.kms.v2.model.GetParametersForImportRequestBody;
import com.huaweicloud.sdk.kms.v2.model.GetParametersForImportRequestBody.WrappingAlgorithmEnum;
import com.huaweicloud.sdk.kms.v2.model.ImportKeyMaterialRequest;
import com.huaweicloud.sdk.kms.v2.model.ImportKeyMaterialRequestBody;
import com.huaweicloud.sdk.kms.v2.model.VerifyMacRequest;
import com.huaweicloud.sdk.kms.v2.model.VerifyMacRequestBody;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** What keys are for, besides signing. What Signet computes, the JDK computes too. */
class CryptographyTest extends WithKeys {
    static final String TEXT = "The quick brown fox jumps over the lazy dog";
    static final byte[] BYTES = TEXT.getBytes(StandardCharsets.UTF_8);
    static final OAEPParameterSpec OAEP_SHA_256 =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    @Test
    void encryptsAndDecrypts() {
        String id = newKey(new CreateKeyRequestBody());
        var encrypted = client.encryptData(new EncryptDataRequest().withBody(new EncryptDataRequestBody()
                .withKeyId(id)
                .withPlainText(TEXT)
                .withAdditionalAuthenticatedData("invoice 4711")));
        assertEquals(id, encrypted.getKeyId());

        var request = new DecryptDataRequestBody().withCipherText(encrypted.getCipherText());
        var decrypted = client.decryptData(
                new DecryptDataRequest().withBody(request.withAdditionalAuthenticatedData("invoice 4711")));
        assertEquals(id, decrypted.getKeyId());
        assertEquals(TEXT, decrypted.getPlainText());
        assertRefused("KMS.2201", () -> client.decryptData(
                new DecryptDataRequest().withBody(request.withAdditionalAuthenticatedData("invoice 4712"))));
    }

    @Test
    void createsDataKeys() throws GeneralSecurityException {
        String id = newKey(new CreateKeyRequestBody());
        var body = new CreateDatakeyRequestBody().withKeyId(id).withDatakeyLength("512");
        var created = client.createDatakey(new CreateDatakeyRequest().withBody(body));
        assertArrayEquals(HexFormat.of().parseHex(created.getPlainText()), decryptDataKey(id, created.getCipherText()));

        var hidden = client.createDatakeyWithoutPlaintext(new CreateDatakeyWithoutPlaintextRequest().withBody(body));
        assertEquals(64, decryptDataKey(id, hidden.getCipherText()).length);
    }

    @Test
    void encryptsDataKeys() throws GeneralSecurityException {
        String id = newKey(new CreateKeyRequestBody());
        byte[] ours = random(64);
        var encrypted = client.encryptDatakey(new EncryptDatakeyRequest().withBody(new EncryptDatakeyRequestBody()
                .withKeyId(id)
                .withPlainText(HexFormat.of().formatHex(ours) + HexFormat.of().formatHex(sha256(ours)))
                .withDatakeyPlainLength("64")));
        assertEquals("64", encrypted.getDatakeyLength());
        assertArrayEquals(ours, decryptDataKey(id, encrypted.getCipherText()));
    }

    byte[] decryptDataKey(String id, String cipherText) throws GeneralSecurityException {
        var decrypted = client.decryptDatakey(new DecryptDatakeyRequest().withBody(new DecryptDatakeyRequestBody()
                .withKeyId(id)
                .withCipherText(cipherText)
                .withDatakeyCipherLength("64")));
        byte[] dataKey = HexFormat.of().parseHex(decrypted.getDataKey());
        assertEquals("64", decrypted.getDatakeyLength());
        assertArrayEquals(sha256(dataKey), HexFormat.of().parseHex(decrypted.getDatakeyDgst()));
        return dataKey;
    }

    @Test
    void givesRandomBytes() {
        var answer = client.createRandom(
                new CreateRandomRequest().withBody(new GenRandomRequestBody().withRandomDataLength("512")));
        assertEquals(64, HexFormat.of().parseHex(answer.getRandomData()).length);
    }

    @Test
    void createsKeyPairs() throws GeneralSecurityException {
        String id = newKey(new CreateKeyRequestBody());
        var rsa = client.createRsaDatakeyPair(new CreateRsaDatakeyPairRequest().withBody(
                new CreateRsaDatakeyPairRequestBody()
                        .withKeyId(id)
                        .withKeySpec(CreateRsaDatakeyPairRequestBody.KeySpecEnum.RSA_2048)));
        var privateKey = (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(decoded(rsa.getPrivateKeyPlainText())));
        var publicKey = KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(privateKey.getModulus(), privateKey.getPublicExponent()));
        assertEquals(rsa.getPublicKey(), encoded(publicKey.getEncoded()));
        assertEquals(rsa.getPrivateKeyPlainText(), unwrapped(rsa.getPrivateKeyCipherText()));

        var ec = client.createEcDatakeyPair(new CreateEcDatakeyPairRequest().withBody(
                new CreateEcDatakeyPairRequestBody()
                        .withKeyId(id)
                        .withKeySpec(CreateEcDatakeyPairRequestBody.KeySpecEnum.ECC_NIST_P256)));
        assertEquals("EC", publicKey(ec.getPublicKey(), "EC").getAlgorithm());
        assertEquals(ec.getPrivateKeyPlainText(), unwrapped(ec.getPrivateKeyCipherText()));
    }

    String unwrapped(String cipherText) {
        return client.decryptData(new DecryptDataRequest().withBody(new DecryptDataRequestBody().withCipherText(cipherText)))
                .getPlainTextBase64();
    }

    @Test
    void authenticatesMessages() throws GeneralSecurityException {
        byte[] material = random(32);
        // The SDK has the operations, but not in its lists what create-key must be told.
        String id = newKey(new CreateKeyRequestBody()
                .withKeySpec(KeySpecEnum.fromValue("HMAC_256"))
                .withKeyUsage(KeyUsageEnum.fromValue("GENERATE_VERIFY_MAC"))
                .withOrigin(OriginEnum.EXTERNAL));
        importMaterial(id, material, null);

        String mac = client.generateMac(new GenerateMacRequest().withBody(new GenerateMacRequestBody()
                .withKeyId(id)
                .withMacAlgorithm(GenerateMacRequestBody.MacAlgorithmEnum.HMAC_SHA_256)
                .withMessage(encoded(BYTES)))).getMac();
        Mac java = Mac.getInstance("HmacSHA256");
        java.init(new SecretKeySpec(material, "HmacSHA256"));
        assertEquals(HexFormat.of().formatHex(java.doFinal(BYTES)), mac);

        Map.of(true, BYTES, false, random(20)).forEach((expected, message) -> {
            var verified = client.verifyMac(new VerifyMacRequest().withBody(new VerifyMacRequestBody()
                    .withKeyId(id)
                    .withMacAlgorithm(VerifyMacRequestBody.MacAlgorithmEnum.HMAC_SHA_256)
                    .withMessage(encoded(message))
                    .withMac(mac)));
            assertEquals(expected, verified.getMacValid());
        });
    }

    @Test
    void importsSecrets() throws GeneralSecurityException {
        byte[] material = random(32);
        String id = newKey(new CreateKeyRequestBody().withOrigin(OriginEnum.EXTERNAL));
        assertEquals("5", stateOf(id));
        importMaterial(id, material, null);
        assertEquals("2", stateOf(id));
        String cipherText = client.encryptData(new EncryptDataRequest().withBody(
                new EncryptDataRequestBody().withKeyId(id).withPlainText(TEXT))).getCipherText();

        client.deleteImportedKeyMaterial(new DeleteImportedKeyMaterialRequest().withBody(key(id)));
        assertEquals("5", stateOf(id));
        assertRefused("KMS.2606", () -> importMaterial(id, random(32), null));
        importMaterial(id, material, null);
        assertEquals(encoded(BYTES), unwrapped(cipherText));
    }

    /** What the KMS encrypts the private key opens here, and the reverse. */
    @Test
    void importsPrivateKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        String id = newKey(new CreateKeyRequestBody()
                .withKeySpec(KeySpecEnum.RSA_2048)
                .withKeyUsage(KeyUsageEnum.ENCRYPT_DECRYPT)
                .withOrigin(OriginEnum.EXTERNAL));
        byte[] aesKey = random(32);
        Cipher wrap = Cipher.getInstance("AES/KWP/NoPadding");
        wrap.init(Cipher.WRAP_MODE, new SecretKeySpec(aesKey, "AES"));
        importMaterial(id, aesKey, wrap.wrap(pair.getPrivate()));

        String cipherText = client.encryptData(new EncryptDataRequest().withBody(new EncryptDataRequestBody()
                .withKeyId(id)
                .withPlainText(TEXT)
                .withEncryptionAlgorithm(EncryptDataRequestBody.EncryptionAlgorithmEnum.RSAES_OAEP_SHA_256))).getCipherText();
        assertArrayEquals(BYTES, oaep(Cipher.DECRYPT_MODE, pair.getPrivate(), decoded(cipherText)));

        String plainText = client.decryptData(new DecryptDataRequest().withBody(new DecryptDataRequestBody()
                .withKeyId(id)
                .withCipherText(encoded(oaep(Cipher.ENCRYPT_MODE, pair.getPublic(), BYTES)))
                .withEncryptionAlgorithm(DecryptDataRequestBody.EncryptionAlgorithmEnum.RSAES_OAEP_SHA_256))).getPlainText();
        assertEquals(TEXT, plainText);
    }

    /** @param wrappedPrivateKey null for a secret */
    void importMaterial(String id, byte[] material, byte[] wrappedPrivateKey) throws GeneralSecurityException {
        var parameters = client.createParametersForImport(new CreateParametersForImportRequest().withBody(
                new GetParametersForImportRequestBody()
                        .withKeyId(id)
                        .withWrappingAlgorithm(WrappingAlgorithmEnum.RSAES_OAEP_SHA_256)));
        byte[] wrapped = oaep(Cipher.ENCRYPT_MODE, publicKey(parameters.getPublicKey(), "RSA"), material);
        client.importKeyMaterial(new ImportKeyMaterialRequest().withBody(new ImportKeyMaterialRequestBody()
                .withKeyId(id)
                .withImportToken(parameters.getImportToken())
                .withEncryptedKeyMaterial(encoded(wrapped))
                .withEncryptedPrivatekey(wrappedPrivateKey == null ? null : encoded(wrappedPrivateKey))
                .withExpirationTime(parameters.getExpirationTime() + 3600)));
    }

    static byte[] oaep(int mode, Key key, byte[] bytes) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(mode, key, OAEP_SHA_256);
        return cipher.doFinal(bytes);
    }

    static PublicKey publicKey(String text, String algorithm) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(decoded(text)));
    }

    static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    static String encoded(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] decoded(String text) {
        return Base64.getDecoder().decode(text);
    }
}
