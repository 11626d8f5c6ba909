package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/credential"
)

func TestFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		want, size size
		ok         bool
	}{
		{"nothing asked", size{}, size{256, 512}, true},
		{"memory only", size{0, 513}, size{256, 1024}, true},
		{"memory moves the cpu", size{256, 2049}, size{512, 3072}, true},
		{"exact", size{512, 1024}, size{512, 1024}, true},
		{"between two", size{600, 1024}, size{1024, 2048}, true},
		{"steps of 4 GiB", size{8192, 17000}, size{8192, 20480}, true},
		{"largest", size{16384, 122880}, size{16384, 122880}, true},
		{"too much cpu", size{16385, 0}, size{}, false},
		{"too much memory", size{0, 122881}, size{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := fit(c.want)
			if got != c.size || ok != c.ok {
				t.Errorf("fit(%v) = %v, %v; want %v, %v", c.want, got, ok, c.size, c.ok)
			}
		})
	}
}

func TestSizesAreRoundedUp(t *testing.T) {
	t.Parallel()
	for cpus, want := range map[float64]int{0: 0, -1: 0, 0.25: 256, 0.1: 103, 1: 1024, 1e18: 1 << 30} {
		if got := units1024(cpus); got != want {
			t.Errorf("units1024(%v) = %d, want %d", cpus, got, want)
		}
	}
	for bytes, want := range map[int64]int{0: 0, -5: 0, 1: 1, 1 << 20: 1, 1<<20 + 1: 2, 1 << 62: 1 << 30} {
		if got := mebibytes(bytes); got != want {
			t.Errorf("mebibytes(%d) = %d, want %d", bytes, got, want)
		}
	}
}

func TestParseDockerfile(t *testing.T) {
	t.Parallel()
	const two = "FROM golang AS build\nEXPOSE 1\nFROM --platform=linux/amd64 nginx:1 AS web\nEXPOSE 80 53/udp # a comment\nexpose $PORT 8000-8002\n"
	stages := []string{"build", "web"}
	for _, c := range []struct {
		name, text, target string
		want               dockerfile
	}{
		{"empty", "", "", dockerfile{}},
		{"last stage", two, "", dockerfile{from: "nginx:1", ports: []string{"80", "53/udp", "8000-8002"}, stages: stages}},
		{"target", two, "BUILD", dockerfile{from: "golang", ports: []string{"1"}, stages: stages}},
		{"target by number", two, "0", dockerfile{from: "golang", ports: []string{"1"}, stages: stages}},
		{"target that is not there", two, "buidl", dockerfile{from: "nginx:1", ports: []string{"80", "53/udp", "8000-8002"}, stages: stages, lacks: true}},
		{"here-document", "FROM a\nRUN <<EOF cat <<-'SQL'\nFROM b\nEOF\nSELECT 1\n\tSQL\nEXPOSE 2\n", "", dockerfile{from: "a", ports: []string{"2"}}},
		{"here-string", "FROM a\nRUN cat <<<EOF; echo $((1<<X))\nEXPOSE 2\n", "", dockerfile{from: "a", ports: []string{"2"}}},
		{"lines of Windows", "FROM a\r\nEXPOSE 1 \\\r\n  2\r\n", "", dockerfile{from: "a", ports: []string{"1", "2"}}},
		{"target in nothing", "", "build", dockerfile{}},
		{"stage of a stage", two + "FROM web\nEXPOSE 9", "", dockerfile{from: "nginx:1", ports: []string{"9", "80", "53/udp", "8000-8002"}, stages: stages}},
		{"from itself", "FROM a AS a\nEXPOSE 2", "", dockerfile{from: "a", ports: []string{"2"}, stages: []string{"a"}}},
		{"expose without from", "EXPOSE 1", "", dockerfile{}},
		{"flags only", "FROM --platform=x", "", dockerfile{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, parseDockerfile(c.text, c.target), cmp.AllowUnexported(dockerfile{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseExposed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Exposed{
		"80":            {From: 80, To: 80, Protocol: AppTCP},
		"53/udp":        {From: 53, To: 53, Protocol: AppUDP},
		"8000-8010/tcp": {From: 8000, To: 8010, Protocol: AppTCP},
	} {
		if got, ok := parseExposed(text); !ok || got != want {
			t.Errorf("parseExposed(%q) = %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "x", "0", "65536", "9-8", "1-", "80/sctp", "-5"} {
		if got, ok := parseExposed(text); ok {
			t.Errorf("parseExposed(%q) = %v", text, got)
		}
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
		got, ok := findImage(image)
		if got.name != want || ok != (want != "") {
			t.Errorf("findImage(%q) = %q, %v; want %q", image, got.name, ok, want)
		}
	}
}

func TestImageTableHasNoTwins(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, k := range knownImages() {
		if seen[k.name] {
			t.Errorf("%s is there twice", k.name)
		}
		seen[k.name] = true
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key, value string
		want       bool
	}{
		{"DB_PASSWORD", "hunter2000", true},
		{"API_KEY", "0123456789", true},
		{"ANYTHING", "AKIAABCDEFGHIJKLMNOP", true},
		{"DATABASE_URL", "postgres://u:p@db/x", true},
		{"DATABASE_URL", "postgres://u@db/x", false},
		{"PASSWORD_FILE", "/run/secrets/x", false},
		{"MYSQL_ALLOW_EMPTY_PASSWORD", "true", false},
		{"TOKEN_TTL", "36000", false},
		{"SECRET", "", false},
		{"LOG_LEVEL", "debugging", false},
		{"CA", "-----BEGIN CERTIFICATE-----", false},
		{"KEY", "-----BEGIN RSA PRIVATE KEY-----", true},
	} {
		if got := credential.Variable(c.key, c.value); got != c.want {
			t.Errorf("%s=%s looks like a credential: %v", c.key, c.value, got)
		}
	}
}

func TestCredentialsInFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"ini":           {"[db]\nhost = db\npassword = hunter2000\n", true},
		"yaml":          {"db:\n  password: hunter2000\n", true},
		"json":          {"{\n  \"api_key\": \"0123456789\",\n}", true},
		"url":           {"upstream: 'postgres://u:p@db/x'\n", true},
		"key":           {"x\n-----BEGIN PRIVATE KEY-----\n", true},
		"key of AWS":    {"aws AKIAABCDEFGHIJKLMNOP\n", true},
		"a certificate": {"-----BEGIN CERTIFICATE-----\n", false},
		"a reference":   {"password = ${DB_PASSWORD}\npassword: $DB_PASSWORD\n", false},
		"a file":        {"password: /run/secrets/db\n", false},
		"a comment":     {"# the password: see the handbook\n", false},
		"nginx":         {"proxy_set_header X-Token $http_x_token;\nssl_certificate_key /run/secrets/key;\n", false},
		"caddy":         {":80\nreverse_proxy http://app:8000\n", false},
	} {
		if got := credential.File(c.text); got != c.want {
			t.Errorf("%s: has a credential: %v", name, got)
		}
	}
}

func TestPrivateRange(t *testing.T) {
	t.Parallel()
	for cidr, want := range map[string]bool{
		"10.20.0.0/16": true, "172.16.0.0/16": true, "172.32.0.0/16": false, "192.168.0.0/16": true,
		"192.169.0.0/16": false, "8.8.0.0/16": false, "10.300.0.0/16": false,
	} {
		if got := privateRange(cidr); got != want {
			t.Errorf("privateRange(%s) = %v", cidr, got)
		}
	}
}

func TestPresetsAgreeWithThemselves(t *testing.T) {
	t.Parallel()
	for _, p := range presets() {
		if p.timeout >= p.interval || p.zones < 2 || p.tasks == SubnetsPrivate && p.nat == NATNone {
			t.Errorf("preset %s contradicts itself: %+v", p.name, p)
		}
	}
}
