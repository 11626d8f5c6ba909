package kubeapi

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Request sends one request as the administrator, without kubectl's own time
// around it, and wants it to succeed. A body of PATCH is a merge patch.
func (s *Server) Request(t testing.TB, method, path, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		req.Header.Set("Content-Type", "application/merge-patch+json")
	}
	answer, err := s.answer(req)
	if err != nil {
		t.Error(err) // not Fatal: it may be called from any goroutine
	}
	return answer
}

func (s *Server) answer(req *http.Request) (string, error) {
	res, err := s.client.Do(req)
	if err != nil {
		return "", fmt.Errorf("asking %s: %w", req.URL, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 300 {
		err = fmt.Errorf("status %s: %s", res.Status, body)
	}
	if err != nil {
		return "", fmt.Errorf("asking %s: %w", req.URL, err)
	}
	return string(body), nil
}
