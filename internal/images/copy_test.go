package images

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// baking is a project whose services mount files read-only: one runs an image,
// one is built. node_modules stands for all that the images do not need.
func baking(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "conf/a.yaml"), "a: 1")
	write(t, filepath.Join(dir, "conf/.git/config"), "token") // which no image gets
	write(t, filepath.Join(dir, "nginx.conf"), "events {}")
	write(t, filepath.Join(dir, ".dockerignore"), "conf\n")
	write(t, filepath.Join(dir, "node_modules/x.js"), "x")
	write(t, filepath.Join(dir, "web/Dockerfile"), "FROM alpine\nUSER nobody")
	return dir
}

const bakingFile = `services:
  proxy:
    image: nginx:1.29-alpine
    expose: ["80"]
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro", "./conf:/etc/conf:ro"]
  web:
    build: ./web
    expose: ["80"]
    volumes: ["./conf:/etc/conf:ro"]
`

func TestOnlyWhatIsMountedDecidesOverTheImage(t *testing.T) {
	t.Parallel()
	dir := baking(t)
	a := load(t, dir, bakingFile)
	const proxy, web = "proxy", "web"
	before := digests(t, a)
	write(t, filepath.Join(dir, "node_modules/x.js"), "y")
	write(t, filepath.Join(dir, "conf/.git/HEAD"), "main")
	if after := digests(t, a); after[proxy] != before[proxy] || after[web] != before[web] {
		t.Error("a file that is not mounted, or version control, changes an image")
	}
	write(t, filepath.Join(dir, "conf/a.yaml"), "a: 2")
	if after := digests(t, a); after[proxy] == before[proxy] || after[web] == before[web] {
		t.Error("a mounted file does not change the image")
	}
	before = digests(t, a)
	write(t, filepath.Join(dir, "nginx.conf"), "http {}")
	if after := digests(t, a); after[proxy] == before[proxy] || after[web] != before[web] {
		t.Error("the mounted file of one service decides over the other's image")
	}
}

func TestMountedFilesAreHandedToDocker(t *testing.T) {
	t.Parallel()
	dir := baking(t)
	a := load(t, dir, bakingFile)
	source := NewSource(a, nil)
	f := newFake(t, "")
	must(t, NewDocker(f.path(), source, nil).Build(t.Context(), order(a, "proxy")))
	if got, want := f.call(t, "buildx", "build").Ignores, "**\n!conf\n!conf/**\n!nginx.conf\n!nginx.conf/**\n**/.git\n**/.hg\n**/.svn\n**/.bzr\n**/.jj\n**/.berth\n"; got != want {
		t.Errorf("docker leaves out %q, want %q", got, want)
	}
	web := a.BuildOf("web")
	text, err := dockerfileOf(web)
	must(t, err)
	if want := "FROM alpine\nUSER nobody\nCOPY --from=berth-files [\"conf\",\"/etc/conf\"]\n"; string(text) != want {
		t.Errorf("the Dockerfile is %q, want %q", text, want)
	}
	at := map[string]string{}
	must(t, copyContexts(t.Context(), web, at, t.TempDir()))
	copied, err := os.ReadFile(filepath.Join(at["berth-files"], "conf/a.yaml"))
	if err != nil || string(copied) != "a: 1" {
		t.Errorf("the copy has %q, %v", copied, err)
	}
	entries, err := os.ReadDir(at["berth-files"])
	if err != nil || len(entries) != 1 {
		t.Errorf("the copy has %v, %v; want the mounted folder alone", entries, err)
	}
	if _, err := os.Stat(filepath.Join(at["berth-files"], "conf/.git")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the copy has what version control keeps: %v", err)
	}
}

func TestMountedFilesAreUploaded(t *testing.T) {
	t.Parallel()
	a := load(t, baking(t), bakingFile)
	for _, service := range []string{"proxy", "web"} {
		var out bytes.Buffer
		must(t, pack(t.Context(), a.BuildOf(service), &out))
		names := strings.Join(packedNames(t, out.Bytes()), " ")
		if !strings.Contains(names, "conf/a.yaml") || strings.Contains(names, "node_modules") {
			t.Errorf("%s: uploaded are %s", service, names)
		}
	}
}

// packedNames are the paths in the archives of what is uploaded.
func packedNames(t *testing.T, data []byte) []string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	var names []string
	for _, file := range z.File {
		if !strings.HasSuffix(file.Name, packedSuffix) {
			continue
		}
		packed, err := file.Open()
		must(t, err)
		unzipped, err := gzip.NewReader(packed)
		must(t, err)
		for r := tar.NewReader(unzipped); ; {
			h, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			must(t, err)
			names = append(names, h.Name)
		}
	}
	return names
}
