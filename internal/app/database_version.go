package app

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// line is a series of versions that AWS has, by what an image's tag begins
// with.
type line struct {
	tag, version string
	// kind is another kind of database that takes over; empty for the same.
	kind string
	// says is what the user should know.
	says string
	// extended lines are in RDS Extended Support, which AWS charges for.
	extended bool
	// later than every version that is known here.
	later bool
}

// lines are the versions of a kind; the first is the one of an image without a
// version in its tag.
// https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-versions.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
func lines(kind string) []line {
	switch kind {
	case KindPostgres:
		return []line{
			{tag: "18", version: "18"}, {tag: "17", version: "17"}, {tag: "16", version: "16"}, {tag: "15", version: "15"}, {tag: "14", version: "14"},
			{tag: "13", version: "13", extended: true},
		}
	case KindMySQL:
		return []line{
			{tag: "9.7", version: "9.7"}, {tag: "9", version: "9.7", says: "RDS has of MySQL 9 its long-term release 9.7"},
			{tag: "8.4", version: "8.4"}, {tag: "8.0", version: "8.0", extended: true}, {tag: "8", version: "8.4"},
		}
	case KindValkey:
		return []line{
			{tag: "9.1", version: "9.1"}, {tag: "9.0", version: "9.0"}, {tag: "9", version: "9.1"},
			{tag: "8.2", version: "8.2"}, {tag: "8.1", version: "8.1"}, {tag: "8.0", version: "8.0"}, {tag: "8", version: "8.2"},
			{tag: "7", version: "7.2"},
		}
	}
	return []line{
		{tag: "7.1", version: "7.1"}, {tag: "7.0", version: "7.0"},
		{tag: "7", version: "7.1", says: "ElastiCache has no later Redis than 7.1"},
		{tag: "6", version: "6.2"},
		{tag: "8", version: "8.1", kind: KindValkey, says: "ElastiCache has no Redis 8; Valkey 8.1 speaks the same protocol"},
	}
}

var (
	tagVersion = regexp.MustCompile(`(?:^|[^0-9.])([0-9]+(?:\.[0-9]+)*)`)
	// pgVersion is how images with an extension of Postgres name its version,
	// beside that of the extension.
	pgVersion = regexp.MustCompile(`(?:^|[^a-z])pg([0-9]+(?:\.[0-9]+)*)`)
)

// versionOf reads the version out of an image's tag: 16 of 16-alpine, pg16 and
// 0.8.0-pg16; empty if it names none.
func versionOf(tag string) string {
	if m := pgVersion.FindStringSubmatch(tag); m != nil {
		return m[1]
	}
	if m := tagVersion.FindStringSubmatch(tag); m != nil {
		return m[1]
	}
	return ""
}

const unnamedVersion = "the image's tag names no version; one that does keeps it"

// managedVersion is what AWS runs for an image's tag, as a line whose kind and
// version are set, and whether it can run one. A version later than all that
// are known here is for AWS to judge: it adds some every year.
func managedVersion(kind, tag string) (line, bool) {
	asked, all := versionOf(tag), lines(kind)
	if asked == "" {
		return line{kind: kind, version: all[0].version, says: unnamedVersion}, true
	}
	i := slices.IndexFunc(all, func(l line) bool { return strings.HasPrefix(asked+".", l.tag+".") })
	if i < 0 {
		if kind == KindRedis || major(asked) < major(all[0].version) {
			return line{}, false
		}
		parts := strings.Split(asked, ".")
		if keep := strings.Count(all[0].version, ".") + 1; len(parts) > keep {
			parts = parts[:keep]
		}
		return line{kind: kind, version: strings.Join(parts, "."), later: true}, true
	}
	l := all[i]
	l.kind = cmp.Or(l.kind, kind)
	switch {
	case l.says != "" && l.version != asked:
	case strings.Count(asked, ".") > strings.Count(l.version, "."):
		l.says = fmt.Sprintf("it has the latest of %s, which need not be %s", l.version, asked)
	default:
		l.says = ""
	}
	return l, true
}

// major is the first number of a version.
func major(version string) int {
	first, _, _ := strings.Cut(version, ".")
	n, _ := strconv.Atoi(first) // digits alone, and few: they are of an image's tag
	return n
}

// databaseVersion finds the version that AWS runs for the image's tag.
func (w *workload) databaseVersion(d *Database) {
	_, tag := imageName(w.compose.Image)
	l, ok := managedVersion(d.Kind, tag)
	if !ok {
		var have []string
		for _, l := range lines(d.Kind) {
			if l.kind == "" && !slices.Contains(have, l.version) {
				have = append(have, l.version)
			}
		}
		w.refuse("image", "AWS has no managed "+d.Kind+" "+versionOf(tag), "it has "+strings.Join(have, ", "), "use an image of one of these versions, or take x-berth.managed out")
		return
	}
	d.Kind, d.Version = l.kind, l.version
	if l.says != "" {
		w.notice("image", "AWS runs %s %s: %s", d.Kind, d.Version, l.says)
	}
	if l.later {
		w.notice("image", "%s %s is later than the versions that berth knows: AWS refuses it if it has none", d.Kind, d.Version)
	}
	if l.extended {
		w.notice("image", "%s %s is in RDS Extended Support, which AWS charges for by vCPU and hour; a later version has no such charge", d.Kind, d.Version)
	}
}
