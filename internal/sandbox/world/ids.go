package world

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// Next returns the next number of a series, from 1.
func (a *Account) Next(series string) uint64 {
	a.ids[series]++
	return a.ids[series]
}

// NewID returns a new AWS-like id, such as vpc-0123456789abcdef0.
func (a *Account) NewID(prefix string) string {
	return prefix + "-0" + a.NewHex(prefix, 16)
}

// NewHex returns n new hexadecimal digits (at most 64), the next of a series.
func (a *Account) NewHex(series string, n int) string {
	sum := a.Hash(series, fmt.Sprint(a.Next(series)))
	return hex.EncodeToString(sum[:])[:n]
}

// NewUUID returns a new UUID, the next of a series.
func (a *Account) NewUUID(series string) string {
	h := a.NewHex(series, 32)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

// Chance returns a number in [0,1) that only depends on the seed and the words.
func (a *Account) Chance(words ...string) float64 {
	sum := a.Hash(words...)
	return float64(binary.BigEndian.Uint64(sum[:8])>>11) / (1 << 53)
}

// Hash returns a digest of the seed and the words.
func (a *Account) Hash(words ...string) [32]byte {
	b := binary.BigEndian.AppendUint64(nil, a.opt.Seed)
	for _, s := range words {
		b = append(append(b, s...), 0)
	}
	return sha256.Sum256(b)
}
