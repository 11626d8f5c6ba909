package render

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/terminal"
)

// ShortARN is the last part of an ARN, which tells objects apart; other ids
// stay as they are. JSON shows them whole.
func ShortARN(id string) string {
	if !strings.HasPrefix(id, "arn:") {
		return id
	}
	if i := strings.LastIndexByte(id, '/'); i >= 0 {
		return id[i+1:]
	}
	return id[strings.LastIndexByte(id, ':')+1:]
}

// imageWidth keeps the table within 80 columns in most cases.
const imageWidth = 22

// digestLetters are enough to tell the images of a project apart.
const digestLetters = 7

// ShortImage is an image without its registry, and with the first letters of its
// digest.
func ShortImage(image string) string {
	name, digest, pinned := strings.Cut(image, "@")
	name = name[strings.LastIndexByte(name, '/')+1:]
	if pinned {
		name += "@" + strings.TrimPrefix(digest, "sha256:")[:min(digestLetters, len(strings.TrimPrefix(digest, "sha256:")))]
	}
	if r := []rune(name); len(r) > imageWidth {
		name = "…" + string(r[len(r)-imageWidth+1:])
	}
	return name
}

// Age is a duration in its largest unit: "45s", "12m", "3h", "5d".
func Age(d time.Duration) string {
	switch {
	case d < 0:
		return "0s"
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	}
	return fmt.Sprintf("%dd", int(d.Hours()/24))
}

// Wrapped breaks a text into lines of 80 columns; all but the first begin with
// indent.
func Wrapped(text, indent string) []string {
	const columns = 80
	lead := text[:len(text)-len(strings.TrimLeft(text, " "))]
	lines := terminal.Fold(strings.TrimLeft(text, " "), columns-max(len(lead), len(indent)))
	for i := range lines {
		if i == 0 {
			lines[i] = lead + lines[i]
			continue
		}
		lines[i] = indent + lines[i]
	}
	return lines
}

// ShortID is enough of a task's id to tell it apart.
func ShortID(id string) string { return id[:min(len(id), 8)] }

var (
	groupARN = regexp.MustCompile(`arn:[^ )]*:targetgroup/([^/ )]+)/[0-9a-f]+`)
	taskID   = regexp.MustCompile(`\b([0-9a-f]{8})[0-9a-f]{24}\b`)
)

// ShortWords shortens the ARNs of target groups and the ids of tasks in a text of
// AWS's, to what tells them apart.
func ShortWords(text string) string {
	return taskID.ReplaceAllString(groupARN.ReplaceAllString(text, "$1"), "$1")
}
