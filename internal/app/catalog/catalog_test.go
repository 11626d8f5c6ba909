package catalog

import (
	"slices"
	"testing"
)

func TestKnownImagesAreSound(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, k := range images() {
		if seen[k.Name] {
			t.Errorf("%s is in the table twice", k.Name)
		}
		seen[k.Name] = true
		if len(k.HTTP)+len(k.Other) == 0 {
			t.Errorf("%s has no port", k.Name)
		}
		for _, p := range slices.Concat(k.HTTP, k.Other) {
			if p < 1 || p > 65535 {
				t.Errorf("%s: port %d", k.Name, p)
			}
			if slices.Contains(k.HTTP, p) && slices.Contains(k.Other, p) {
				t.Errorf("%s: port %d both speaks HTTP and does not", k.Name, p)
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
		got, ok := Find(image)
		if got.Name != want || ok != (want != "") {
			t.Errorf("%q is taken for %q, %v; want %q", image, got.Name, ok, want)
		}
	}
}

func TestNeedsEngine(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]bool{
		"traefik:v3": true, "docker.io/library/traefik": true, "portainer/agent:2": true, "ghcr.io/jwilder/nginx-proxy": true,
		"traefik/whoami": false, "nginx": false, "our/agent": false, "": false,
	} {
		if got := NeedsEngine(image); got != want {
			t.Errorf("NeedsEngine(%q) = %v, want %v", image, got, want)
		}
	}
}

// TestFolders: a folder below a database's counts, one that only begins like it
// does not.
func TestFolders(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"/var/lib/postgresql": "postgres", "/var/lib/postgresql/data/": "postgres", "/var/lib/mysql-files": "", "/data": "", "/data/db": "mongo",
	} {
		got, ok := ByFolder(target)
		if got.Name != want || ok != (want != "") {
			t.Errorf("ByFolder(%q) = %q, %v; want %q", target, got.Name, ok, want)
		}
	}
	if uid := OwnerByFolder("/var/lib/mysql"); uid != 999 {
		t.Errorf("the owner of MySQL's data is %d, want 999", uid)
	}
}

func TestKnownImages(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]string{
		"postgres":                                "postgres",
		"docker.io/library/postgres:17":           "postgres",
		"public.ecr.aws/docker/library/redis:8":   "redis",
		"pgvector/pgvector:pg17":                  "pgvector",
		"localhost:5000/mongo":                    "mongo",
		"nginx@sha256:0123":                       "nginx",
		"docker.n8n.io/n8nio/n8n":                 "n8n",
		"registry.example.com:443/traefik/whoami": "traefik/whoami",
		"example.com/shop":                        "",
		"":                                        "",
	} {
		got, ok := Find(image)
		if got.Name != want || ok != (want != "") {
			t.Errorf("Find(%q) = %q, %v; want %q", image, got.Name, ok, want)
		}
	}
}
