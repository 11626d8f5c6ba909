package managed

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Line is a series of versions that AWS has, by what an image's tag begins
// with.
type Line struct {
	tag string
	// Version is what AWS calls it.
	Version string
	// Kind is another kind of database that takes over; empty for the same.
	Kind string
	// Says is what the user should know.
	Says string
	// Extended lines are in RDS Extended Support, which AWS charges for.
	Extended bool
	// Later says that the version is later than all that are known here.
	Later bool
}

// lines are the versions of a kind; the first is the one of an image without a
// version in its tag.
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
			{tag: "9.7", Version: "9.7"}, {tag: "9", Version: "9.7", Says: "RDS has of MySQL 9 its long-term release 9.7"},
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
		{tag: "7", Version: "7.1", Says: "ElastiCache has no later Redis than 7.1"},
		{tag: "6", Version: "6.2"},
		{tag: "8", Version: "8.1", Kind: Valkey, Says: "ElastiCache has no Redis 8; Valkey 8.1 speaks the same protocol"},
	}
}

var (
	tagVersion = regexp.MustCompile(`(?:^|[^0-9.])([0-9]+(?:\.[0-9]+)*)`)
	// pgVersion is how images with an extension of Postgres name its version,
	// beside that of the extension.
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

const unnamedVersion = "the image's tag names no version; one that does keeps it"

// Version is what AWS runs for an image's tag, as a line whose kind and
// version are set, and whether it can run one. A version later than all that
// are known here is for AWS to judge: it adds some every year.
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
		l.Says = fmt.Sprintf("it has the latest of %s, which need not be %s", l.Version, asked)
	default:
		l.Says = ""
	}
	return l, true
}

// major is the first number of a version.
func major(version string) int {
	first, _, _ := strings.Cut(version, ".")
	n, _ := strconv.Atoi(first) // digits alone, and few: they are of an image's tag
	return n
}

// Versions are the versions that AWS has of a kind.
func Versions(kind string) []string {
	var have []string
	for _, l := range lines(kind) {
		if l.Kind == "" && !slices.Contains(have, l.Version) {
			have = append(have, l.Version)
		}
	}
	return have
}
