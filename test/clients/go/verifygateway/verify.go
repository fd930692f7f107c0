// Package verifygateway lets only those requests through that API Gateway signed with a signature key of type hmac.
package verifygateway

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

var form = regexp.MustCompile(`^SDK-HMAC-SHA256\s+Access=([^,]+),\s?SignedHeaders=([^,]+),\s?Signature=(\w+)$`)

var escape = regexp.MustCompile("%[0-9A-Fa-f]{2}")

// Handler answers 401 to what the gateway did not sign; keys are the sign_secret by sign_key.
func Handler(keys map[string]string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 12<<20))
		if err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if _, err := Verify(r, body, keys, time.Now()); err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Verify returns the sign_key, or an error whose text goes with status 401.
func Verify(r *http.Request, body []byte, keys map[string]string, now time.Time) (string, error) {
	authorization := r.Header.Get("Authorization")
	if authorization == "" {
		return "", errors.New("Authorization not found.")
	}
	fields := form.FindStringSubmatch(authorization)
	if fields == nil {
		return "", errors.New("Authorization format incorrect.")
	}
	key, signedHeaders, signature := fields[1], fields[2], fields[3]
	secret := keys[key]
	if secret == "" {
		return "", errors.New("Signing key not found.")
	}
	headers, dated := "", false
	for _, name := range strings.Split(signedHeaders, ";") {
		values := r.Header.Values(name)
		if strings.EqualFold(name, "Host") {
			values = []string{r.Host}
		}
		if len(values) == 0 {
			return "", errors.New("Signed header " + name + " not found")
		}
		headers += strings.ToLower(name) + ":" + strings.Trim(strings.Join(values, ", "), " \t") + "\n"
		dated = dated || strings.EqualFold(name, "X-Sdk-Date")
	}
	if !dated {
		return "", errors.New("Header x-sdk-date not found.")
	}
	date := r.Header.Get("X-Sdk-Date")
	signedAt, err := time.Parse("20060102T150405Z", date)
	if err != nil || now.Sub(signedAt).Abs() > 15*time.Minute {
		return "", errors.New("Signature expired.")
	}

	path, query := canonical(r.RequestURI)
	digest := hexSHA256(body)
	declared := r.Header.Get("X-Sdk-Content-Sha256")
	if declared == "" {
		declared = digest
	}
	request := strings.Join([]string{r.Method, path, query, headers, signedHeaders, declared}, "\n")
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("SDK-HMAC-SHA256\n" + date + "\n" + hexSHA256([]byte(request))))
	expected := hex.EncodeToString(mac.Sum(nil))
	if (declared != digest && declared != "UNSIGNED-PAYLOAD") || !hmac.Equal([]byte(expected), []byte(signature)) {
		return "", errors.New("Verify authroization failed.")
	}
	return key, nil
}

// canonical decodes path and query of the request line, and encodes them as they are signed.
func canonical(target string) (string, string) {
	path, query, _ := strings.Cut(target, "?")
	path = strings.ReplaceAll(encoded(decoded(path)), "%2F", "/")
	if !strings.HasSuffix(path, "/") {
		path += "/"
	}
	var pairs [][]string
	for _, part := range strings.Split(strings.ReplaceAll(query, "+", " "), "&") {
		name, value, _ := strings.Cut(part, "=")
		if part != "" {
			pairs = append(pairs, []string{decoded(name), decoded(value)})
		}
	}
	slices.SortFunc(pairs, slices.Compare)
	var parts []string
	for _, pair := range pairs {
		parts = append(parts, encoded(pair[0])+"="+encoded(pair[1]))
	}
	return path, strings.Join(parts, "&")
}

// decoded leaves a per cent as it is where no two hex digits follow, as the gateway does; net/url would refuse it.
func decoded(text string) string {
	return escape.ReplaceAllStringFunc(text, func(found string) string {
		raw, _ := hex.DecodeString(found[1:])
		return string(raw)
	})
}

func encoded(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

func hexSHA256(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
