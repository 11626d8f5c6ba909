package emulator

import (
	"net/http"
	"strings"
	"testing"
)

// TestEachTestHasItsOwnMoto starts several at once: each has an address of its
// own, and answers there.
func TestEachTestHasItsOwnMoto(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 3 {
		url := Start(t)
		if seen[url] {
			t.Errorf("two motos at %s", url)
		}
		seen[url] = true
		res, err := http.Get(url + "/moto-api/")
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s", url, res.Status)
		}
	}
}

// TestAMotoThatEnds: what it said is passed on, and no address is made up.
func TestAMotoThatEnds(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"said nothing":    "",
		"no whole line":   "Traceback",
		"another's words": "Running on air\nAddress already in use\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := make(chan string, 1)
			var said strings.Builder
			listen(strings.NewReader(text), &said, at)
			if len(at) != 0 || said.String() != text {
				t.Errorf("%d addresses, passed on %q", len(at), said.String())
			}
		})
	}
}
