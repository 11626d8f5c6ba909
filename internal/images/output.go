package images

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/berthdev/berth/internal/engine"
)

// lastLines is how many lines of a failed build are shown.
const lastLines = 20

// FailedError says that a build ended with an error.
type FailedError struct {
	// Doing is what was done, as in "docker buildx build".
	Doing string
	// Cause is the line that says why.
	Cause string
	// Lines are the last lines of the build's output, without secrets.
	Lines []string
	// File is the Dockerfile as it is shown.
	File string
	err  error
}

func (e *FailedError) Error() string { return e.Doing + ": " + e.Cause }

func (e *FailedError) Unwrap() error { return e.err }

// Output are the last lines of the build.
func (e *FailedError) Output() []string { return e.Lines }

// Remedy names the file to check.
func (e *FailedError) Remedy() string {
	return "correct " + e.File + " or what it needs, then run the same command again: what was built stays in the cache"
}

// output reads what a build prints: it reports the build's present step, and
// remembers the last lines. Secrets become ***.
type output struct {
	ctx    context.Context //nolint:containedctx // of the build that prints
	hidden *strings.Replacer

	mu    sync.Mutex
	lines []string
	step  string
}

func newOutput(ctx context.Context, secrets []string) *output {
	var pairs []string
	for _, s := range secrets {
		if s != "" {
			pairs = append(pairs, s, "***")
		}
	}
	return &output{ctx: ctx, hidden: strings.NewReplacer(pairs...)}
}

// stream is one of the streams of a command, which prints line by line.
type stream struct {
	out  *output
	rest []byte
}

// Write implements io.Writer.
func (s *stream) Write(p []byte) (int, error) {
	const longest = 64 << 10
	s.rest = append(s.rest, p...)
	for {
		line, rest, ok := bytes.Cut(s.rest, []byte("\n"))
		if !ok {
			break
		}
		s.out.line(string(line))
		s.rest = rest
	}
	if len(s.rest) > longest {
		s.end()
	}
	return len(p), nil
}

// end takes in what stands behind the last line feed.
func (s *stream) end() {
	s.out.line(string(s.rest))
	s.rest = nil
}

// A line that begins a step of BuildKit, as in "#7 [build 2/5] RUN make".
var stepLine = regexp.MustCompile(`^#\d+ (\[[^\]]+\] .*|exporting .*|pushing .*)$`)

func (o *output) line(text string) {
	text = o.hidden.Replace(strings.TrimRight(text, "\r\n \t"))
	if text == "" {
		return
	}
	m := stepLine.FindStringSubmatch(text)
	o.remember(text)
	o.mu.Lock()
	news := m != nil && m[1] != o.step && !strings.HasPrefix(m[1], "[internal]")
	if news {
		o.step = m[1]
	}
	o.mu.Unlock()
	if news {
		engine.Progress(o.ctx, cutLine(m[1]))
	}
}

// remember keeps a line for the end.
func (o *output) remember(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if text = strings.TrimRight(text, "\r\n \t"); text != "" {
		o.lines = append(o.lines, text)
	}
	if n := len(o.lines) - lastLines; n > 0 {
		o.lines = o.lines[n:]
	}
}

// cutLine keeps a line fit for a terminal.
func cutLine(s string) string {
	const widest = 100
	if r := []rune(s); len(r) > widest {
		return string(r[:widest-3]) + "..."
	}
	return s
}

// failed is the error of a command that printed this.
func (o *output) failed(doing, file string, err error) error {
	if cause := context.Cause(o.ctx); cause != nil {
		return fmt.Errorf("%s was stopped: %w", doing, cause)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	e := &FailedError{Doing: doing, Cause: err.Error(), Lines: o.lines, File: file, err: err}
	for _, l := range o.lines {
		lower := strings.ToLower(l)
		if rest, ok := strings.CutPrefix(l, "ERROR: "); ok {
			e.Cause = rest
		} else if strings.HasPrefix(lower, "error") || strings.Contains(lower, "failed to solve") {
			e.Cause = l
		}
	}
	e.Cause = cutLine(e.Cause)
	return e
}

// digest is the digest in what docker push printed.
func (o *output) digest() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, l := range o.lines {
		if m := pushLine.FindStringSubmatch(l); m != nil {
			return m[1]
		}
	}
	return ""
}

// pushLine is the last line of docker push.
var pushLine = regexp.MustCompile(`digest: (sha256:[0-9a-f]{64})`)

// errNoEngine says that there is no container engine.
var errNoEngine = errors.New("there is no container engine here")
