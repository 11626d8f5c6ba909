package terminal_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/berthdev/berth/internal/terminal"
)

func TestCleanShowsWhatWouldDriveATerminal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"plain":                 {"web  http://x:80\n\tok – 日本 🙂\n", "web  http://x:80\n\tok – 日本 🙂\n"},
		"colour":                {"\x1b[31mred\x1b[0m", `\u001b[31mred\u001b[0m`},
		"title":                 {"\x1b]0;gone\a", `\u001b]0;gone\u0007`},
		"clipboard":             {"\x1b]52;c;cm0gLXJm\x07", `\u001b]52;c;cm0gLXJm\u0007`},
		"C1":                    {"\u009b2J", `\u009b2J`},
		"C1 as a byte":          {"\x9b2J", `\x9b2J`},
		"over the line":         {"fine\rgone", `fine\u000dgone`},
		"Windows":               {"a\r\nb\r\n", "a\nb\n"},
		"backspace":             {"no\b\byes", `no\u0008\u0008yes`},
		"delete":                {"a\x7fb", `a\u007fb`},
		"right to left":         {"a\u202eb", `a\u202eb`},
		"isolates":              {"\u2066a\u2069", `\u2066a\u2069`},
		"a line of Unicode":     {"a\u2028b", `a\u2028b`},
		"hidden letters":        {"a\U000e0041b", `a\udb40\udc41b`},
		"joined emoji":          {"👩‍🚀", "👩‍🚀"},
		"not UTF-8":             {"a\xffb", `a\xffb`},
		"NUL":                   {"a\x00b", `a\u0000b`},
		"a replacement's glyph": {"a\ufffdb", "a\ufffdb"},
	} {
		if got := terminal.Clean(c.text); got != c.want {
			t.Errorf("%s: %q is shown as %q; want %q", name, c.text, got, c.want)
		}
	}
}

func TestALineStaysOne(t *testing.T) {
	t.Parallel()
	if got := terminal.Line("a\nApply this plan? [y/N] y\r\nb"); got != "a Apply this plan? [y/N] y b" {
		t.Errorf("got %q", got)
	}
}

// TestWriterCleansWhateverItIsCutInto: a character may come in two writes.
func TestWriterCleansWhateverItIsCutInto(t *testing.T) {
	t.Parallel()
	const text = "日本\x1b[2J – \u009b1m 🙂\n"
	want := terminal.Clean(text)
	for cut := range len(text) {
		var out bytes.Buffer
		w := terminal.NewWriter(&out)
		for _, part := range []string{text[:cut], text[cut:]} {
			if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatalf("writing %q: %d, %v", part, n, err)
			}
		}
		if out.String() != want {
			t.Errorf("cut at %d: %q", cut, out.String())
		}
	}
}

func TestJSONStaysTheSame(t *testing.T) {
	t.Parallel()
	value := map[string]string{"a": "\u009b2J\u202e\x1b[m\u2028\U000e0041"}
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(terminal.Clean(string(data))), &back); err != nil || back["a"] != value["a"] {
		t.Errorf("%q came back as %q (%v)", value["a"], back["a"], err)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x1b[31mb\r\n\x9b")
	f.Fuzz(func(t *testing.T, text string) {
		got := terminal.Clean(text)
		if i := strings.IndexFunc(got, func(r rune) bool {
			return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
		}); i >= 0 {
			t.Errorf("%q is shown as %q", text, got)
		}
		if terminal.Clean(got) != got {
			t.Errorf("%q is no clean text", got)
		}
	})
}
