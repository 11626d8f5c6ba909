package sandbox

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// count is the next number of a series, from 1.
func (a *Account) count(series string) uint64 {
	a.ids[series]++
	return a.ids[series]
}

// newID is a fresh AWS-like id, as in vpc-0123456789abcdef0.
func (a *Account) newID(prefix string) string {
	return prefix + "-0" + a.newHex(prefix, 16)
}

// newHex is n fresh hexadecimal digits (at most 64), the next of a series.
func (a *Account) newHex(series string, n int) string {
	sum := a.hash(series, fmt.Sprint(a.count(series)))
	return hex.EncodeToString(sum[:])[:n]
}

// newUUID is a fresh UUID, the next of a series.
func (a *Account) newUUID(series string) string {
	h := a.newHex(series, 32)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

// chance is a number in [0,1) that depends on the seed and the words only.
func (a *Account) chance(words ...string) float64 {
	sum := a.hash(words...)
	return float64(binary.BigEndian.Uint64(sum[:8])>>11) / (1 << 53)
}

func (a *Account) hash(words ...string) [32]byte {
	b := binary.BigEndian.AppendUint64(nil, a.opt.Seed)
	for _, s := range words {
		b = append(append(b, s...), 0)
	}
	return sha256.Sum256(b)
}
