package app

import (
	"slices"
	"testing"
)

func TestKnownImagesAreSound(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, k := range knownImages() {
		if seen[k.name] {
			t.Errorf("%s is in the table twice", k.name)
		}
		seen[k.name] = true
		if len(k.http)+len(k.other) == 0 {
			t.Errorf("%s has no port", k.name)
		}
		for _, p := range slices.Concat(k.http, k.other) {
			if p < 1 || p > 65535 {
				t.Errorf("%s: port %d", k.name, p)
			}
			if slices.Contains(k.http, p) && slices.Contains(k.other, p) {
				t.Errorf("%s: port %d both speaks HTTP and does not", k.name, p)
			}
		}
	}
}

func TestFindImage(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"postgres": "postgres", "docker.io/library/postgres:17@sha256:00": "postgres", "graylog/graylog:5.1": "graylog",
		"mcr.microsoft.com/mssql/server:2022-latest": "mssql/server", "acme/server": "", "localhost:5000/redis": "redis",
		"vaultwarden/server:latest": "vaultwarden/server", "": "",
	}
	for image, want := range tests {
		got, ok := findImage(image)
		if got.name != want || ok != (want != "") {
			t.Errorf("%q is taken for %q, %v; want %q", image, got.name, ok, want)
		}
	}
}
