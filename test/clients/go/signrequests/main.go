// Signs the requests on standard input (requests-to-sign.json) with gophertelekomcloud's own signer; writes them as a client sends them.
package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	golangsdk "github.com/opentelekomcloud/gophertelekomcloud"
)

const host, date = "127.0.0.1:21977", "20260115T103000Z"

type given struct {
	Name    string            `json:"name"`
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Query   [][2]string       `json:"query"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
}

type signed struct {
	Name    string            `json:"name"`
	Client  string            `json:"client"`
	Form    string            `json:"form"`
	Method  string            `json:"method"`
	Target  string            `json:"target"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func sign(request given, region, service string) signed {
	// It knows one value of each parameter.
	query := url.Values{}
	for _, pair := range request.Query {
		query.Set(pair[0], pair[1])
	}
	body := ""
	var reader io.Reader
	if len(request.Body) > 0 {
		var value any
		must(json.Unmarshal(request.Body, &value))
		text, err := json.Marshal(value)
		must(err)
		body = string(text) + "\n"
		reader = strings.NewReader(body)
	}
	target := url.URL{Scheme: "http", Host: host, Path: request.Path, RawQuery: query.Encode()}
	for range 10 {
		made, err := http.NewRequest(request.Method, target.String(), reader)
		must(err)
		for name, value := range request.Headers {
			made.Header.Set(name, value)
		}
		wanted, err := time.Parse("20060102T150405Z", date)
		must(err)
		offset := time.Now().Unix() - wanted.Unix()
		golangsdk.Sign(made, golangsdk.SignOptions{
			AccessKey: "SIGNETACCESSKEY00001", SecretKey: "SignetSecretAccessKeyForLocalUseOnly0001",
			RegionName: region, ServiceName: service, TimeOffsetInSeconds: offset,
		})
		if made.Header.Get("X-Sdk-Date") != date {
			// The second went by in between.
			if reader != nil {
				reader = strings.NewReader(body)
			}
			continue
		}
		headers := map[string]string{}
		for name := range made.Header {
			headers[strings.ToLower(name)] = made.Header.Get(name)
		}
		return signed{request.Name, "gophertelekomcloud v0.9.3 (Go)", "scope", request.Method, made.URL.RequestURI(), headers, body}
	}
	panic("no request of this date")
}

func main() {
	var requests []given
	must(json.NewDecoder(os.Stdin).Decode(&requests))
	all := []signed{}
	for _, request := range requests {
		all = append(all, sign(request, "", ""), sign(request, "eu-de", "kms"))
	}
	must(json.NewEncoder(os.Stdout).Encode(all))
}
