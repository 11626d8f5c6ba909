package managed

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Line is a series of versions, found by how an image's tag begins, and the version
// that AWS has for it.
type Line struct {
	tag string
	// Version is AWS's name of the version.
	Version string
	// Kind is another kind of database to use instead; empty for the same.
	Kind string
	// Says is a notice for the user.
	Says string
	// Extended lines are in RDS Extended Support, which AWS charges for.
	Extended bool
	// Later says that the version is newer than all versions in this table.
	Later bool
}

// lines are the versions of a kind; the first is for images whose tag has no
// version.
// https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-versions.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
func lines(kind string) []Line {
	switch kind {
	case Postgres:
		return []Line{
			{tag: "18", Version: "18"}, {tag: "17", Version: "17"}, {tag: "16", Version: "16"}, {tag: "15", Version: "15"}, {tag: "14", Version: "14"},
			{tag: "13", Version: "13", Extended: true},
		}
	case MySQL:
		return []Line{
			{tag: "9.7", Version: "9.7"}, {tag: "9", Version: "9.7", Says: "of MySQL 9, RDS has the long-term release 9.7"},
			{tag: "8.4", Version: "8.4"}, {tag: "8.0", Version: "8.0", Extended: true}, {tag: "8", Version: "8.4"},
		}
	case Valkey:
		return []Line{
			{tag: "9.1", Version: "9.1"}, {tag: "9.0", Version: "9.0"}, {tag: "9", Version: "9.1"},
			{tag: "8.2", Version: "8.2"}, {tag: "8.1", Version: "8.1"}, {tag: "8.0", Version: "8.0"}, {tag: "8", Version: "8.2"},
			{tag: "7", Version: "7.2"},
		}
	}
	return []Line{
		{tag: "7.1", Version: "7.1"}, {tag: "7.0", Version: "7.0"},
		{tag: "7", Version: "7.1", Says: "ElastiCache's latest Redis is 7.1"},
		{tag: "6", Version: "6.2"},
		{tag: "8", Version: "8.1", Kind: Valkey, Says: "ElastiCache has no Redis 8; Valkey 8.1 speaks the same protocol"},
	}
}

var (
	tagVersion = regexp.MustCompile(`(?:^|[^0-9.])([0-9]+(?:\.[0-9]+)*)`)
	// pgVersion matches the version of Postgres in the tags of images with an
	// extension, next to the extension's version.
	pgVersion = regexp.MustCompile(`(?:^|[^a-z])pg([0-9]+(?:\.[0-9]+)*)`)
)

// TagVersion reads the version out of an image's tag: 16 of 16-alpine, pg16 and
// 0.8.0-pg16; empty if it names none.
func TagVersion(tag string) string {
	if m := pgVersion.FindStringSubmatch(tag); m != nil {
		return m[1]
	}
	if m := tagVersion.FindStringSubmatch(tag); m != nil {
		return m[1]
	}
	return ""
}

const unnamedVersion = "the image's tag has no version; write one to keep it"

// Version is the version that AWS runs for an image's tag, as a Line whose kind and
// version are set; ok is false if AWS does not have it. A version that is newer
// than this table is passed to AWS as it is, which adds versions every year.
func Version(kind, tag string) (line Line, ok bool) {
	asked, all := TagVersion(tag), lines(kind)
	if asked == "" {
		return Line{Kind: kind, Version: all[0].Version, Says: unnamedVersion}, true
	}
	i := slices.IndexFunc(all, func(l Line) bool { return strings.HasPrefix(asked+".", l.tag+".") })
	if i < 0 {
		if kind == Redis || major(asked) < major(all[0].Version) {
			return Line{}, false
		}
		parts := strings.Split(asked, ".")
		if keep := strings.Count(all[0].Version, ".") + 1; len(parts) > keep {
			parts = parts[:keep]
		}
		return Line{Kind: kind, Version: strings.Join(parts, "."), Later: true}, true
	}
	l := all[i]
	l.Kind = cmp.Or(l.Kind, kind)
	switch {
	case l.Says != "" && l.Version != asked:
	case strings.Count(asked, ".") > strings.Count(l.Version, "."):
		l.Says = fmt.Sprintf("the latest %s, which may not be %s", l.Version, asked)
	default:
		l.Says = ""
	}
	return l, true
}

// major is the first number of a version.
func major(version string) int {
	first, _, _ := strings.Cut(version, ".")
	n, _ := strconv.Atoi(first) // never fails: tagVersion matches digits only
	return n
}

// Versions are AWS's versions of a kind.
func Versions(kind string) []string {
	var have []string
	for _, l := range lines(kind) {
		if l.Kind == "" && !slices.Contains(have, l.Version) {
			have = append(have, l.Version)
		}
	}
	return have
}
