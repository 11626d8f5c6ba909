package efs

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/berthdev/berth/internal/engine"
)

// attrMaker is the attribute Maker.
const attrMaker = "maker"

// tagAdopted holds the id of a file system that the user has taken over, because its
// creation token does not name berth. A copy of the tag names another file system.
const tagAdopted = "berth:adopted"

// tokenOf is the creation token of a desired state, at most 64 characters.
func tokenOf(w engine.Desired[FileSystem]) string {
	if w.Want.Maker == "" {
		return w.Token
	}
	return w.Want.Maker + "-" + w.Token
}

// makerAttr is the attribute Maker as a file system shows it. It is left out for a
// file system that was taken over, and for one that berth made before its tokens had
// a maker.
func makerAttr(f types.FileSystemDescription, tags map[string]string) map[string]string {
	const digits = 32 // of a token of the engine's
	token := aws.ToString(f.CreationToken)
	adopted := tags[tagAdopted] == aws.ToString(f.FileSystemId)
	maker := token
	if start := len(token) - digits; start >= 0 && isHex(token[start:]) {
		maker = strings.TrimSuffix(token[:start], "-")
	}
	if maker == "" || adopted {
		return map[string]string{}
	}
	return map[string]string{attrMaker: maker}
}

func isHex(s string) bool { return strings.Trim(s, "0123456789abcdef") == "" }

// withAdopted adds tagAdopted to the tags of a desired state if the user has taken the
// file system over: now, when the maker is to change, or earlier.
func withAdopted(tags map[string]string, object engine.Object, changed []string) map[string]string {
	if !slices.Contains(changed, attrMaker) && object.Tags[tagAdopted] != object.ID {
		return tags
	}
	out := maps.Clone(tags)
	out[tagAdopted] = object.ID
	return out
}
