package world

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Answer is an HTTP answer that is not AWS's.
type Answer struct {
	Status int
	// Type is the content type; empty sends none.
	Type, Body string
}

// insteadError carries an Answer to the beginning of the wire.
type insteadError struct{ answer *Answer }

func (e *insteadError) Error() string {
	return fmt.Sprintf("somebody else answers %d", e.answer.Status)
}

// answerKey carries an Answer to the HTTP client.
type answerKey struct{}

// noNetwork is an HTTP client that proves that the sandbox uses no network: it
// only returns the answers of faults.
type noNetwork struct{}

func (noNetwork) Do(req *http.Request) (*http.Response, error) {
	a, ok := req.Context().Value(answerKey{}).(*Answer)
	if !ok {
		return nil, errNetwork
	}
	resp := &http.Response{
		StatusCode: a.Status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.Body)),
		ContentLength: int64(len(a.Body)), Request: req, ProtoMajor: 1, ProtoMinor: 1,
	}
	if a.Type != "" {
		resp.Header.Set("Content-Type", a.Type)
	}
	return resp, nil
}
