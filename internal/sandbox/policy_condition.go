package sandbox

import (
	"slices"
	"strings"
	"time"
)

// conditions are a statement's: operator, key, values. The sandbox knows Null,
// StringEquals, StringLike, ArnEquals and ArnLike, and the keys that facts has.
// Any other condition counts as if it held.
type conditions map[string]map[string]oneOrMany[string]

// facts are what is known of a call, by the name of a condition's key. A key
// with an empty list is known to be absent.
type facts map[string][]string

const tagKey = "aws:ResourceTag/"

// hold tells whether every condition holds.
func (c conditions) hold(known facts) bool {
	for operator, keys := range c {
		for key, values := range keys {
			have, ok := known[key]
			if _, tagged := known[tagKey]; !ok && (!tagged || !strings.HasPrefix(key, tagKey)) {
				continue
			}
			if !holds(operator, have, values) {
				return false
			}
		}
	}
	return true
}

func holds(operator string, have, values []string) bool {
	switch operator {
	case "Null":
		return slices.Equal(values, []string{"true"}) == (len(have) == 0)
	case "StringEquals", "ArnEquals", "StringLike", "ArnLike":
		return slices.ContainsFunc(have, func(h string) bool { return matchAny(values, h, false) })
	}
	return true
}

// TagsOf are the tags of an object; false if it is not there, or if the index
// of tags does not know its kind.
func (w *World) TagsOf(arn string) (map[string]string, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.tagsOf(arn)
}

// unindexed is a part whose objects carry tags that policies know and the index
// of tags does not.
type unindexed interface {
	carried(arn string) (tags map[string]string, ok bool)
}

func (w *World) tagsOf(arn string) (tags map[string]string, ok bool) {
	for _, part := range w.parts {
		if u, own := part.(unindexed); own && !ok {
			tags, ok = u.carried(arn)
		}
		if ix, indexes := part.(indexed); indexes {
			ix.index(func(a string, _ time.Time, t map[string]string) {
				if a == arn {
					tags, ok = t, true
				}
			})
		}
	}
	return tags, ok
}

// resourceFacts are the tags of an object, and that it has no others. One that
// is gone is left to the operation's handler: AWS mostly says that it is not
// there.
func (w *World) resourceFacts(arn string) facts {
	tags, ok := w.tagsOf(arn)
	if !ok {
		return facts{}
	}
	known := facts{tagKey: nil}
	for k, v := range tags {
		known[tagKey+k] = []string{v}
	}
	return known
}

// passedTo is the service that an operation hands a role to.
func passedTo(service string) facts {
	principal := map[string]string{"ECS": taskPrincipal, "CodeBuild": buildPrincipal, "S3Files": filesPrincipal}[service]
	if principal == "" {
		return nil
	}
	return facts{"iam:PassedToService": {principal}}
}
