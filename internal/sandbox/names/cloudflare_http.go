package names

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// cloudflareTransport answers requests to Cloudflare's API from a world.
type cloudflareTransport struct{ server Server }

// Server answers calls.
type Server interface {
	Serve(ctx context.Context, service, operation string, in any) (any, error)
}

// NewTransport returns a transport that answers requests to Cloudflare's API,
// for any host, with calls to server. No request reaches a network.
func NewTransport(server Server) http.RoundTripper {
	return cloudflareTransport{server}
}

// RoundTrip implements http.RoundTripper.
func (t cloudflareTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		if err := r.Body.Close(); err != nil {
			return nil, err
		}
	}
	status, answer, err := t.answer(r, body)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(bytes.NewReader(answer)), ContentLength: int64(len(answer)),
	}, nil
}

// envelope is the outer structure of all of Cloudflare's answers.
type envelope struct {
	Success  bool             `json:"success"`
	Errors   []map[string]any `json:"errors"`
	Messages []any            `json:"messages"`
	Result   any              `json:"result"`
	Info     map[string]int   `json:"result_info,omitempty"`
}

// answer serves one request. An error means that the connection broke.
func (t cloudflareTransport) answer(r *http.Request, body []byte) (status int, answer []byte, err error) {
	out, err := t.call(r, body)
	e := envelope{Success: err == nil, Errors: []map[string]any{}, Messages: []any{}}
	status = http.StatusOK
	if err != nil {
		var api smithy.APIError
		if !errors.As(err, &api) {
			return 0, nil, err
		}
		code, isNumber := strconv.Atoi(api.ErrorCode())
		status = http.StatusBadRequest
		var with interface{ HTTPStatusCode() int }
		if errors.As(err, &with) {
			status = with.HTTPStatusCode()
		}
		if isNumber != nil { // the sandbox's own throttling and faults
			code = 10000 + status
			if strings.Contains(api.ErrorCode(), "hrottl") {
				code, status = 10429, http.StatusTooManyRequests
			}
		}
		e.Errors = append(e.Errors, map[string]any{"code": code, "message": api.ErrorMessage()})
	} else {
		e.Result, e.Info = out.result, out.info
	}
	answer, err = json.Marshal(e)
	return status, answer, err
}

// cloudflareResult is the result of a call.
type cloudflareResult struct {
	result any
	info   map[string]int
}

// call finds the operation of a request and makes the call.
func (t cloudflareTransport) call(r *http.Request, body []byte) (cloudflareResult, error) {
	ctx := r.Context()
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); !ok || token == "" || token == "wrong" {
		return cloudflareResult{}, world.Respond(cloudflareError(http.StatusForbidden, 9109, "Invalid access token"))
	}
	number := func(name string, otherwise int) int {
		n, err := strconv.Atoi(r.URL.Query().Get(name))
		if err != nil {
			return otherwise
		}
		return n
	}
	page := number("page", 1)
	if strings.HasSuffix(r.URL.Path, "/accounts") && r.Method == http.MethodGet {
		in := &ListCloudflareAccountsInput{Page: page, PerPage: number("per_page", 20)}
		return t.page(ctx, "ListCloudflareAccounts", in, page, in.PerPage)
	}
	path := strings.Split(strings.Trim(r.URL.Path[strings.Index(r.URL.Path, "/zones")+1:], "/"), "/")
	switch {
	case r.Method == http.MethodGet && len(path) == 1:
		in := &ListCloudflareZonesInput{Name: r.URL.Query().Get("name"), Page: page, PerPage: min(number("per_page", 20), 50)}
		return t.page(ctx, "ListCloudflareZones", in, page, in.PerPage)
	case r.Method == http.MethodPost && len(path) == 1, r.Method == http.MethodDelete && len(path) == 2:
		return t.change(ctx, r.Method, path, body)
	case r.Method == http.MethodGet && len(path) == 3:
		in := &ListCloudflareRecordsInput{Zone: path[1], Page: page, PerPage: number("per_page", 100)}
		return t.page(ctx, "ListCloudflareRecords", in, page, in.PerPage)
	case r.Method == http.MethodPost && len(path) == 4 && path[3] == "batch":
		in := &BatchCloudflareRecordsInput{Zone: path[1]}
		if err := json.Unmarshal(body, in); err != nil {
			return cloudflareResult{}, world.Respond(cloudflareError(http.StatusBadRequest, 9207, "Request body is invalid."))
		}
		out, err := t.server.Serve(ctx, cloudflareID, "BatchCloudflareRecords", in)
		if err != nil {
			return cloudflareResult{}, err
		}
		done, _ := out.(*BatchCloudflareRecordsOutput)
		return cloudflareResult{result: map[string]any{"deletes": done.Deletes, "posts": done.Posts}}, nil
	}
	return cloudflareResult{}, world.Respond(cloudflareError(http.StatusNotFound, 7000, "No route for that URI"))
}

// page makes a list call and counts its pages.
func (t cloudflareTransport) page(ctx context.Context, operation string, in any, page, size int) (cloudflareResult, error) {
	out, err := t.server.Serve(ctx, cloudflareID, operation, in)
	if err != nil {
		return cloudflareResult{}, err
	}
	var list []any
	total := 0
	switch out := out.(type) {
	case *ListCloudflareZonesOutput:
		total = out.Total
		for _, z := range out.Zones {
			list = append(list, z.shown())
		}
	case *ListCloudflareAccountsOutput:
		total = out.Total
		for _, a := range out.Accounts {
			list = append(list, a)
		}
	case *ListCloudflareRecordsOutput:
		total = out.Total
		for _, r := range out.Records {
			list = append(list, r)
		}
	}
	return cloudflareResult{result: list, info: map[string]int{
		"page": page, "per_page": size, "count": len(list), "total_count": total, "total_pages": (total + size - 1) / max(size, 1),
	}}, nil
}
