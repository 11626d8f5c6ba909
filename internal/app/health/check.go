package health

import (
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Check is a container's own check. Times are in seconds and within ECS's
// limits; a zero is ECS's default.
type Check struct {
	// Test is the command with Compose's first word: CMD or CMD-SHELL.
	Test []string
	// Interval is 5 to 300, Timeout 2 to 60, StartPeriod 0 to 300.
	Interval, Timeout, StartPeriod int
	// Retries is 1 to 10.
	Retries int
	// Origin is its file:line.
	Origin string
}

// URL finds the port and the path that the check requests in its own container,
// for example in curl -f http://localhost:8080/health. An address without a scheme
// counts only after curl or wget. ok is false if the test has no such address.
func (h *Check) URL() (port int, path string, ok bool) {
	if h == nil {
		return 0, "", false
	}
	fetches := false
	for _, word := range strings.FieldsFunc(strings.Join(h.Test, " "), breaksURL) {
		if word == "curl" || word == "wget" || strings.HasSuffix(word, "/curl") || strings.HasSuffix(word, "/wget") {
			fetches = true
			continue
		}
		if at := strings.Index(word, "http://"); at >= 0 {
			word = word[at:]
		} else if fetches && !strings.HasPrefix(word, "-") && !strings.Contains(word, "://") {
			word = "http://" + word
		} else {
			continue
		}
		if port, path, ok := localURL(word); ok {
			return port, path, true
		}
	}
	return 0, "", false
}

// breaksURL says whether a character ends a URL in a shell command or a script.
func breaksURL(r rune) bool { return strings.ContainsRune(" \t\n\"'`();|<>,\\", r) }

func localURL(word string) (port int, path string, ok bool) {
	u, err := url.Parse(word)
	if err != nil || strings.Contains(word, "$") {
		return 0, "", false
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	if host != "localhost" && (ip == nil || !ip.IsLoopback() && !ip.IsUnspecified()) {
		return 0, "", false
	}
	port = 80
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil || port < 1 || port > 65535 {
			return 0, "", false
		}
	}
	path = u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return port, path, true
}
