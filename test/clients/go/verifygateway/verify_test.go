package verifygateway

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/signer"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/request"
)

// The example pair of the vendor's documents.
const key, secret = "signkeysignkey", "signsecretsignsecretsignsecretsignsecret"

// send signs a request with the SDK's signer, and sends another body where there is one.
func send(t *testing.T, server, method, target, path string, query map[string][]string, body, changed string) (int, string) {
	builder := request.NewHttpRequestBuilder().WithMethod(method).WithEndpoint(server).WithPath(path).WithBody("body", body)
	for name, values := range query {
		builder.AddQueryParam(name, reflect.ValueOf(values))
	}
	host := strings.TrimPrefix(server, "http://")
	date := time.Now().UTC().Format("20060102T150405Z")
	signed, err := signer.Sign(builder.AddHeaderParam("Host", host).AddHeaderParam("X-Sdk-Date", date).Build(), key, secret)
	if err != nil {
		t.Fatal(err)
	}
	if changed != "" {
		body = changed
	}
	made, err := http.NewRequest(method, server+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range signed {
		made.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(made)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestHandler(t *testing.T) {
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(w, r.Body); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(Handler(map[string]string{key: secret}, echo))
	defer server.Close()

	query := map[string][]string{"b": {"2"}, "a": {"x y&=+%", ""}, "ü": {"é"}}
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		target := "/M%C3%BC%20nchen/*()'!/~?b=2&a=x%20y%26%3D%2B%25&a=&%C3%BC=%c3%a9"
		status, text := send(t, server.URL, method, target, "/Mü nchen/*()'!/~", query, string(every), "")
		if status != 200 || !bytes.Equal([]byte(text), every) {
			t.Errorf("%s: %d %q", method, status, text)
		}
	}
	broken := map[string][]string{"q": {"100%"}, "z": {"%zz"}}
	if status, text := send(t, server.URL, "GET", "/100%25?q=100%&z=%zz", "/100%", broken, "", ""); status != 200 {
		t.Errorf("%d %q", status, text)
	}
	if status, text := send(t, server.URL, "POST", "/", "/", nil, "one", "two"); status != 401 || text != "Verify authroization failed.\n" {
		t.Errorf("%d %q", status, text)
	}
}
