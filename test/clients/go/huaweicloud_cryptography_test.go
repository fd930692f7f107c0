package clients

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	kms "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2/model"
)

const text = "The quick brown fox jumps over the lazy dog"

var (
	specs  = model.GetCreateKeyRequestBodyKeySpecEnum()
	usages = model.GetCreateKeyRequestBodyKeyUsageEnum()
)

// newKey creates a key, and schedules its deletion after the test.
func newKey(t *testing.T, client *kms.KmsClient, body model.CreateKeyRequestBody) string {
	t.Helper()
	body.KeyAlias = newAlias("key")
	created, err := client.CreateKey(&model.CreateKeyRequest{Body: &body})
	must(t, err)
	id := *created.KeyInfo.KeyId
	t.Cleanup(func() {
		_, err := client.DeleteKey(&model.DeleteKeyRequest{Body: &model.ScheduleKeyDeletionRequestBody{KeyId: id, PendingDays: "7"}})
		must(t, err)
	})
	return id
}

// importKey creates a key whose material comes from here.
func importKey(t *testing.T, client *kms.KmsClient, body model.CreateKeyRequestBody, material []byte) string {
	t.Helper()
	body.Origin = pointer(model.GetCreateKeyRequestBodyOriginEnum().EXTERNAL)
	id := newKey(t, client, body)
	importMaterial(t, client, id, material)
	return id
}

func importMaterial(t *testing.T, client *kms.KmsClient, id string, material []byte) {
	t.Helper()
	parameters, err := client.CreateParametersForImport(&model.CreateParametersForImportRequest{
		Body: &model.GetParametersForImportRequestBody{
			KeyId:             id,
			WrappingAlgorithm: model.GetGetParametersForImportRequestBodyWrappingAlgorithmEnum().RSAES_OAEP_SHA_256,
		},
	})
	must(t, err)
	public, err := x509.ParsePKIXPublicKey(decoded(t, *parameters.PublicKey))
	must(t, err)
	wrapped, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, public.(*rsa.PublicKey), material, nil)
	must(t, err)
	_, err = client.ImportKeyMaterial(&model.ImportKeyMaterialRequest{Body: &model.ImportKeyMaterialRequestBody{
		KeyId:                id,
		ImportToken:          *parameters.ImportToken,
		EncryptedKeyMaterial: encoded(wrapped),
		ExpirationTime:       pointer(*parameters.ExpirationTime + 3600),
	}})
	must(t, err)
}

func publicKeyOf(t *testing.T, client *kms.KmsClient, id string) any {
	t.Helper()
	shown, err := client.ShowPublicKey(&model.ShowPublicKeyRequest{Body: &model.OperateKeyRequestBody{KeyId: id}})
	must(t, err)
	block, _ := pem.Decode([]byte(*shown.PublicKey))
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	must(t, err)
	return public
}

func encoded(bytes []byte) string { return base64.StdEncoding.EncodeToString(bytes) }

func decoded(t *testing.T, text string) []byte {
	t.Helper()
	bytes, err := base64.StdEncoding.DecodeString(text)
	must(t, err)
	return bytes
}

func fromHex(t *testing.T, text string) []byte {
	t.Helper()
	bytes, err := hex.DecodeString(text)
	must(t, err)
	return bytes
}

func random(t *testing.T, length int) []byte {
	t.Helper()
	bytes := make([]byte, length)
	_, err := rand.Read(bytes)
	must(t, err)
	return bytes
}

func refusedWith(t *testing.T, err error, code string) {
	t.Helper()
	var refusal *sdkerr.ServiceResponseError
	if !errors.As(err, &refusal) {
		t.Fatalf("no refusal of the service: %v", err)
	}
	equal(t, "ErrorCode", refusal.ErrorCode, code)
}

func TestHuaweiCloudEncrypts(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	id := newKey(t, client, model.CreateKeyRequestBody{})

	encrypted, err := client.EncryptData(&model.EncryptDataRequest{Body: &model.EncryptDataRequestBody{
		KeyId:                       id,
		PlainText:                   text,
		AdditionalAuthenticatedData: pointer("invoice 4711"),
	}})
	must(t, err)
	equal(t, "key_id", *encrypted.KeyId, id)

	decrypt := func(data string) (*model.DecryptDataResponse, error) {
		return client.DecryptData(&model.DecryptDataRequest{Body: &model.DecryptDataRequestBody{
			CipherText:                  *encrypted.CipherText,
			AdditionalAuthenticatedData: &data,
		}})
	}
	decrypted, err := decrypt("invoice 4711")
	must(t, err)
	equal(t, "key_id", *decrypted.KeyId, id)
	equal(t, "plain_text", *decrypted.PlainText, text)
	equal(t, "plain_text_base64", *decrypted.PlainTextBase64, encoded([]byte(text)))
	_, err = decrypt("invoice 4712")
	refusedWith(t, err, "KMS.2201")
}

func TestHuaweiCloudDecryptsWhatGoEncrypted(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	id := newKey(t, client, model.CreateKeyRequestBody{KeySpec: &specs.RSA_2048, KeyUsage: &usages.ENCRYPT_DECRYPT})
	ciphertext, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, publicKeyOf(t, client, id).(*rsa.PublicKey), []byte(text), nil)
	must(t, err)
	decrypted, err := client.DecryptData(&model.DecryptDataRequest{Body: &model.DecryptDataRequestBody{
		KeyId:               &id,
		CipherText:          encoded(ciphertext),
		EncryptionAlgorithm: pointer(model.GetDecryptDataRequestBodyEncryptionAlgorithmEnum().RSAES_OAEP_SHA_256),
	}})
	must(t, err)
	equal(t, "plain_text", *decrypted.PlainText, text)
}

func TestHuaweiCloudReEncrypts(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	source := newKey(t, client, model.CreateKeyRequestBody{})
	destination := newKey(t, client, model.CreateKeyRequestBody{})
	encrypted, err := client.EncryptData(&model.EncryptDataRequest{Body: &model.EncryptDataRequestBody{KeyId: source, PlainText: text}})
	must(t, err)

	again, err := client.ReEncrypt(&model.ReEncryptRequest{Body: &model.ReEncryptRequestBody{
		SourceKeyId:      &source,
		DestinationKeyId: destination,
		CipherText:       *encrypted.CipherText,
	}})
	must(t, err)
	equal(t, "source_key_id", *again.SourceKeyId, source)
	equal(t, "key_id", *again.KeyId, destination)

	decrypted, err := client.DecryptData(&model.DecryptDataRequest{Body: &model.DecryptDataRequestBody{CipherText: *again.CipherText}})
	must(t, err)
	equal(t, "key_id", *decrypted.KeyId, destination)
	equal(t, "plain_text", *decrypted.PlainText, text)
}

func TestHuaweiCloudDataKeys(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	id := newKey(t, client, model.CreateKeyRequestBody{})
	create := &model.CreateDatakeyRequestBody{KeyId: id, DatakeyLength: pointer("512")}

	decrypt := func(t *testing.T, ciphertext string) []byte {
		decrypted, err := client.DecryptDatakey(&model.DecryptDatakeyRequest{Body: &model.DecryptDatakeyRequestBody{
			KeyId:               id,
			CipherText:          ciphertext,
			DatakeyCipherLength: "64",
		}})
		must(t, err)
		equal(t, "datakey_length", *decrypted.DatakeyLength, "64")
		key := fromHex(t, *decrypted.DataKey)
		digest := sha256.Sum256(key)
		equal(t, "datakey_dgst is SHA-256 of the key", bytes.Equal(fromHex(t, *decrypted.DatakeyDgst), digest[:]), true)
		return key
	}

	t.Run("created", func(t *testing.T) {
		created, err := client.CreateDatakey(&model.CreateDatakeyRequest{Body: create})
		must(t, err)
		equal(t, "same key", bytes.Equal(decrypt(t, *created.CipherText), fromHex(t, *created.PlainText)), true)
	})
	t.Run("created without plaintext", func(t *testing.T) {
		created, err := client.CreateDatakeyWithoutPlaintext(&model.CreateDatakeyWithoutPlaintextRequest{Body: create})
		must(t, err)
		equal(t, "bytes", len(decrypt(t, *created.CipherText)), 64)
	})
	t.Run("from here", func(t *testing.T) {
		ours := random(t, 64)
		digest := sha256.Sum256(ours)
		encrypted, err := client.EncryptDatakey(&model.EncryptDatakeyRequest{Body: &model.EncryptDatakeyRequestBody{
			KeyId:              id,
			PlainText:          hex.EncodeToString(append(bytes.Clone(ours), digest[:]...)),
			DatakeyPlainLength: "64",
		}})
		must(t, err)
		equal(t, "datakey_length", *encrypted.DatakeyLength, "64")
		equal(t, "same key", bytes.Equal(decrypt(t, *encrypted.CipherText), ours), true)
	})
	t.Run("random bytes", func(t *testing.T) {
		answer, err := client.CreateRandom(&model.CreateRandomRequest{Body: &model.GenRandomRequestBody{RandomDataLength: "512"}})
		must(t, err)
		equal(t, "bytes", len(fromHex(t, *answer.RandomData)), 64)
	})
}

func TestHuaweiCloudKeyPairs(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	id := newKey(t, client, model.CreateKeyRequestBody{})
	rsaSpecs := model.GetCreateRsaDatakeyPairRequestBodyKeySpecEnum()
	ecSpecs := model.GetCreateEcDatakeyPairRequestBodyKeySpecEnum()

	rsaPair, err := client.CreateRsaDatakeyPair(&model.CreateRsaDatakeyPairRequest{
		Body: &model.CreateRsaDatakeyPairRequestBody{KeyId: id, KeySpec: rsaSpecs.RSA_2048},
	})
	must(t, err)
	ecPair, err := client.CreateEcDatakeyPair(&model.CreateEcDatakeyPairRequest{
		Body: &model.CreateEcDatakeyPairRequestBody{KeyId: id, KeySpec: ecSpecs.ECC_NIST_P256},
	})
	must(t, err)

	for spec, pair := range map[string]struct{ public, private, wrapped string }{
		rsaPair.KeySpec.Value(): {*rsaPair.PublicKey, *rsaPair.PrivateKeyPlainText, *rsaPair.PrivateKeyCipherText},
		ecPair.KeySpec.Value():  {*ecPair.PublicKey, *ecPair.PrivateKeyPlainText, *ecPair.PrivateKeyCipherText},
	} {
		t.Run(spec, func(t *testing.T) {
			private, err := x509.ParsePKCS8PrivateKey(decoded(t, pair.private))
			must(t, err)
			public, err := x509.MarshalPKIXPublicKey(private.(interface{ Public() crypto.PublicKey }).Public())
			must(t, err)
			equal(t, "public_key", pair.public, encoded(public))
			unwrapped, err := client.DecryptData(&model.DecryptDataRequest{Body: &model.DecryptDataRequestBody{CipherText: pair.wrapped}})
			must(t, err)
			equal(t, "private key, unwrapped", *unwrapped.PlainTextBase64, pair.private)
		})
	}
}

func TestHuaweiCloudMacs(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	material := random(t, 32)
	// The SDK has the operations, but not in its lists what create-key must be told.
	var spec model.CreateKeyRequestBodyKeySpec
	must(t, spec.UnmarshalJSON([]byte(`"HMAC_256"`)))
	var usage model.CreateKeyRequestBodyKeyUsage
	must(t, usage.UnmarshalJSON([]byte(`"GENERATE_VERIFY_MAC"`)))
	id := importKey(t, client, model.CreateKeyRequestBody{KeySpec: &spec, KeyUsage: &usage}, material)

	generated, err := client.GenerateMac(&model.GenerateMacRequest{Body: &model.GenerateMacRequestBody{
		KeyId:        id,
		MacAlgorithm: model.GetGenerateMacRequestBodyMacAlgorithmEnum().HMAC_SHA_256,
		Message:      encoded([]byte(text)),
	}})
	must(t, err)
	ours := hmac.New(sha256.New, material)
	ours.Write([]byte(text))
	equal(t, "mac", *generated.Mac, hex.EncodeToString(ours.Sum(nil)))

	for message, want := range map[string]bool{text: true, text + ".": false} {
		verified, err := client.VerifyMac(&model.VerifyMacRequest{Body: &model.VerifyMacRequestBody{
			KeyId:        id,
			MacAlgorithm: model.GetVerifyMacRequestBodyMacAlgorithmEnum().HMAC_SHA_256,
			Message:      encoded([]byte(message)),
			Mac:          *generated.Mac,
		}})
		must(t, err)
		equal(t, "mac_valid", *verified.MacValid, want)
	}
}

func TestHuaweiCloudImports(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	material := random(t, 32)
	id := importKey(t, client, model.CreateKeyRequestBody{}, material)
	encrypted, err := client.EncryptData(&model.EncryptDataRequest{Body: &model.EncryptDataRequestBody{KeyId: id, PlainText: text}})
	must(t, err)

	equal(t, "key_state with material", *describe(t, client, id).KeyState, "2")
	_, err = client.DeleteImportedKeyMaterial(&model.DeleteImportedKeyMaterialRequest{Body: &model.OperateKeyRequestBody{KeyId: id}})
	must(t, err)
	equal(t, "key_state without material", *describe(t, client, id).KeyState, "5")

	importMaterial(t, client, id, material)
	decrypted, err := client.DecryptData(&model.DecryptDataRequest{Body: &model.DecryptDataRequestBody{CipherText: *encrypted.CipherText}})
	must(t, err)
	equal(t, "plain_text", *decrypted.PlainText, text)
}

func TestHuaweiCloudAgreesOnSecrets(t *testing.T) {
	client := clientOfProject(t, permanent, nil)
	id := newKey(t, client, model.CreateKeyRequestBody{KeySpec: &specs.EC_P256})
	theirs, err := publicKeyOf(t, client, id).(*ecdsa.PublicKey).ECDH()
	must(t, err)
	ours, err := ecdh.P256().GenerateKey(rand.Reader)
	must(t, err)
	ourPublicKey, err := x509.MarshalPKIXPublicKey(ours.PublicKey())
	must(t, err)

	answer, err := client.DeriveSharedSecret(&model.DeriveSharedSecretRequest{Body: &model.DeriveSharedSecretRequestBody{
		KeyId:                 id,
		KeyAgreementAlgorithm: model.GetDeriveSharedSecretRequestBodyKeyAgreementAlgorithmEnum().ECDH,
		PublicKey:             encoded(ourPublicKey),
	}})
	must(t, err)
	secret, err := ours.ECDH(theirs)
	must(t, err)
	equal(t, "shared_secret", *answer.SharedSecret, encoded(secret))
}
