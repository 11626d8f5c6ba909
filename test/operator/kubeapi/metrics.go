package kubeapi

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Writes counts the changing requests that the API server has answered so far,
// by "VERB resource", subresources included. Leases are left out: an elected
// leader renews its own every few seconds.
func (s *Server) Writes(t testing.TB) map[string]int {
	t.Helper()
	text, err := s.get(t.Context(), s.URL+"/metrics")
	if err != nil {
		t.Fatal(err)
	}
	return writes(text)
}

// writes reads the counters of one page of metrics.
func writes(page string) map[string]int {
	counts := map[string]int{}
	verb, resource := regexp.MustCompile(`verb="([A-Z]+)"`), regexp.MustCompile(`resource="([a-z]+)"`)
	for lines := bufio.NewScanner(strings.NewReader(page)); lines.Scan(); {
		line := lines.Text()
		if !strings.HasPrefix(line, "apiserver_request_total{") {
			continue
		}
		v, r := verb.FindStringSubmatch(line), resource.FindStringSubmatch(line)
		if v == nil || r == nil || r[1] == "leases" {
			continue
		}
		switch v[1] {
		case "POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION":
			n, err := strconv.ParseFloat(line[strings.LastIndex(line, " ")+1:], 64)
			if err == nil {
				counts[v[1]+" "+r[1]] += int(n)
			}
		}
	}
	return counts
}

func (s *Server) get(ctx context.Context, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", fmt.Errorf("asking %s: %w", url, err)
	}
	return s.answer(req)
}
