// Package uuid has what AWS's session-manager-plugin uses of github.com/twinj/uuid. The
// plugin needs a revision of 2015 without a version, which module proxies do not serve.
package uuid

import (
	"crypto/rand"
	"fmt"
)

// UUID is a UUID.
type UUID interface {
	Bytes() []byte
	String() string
}

// Format is how UUIDs are written.
type Format string

// CleanHyphen is the usual form, without braces.
const CleanHyphen Format = "%x-%x-%x-%x-%x"

// SwitchFormat does nothing: there is one format.
func SwitchFormat(Format) {}

type array [16]byte

func (a array) Bytes() []byte { return a[:] }

func (a array) String() string {
	return fmt.Sprintf(string(CleanHyphen), a[0:4], a[4:6], a[6:8], a[8:10], a[10:16])
}

// New is the UUID of 16 bytes.
func New(b []byte) UUID {
	var a array
	copy(a[:], b)
	return a
}

// NewV4 is a random UUID.
func NewV4() UUID {
	var a array
	_, _ = rand.Read(a[:])
	a[6], a[8] = a[6]&0x0f|0x40, a[8]&0x3f|0x80
	return a
}
