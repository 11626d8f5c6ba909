package regular_test

import (
	"bytes"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/berthdev/berth/internal/regular"
)

// TestOnlyRegularFilesAreRead: anything else at a path is refused at once, and the
// error says what it is.
func TestOnlyRegularFilesAreRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(syscall.Mkfifo(at("pipe"), 0o600))
	must(os.Mkdir(at("folder"), 0o700))
	must(os.Symlink(at("circle2"), at("circle1")))
	must(os.Symlink(at("circle1"), at("circle2")))
	must(os.Symlink("/dev/zero", at("link to a device")))
	must(os.WriteFile(at("file"), []byte("text"), 0o600))
	must(os.Symlink(at("file"), at("link to a file")))
	socket, err := net.Listen("unix", at("socket"))
	must(err)
	t.Cleanup(func() { _ = socket.Close() })
	huge, err := os.Create(at("huge"))
	must(err)
	must(huge.Truncate(10 << 30)) // a hole: it takes no room
	must(huge.Close())

	for path, want := range map[string]string{
		at("pipe"):             "it is a named pipe, not a file",
		at("folder"):           "it is a folder, not a file",
		at("socket"):           "it is a socket, not a file",
		"/dev/zero":            "it is a device, not a file",
		at("link to a device"): "it is a device, not a file",
		at("circle1"):          "too many levels of symbolic links",
		at("gone"):             "there is no such file",
		at("huge"):             "it has 10737418240 bytes, and berth reads at most 100",
	} {
		data, err := regular.Read(path, 100)
		if err == nil || err.Error() != want || data != nil {
			t.Errorf("%s: %d bytes, %v, want %s", path, len(data), err, want)
		}
		if err != nil && strings.Contains(err.Error(), dir) {
			t.Errorf("%s: the error names the path: %v", path, err)
		}
	}
	if _, err := regular.Read(at("gone"), 100); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file is %v", err)
	}
	for _, name := range []string{"file", "link to a file"} {
		if data, err := regular.Read(at(name), 4); err != nil || !bytes.Equal(data, []byte("text")) {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
	var size *regular.SizeError
	if _, err := regular.Read(at("file"), 3); !errors.As(err, &size) {
		t.Errorf("one byte too many: %v", err)
	}
}
