// Says of the requests on standard input whether API Gateway signed them: the Go SDK's signer, which signs them anew, and the recipe.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/signer"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/request"
	"signet.test/clients/verifygateway"
)

const sdk = "github.com/huaweicloud/huaweicloud-sdk-go-v3"

var form = regexp.MustCompile(`Access=([^,]+), SignedHeaders=([^,]+)`)

type received struct {
	Method  string      `json:"method"`
	Target  string      `json:"target"`
	Headers [][2]string `json:"headers"`
	Body    []byte      `json:"body"`
	Now     time.Time   `json:"now"`
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// latin1 gives the bytes of which a text holds one in each character.
func latin1(text string) string {
	var bytes []byte
	for _, character := range text {
		bytes = append(bytes, byte(character))
	}
	return string(bytes)
}

func bySDK(given received, keys map[string]string) string {
	headers := map[string]string{}
	for _, header := range given.Headers {
		headers[strings.ToLower(header[0])] = latin1(header[1])
	}
	fields := form.FindStringSubmatch(headers["authorization"])
	target, err := url.ParseRequestURI(given.Target)
	must(err)
	query, err := url.ParseQuery(target.RawQuery)
	must(err)
	builder := request.NewHttpRequestBuilder().WithMethod(given.Method).
		WithEndpoint("http://"+headers["host"]).WithPath(target.Path).WithBody("body", string(given.Body))
	for name, values := range query {
		builder.AddQueryParam(name, reflect.ValueOf(values))
	}
	for _, name := range strings.Split(fields[2], ";") {
		builder.AddHeaderParam(http.CanonicalHeaderKey(name), headers[name])
	}
	again, err := signer.Sign(builder.Build(), fields[1], keys[fields[1]])
	must(err)
	if again["Authorization"] != headers["authorization"] {
		return "another signature"
	}
	return "accepted"
}

func byRecipe(given received, keys map[string]string) string {
	head := given.Method + " " + latin1(given.Target) + " HTTP/1.1\r\n"
	for _, header := range given.Headers {
		head += header[0] + ": " + latin1(header[1]) + "\r\n"
	}
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(head + "\r\n")))
	must(err)
	if _, err := verifygateway.Verify(r, given.Body, keys, given.Now); err != nil {
		return err.Error()
	}
	return "accepted"
}

func caught(judge func(received, map[string]string) string, given received, keys map[string]string) (verdict string) {
	defer func() {
		if failure := recover(); failure != nil {
			verdict = fmt.Sprintf("error: %v", failure)
		}
	}()
	return judge(given, keys)
}

func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == sdk {
			return module.Version
		}
	}
	panic(sdk + " is missing")
}

func main() {
	var given struct {
		Requests []received        `json:"requests"`
		Keys     map[string]string `json:"keys"`
	}
	must(json.NewDecoder(os.Stdin).Decode(&given))
	var bySDKs, byRecipes []string
	for _, one := range given.Requests {
		bySDKs = append(bySDKs, caught(bySDK, one, given.Keys))
		byRecipes = append(byRecipes, caught(byRecipe, one, given.Keys))
	}
	must(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"sdk":      "huaweicloud-sdk-go-v3 " + version() + " (Go)",
		"bySdk":    bySDKs,
		"byRecipe": byRecipes,
	}))
}
