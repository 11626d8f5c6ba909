package app

import (
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/credential"
)

// The bounds of tags: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
// An object has at most 50, of which berth needs some for itself.
const (
	maxTags     = 40
	maxTagKey   = 128
	maxTagValue = 256
)

var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// labelsOf are the labels that become tags: those that AWS accepts.
func labelsOf(s subject) map[string]string {
	var out map[string]string
	all := map[string]string{}
	where := map[string]string{}
	for k, v := range s.compose.Labels {
		all[k], where[k] = v, "labels."+k
	}
	if d := s.compose.Deploy; d != nil {
		for k, v := range d.Labels {
			all[k], where[k] = v, "deploy.labels."+k
		}
	}
	for _, key := range sorted(all) {
		if why := noTag(key, all[key]); why != "" {
			s.notice(where[key], "the label %s does not become a tag: %s", key, why)
			continue
		}
		if len(out) == maxTags {
			s.notice(where[key], "the label %s does not become a tag: an object has at most %d besides berth's own", key, maxTags)
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[key] = all[key]
	}
	return out
}

func noTag(key, value string) string {
	lower := strings.ToLower(key)
	switch {
	case strings.HasPrefix(lower, "aws:"), strings.HasPrefix(lower, "berth:"), key == "Name":
		return "the name is reserved"
	case key == "" || len(key) > maxTagKey || len(value) > maxTagValue:
		return "names have 1 to 128 characters and values up to 256"
	case credential.Variable(key, value):
		return "it looks like a credential, and everyone who lists objects can read tags"
	case !tagText.MatchString(key) || !tagText.MatchString(value):
		return "tags have letters, digits, spaces and _ . : / = + - @"
	}
	return ""
}
