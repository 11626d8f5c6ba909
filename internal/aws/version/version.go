// Package version compares the versions of database and cache engines, such as
// 16.4 and 8.0.mysql_aurora.3.
//
// It imports nothing of berth.
package version

// Older says whether version a comes before b, number by number up to the
// shorter one's length: 16 is not older than 16.4, nor the other way round.
func Older(a, b string) bool {
	as, bs := numbers(a), numbers(b)
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return as[i] < bs[i]
		}
	}
	return false
}

func numbers(version string) []int {
	var out []int
	n, open := 0, false
	for _, r := range version + "." {
		switch {
		case r >= '0' && r <= '9':
			n, open = n*10+int(r-'0'), true
		case open:
			out, n, open = append(out, n), 0, false
		}
	}
	return out
}
