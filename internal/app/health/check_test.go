package health

import (
	"strings"
	"testing"
)

func TestURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		test string // words are separated by |
		port int
		path string
		ok   bool
	}{
		{test: "CMD|curl|-f|http://localhost:8000/health/", port: 8000, path: "/health/", ok: true},
		{test: "CMD|curl|-f|127.0.0.1:3000", port: 3000, path: "/", ok: true},
		{test: "CMD|/usr/bin/wget|--spider|-qO-|http://localhost/v1?a=b", port: 80, path: "/v1?a=b", ok: true},
		{test: "CMD-SHELL|curl -f http://0.0.0.0:8080/up || exit 1", port: 8080, path: "/up", ok: true},
		{test: "CMD-SHELL|node --eval \"const r = await fetch('http://localhost:5678/healthz'); process.exit(0)\"", port: 5678, path: "/healthz", ok: true},
		{test: "CMD|python3|-c|import sys, urllib.request|http://[::1]:5000/", port: 5000, path: "/", ok: true},
		{test: "CMD-SHELL|pg_isready -h localhost -U postgres"},
		{test: "CMD-SHELL|redis-cli -h 127.0.0.1 ping"},
		{test: "CMD|curl|http://example.com/"},
		{test: "CMD|curl|http://localhost:$PORT/"},
		{test: "CMD|curl|https://localhost:8443/"},
		{test: "CMD|curl|http://localhost:99999/"},
		{test: "NONE"},
		{test: ""},
	}
	for _, tt := range tests {
		t.Run(tt.test, func(t *testing.T) {
			t.Parallel()
			h := &Check{Test: strings.Split(tt.test, "|")}
			port, path, ok := h.URL()
			if port != tt.port || path != tt.path || ok != tt.ok {
				t.Errorf("= %d %q %v; want %d %q %v", port, path, ok, tt.port, tt.path, tt.ok)
			}
		})
	}
	if _, _, ok := (*Check)(nil).URL(); ok {
		t.Error("no check has an address")
	}
}
