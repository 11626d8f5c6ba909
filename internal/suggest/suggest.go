// Package suggest finds the word that a mistyped one was meant to be. It imports
// nothing of berth.
package suggest

import "slices"

// To is the name that a mistyped word most likely means; ok is false if none is
// similar.
func To(word string, names []string) (name string, ok bool) {
	best := len(word)/3 + 1
	for _, n := range slices.Sorted(slices.Values(names)) {
		if d := Distance(word, n); d < best {
			best, name, ok = d, n, true
		}
	}
	return name, ok
}

// Distance is the number of letters to add, remove, change or swap with their
// neighbour to get from a to b.
func Distance(a, b string) int {
	if len(a) > maxWord || len(b) > maxWord {
		return max(len(a), len(b))
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// maxWord is the longest word that Distance compares.
const maxWord = 100
