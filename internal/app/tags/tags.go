// Package tags says which labels of a service become tags of its objects in AWS. It
// may import internal/credential: a label that looks like a credential becomes none.
package tags

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

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

// Dropped is a label that becomes no tag.
type Dropped struct {
	// At is its key below the service, Label its name.
	At, Label string
	// Why is the reason.
	Why string
}

// Of are the labels of a service that become tags, and those that do not.
func Of(c types.ServiceConfig) (out map[string]string, dropped []Dropped) {
	all := map[string]string{}
	where := map[string]string{}
	for k, v := range c.Labels {
		all[k], where[k] = v, "labels."+k
	}
	if d := c.Deploy; d != nil {
		for k, v := range d.Labels {
			all[k], where[k] = v, "deploy.labels."+k
		}
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		why := noTag(key, all[key])
		if why == "" && len(out) == maxTags {
			why = "an object has at most 40 besides berth's own"
		}
		if why != "" {
			dropped = append(dropped, Dropped{where[key], key, why})
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[key] = all[key]
	}
	return out, dropped
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
