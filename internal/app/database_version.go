package app

import (
	"regexp"
	"slices"
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
}

// lines are the versions of a kind; the first is the one of an image without a
// version in its tag.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_PostgreSQL.html
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
func lines(kind string) []line {
	switch kind {
	case KindPostgres:
		var out []line
		for _, v := range []string{"17", "16", "15", "14", "13"} {
			out = append(out, line{tag: v, version: v})
		}
		return out
	case KindMySQL:
		return []line{
			{tag: "8.4", version: "8.4"}, {tag: "8.0", version: "8.0"}, {tag: "8", version: "8.4"}, {tag: "lts", version: "8.4"},
		}
	case KindValkey:
		return []line{
			{tag: "8.1", version: "8.1"}, {tag: "8.0", version: "8.0"}, {tag: "8", version: "8.1"}, {tag: "7", version: "7.2"},
		}
	}
	return []line{
		{tag: "7.0", version: "7.0"}, {tag: "7.1", version: "7.1"},
		{tag: "7", version: "7.1", says: "ElastiCache has no later Redis than 7.1"},
		{tag: "6", version: "6.2"},
		{tag: "8", version: "8.1", kind: KindValkey, says: "ElastiCache has no Redis 8; Valkey 8.1 speaks the same protocol"},
	}
}

// newest is the line of an image whose tag names no version.
func newest(kind string) line {
	if kind == KindRedis {
		return line{version: "7.1"}
	}
	return lines(kind)[0]
}

var tagVersion = regexp.MustCompile(`(?:^|[^0-9.])(?:pg)?([0-9]+(?:\.[0-9]+)*)`)

// versionOf reads the version out of an image's tag: 16 of 16-alpine, pg16 and
// 16.4-bookworm; empty if it names none.
func versionOf(tag string) string {
	m := tagVersion.FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return m[1]
}

// databaseVersion finds the version that AWS runs for an image's tag.
func (w *workload) databaseVersion(d *Database) {
	_, tag := imageName(w.compose.Image)
	asked := versionOf(tag)
	if asked == "" {
		l := newest(d.Kind)
		d.Version = l.version
		w.notice("image", "AWS runs %s %s: the image's tag names no version; one that does keeps it", d.Kind, d.Version)
		return
	}
	i := slices.IndexFunc(lines(d.Kind), func(l line) bool { return strings.HasPrefix(asked+".", l.tag+".") })
	if i < 0 {
		var have []string
		for _, l := range lines(d.Kind) {
			if l.kind == "" && !slices.Contains(have, l.version) {
				have = append(have, l.version)
			}
		}
		w.refuse("image", "AWS has no managed "+d.Kind+" "+asked, "it has "+strings.Join(have, ", "), "use an image of one of these versions, or take x-berth.managed out")
		return
	}
	l := lines(d.Kind)[i]
	d.Version = l.version
	if l.kind != "" {
		d.Kind = l.kind
	}
	switch {
	case l.says != "" && l.version != asked:
		w.notice("image", "AWS runs %s %s: %s", d.Kind, d.Version, l.says)
	case strings.Count(asked, ".") > strings.Count(l.version, "."):
		w.notice("image", "AWS runs the latest %s %s it has, which need not be %s", d.Kind, l.version, asked)
	}
}
