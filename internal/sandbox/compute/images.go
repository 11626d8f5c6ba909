package compute

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Images are the digests of the images that tasks run.
type Images struct {
	s     *state
	needs *Needs
}

// PushImage changes the content of an image reference, so that it gets a new
// digest.
func (p *Images) PushImage(ref string) {
	if p.s.Images == nil {
		p.s.Images = map[string]int{}
	}
	p.s.Images[ref]++
}

// ImageDigest returns the present digest of an image reference, such as
// sha256:0123...; a digest in the reference itself takes precedence.
func (p *Images) ImageDigest(ref string) string {
	if _, pinned, ok := strings.Cut(ref, "@"); ok {
		return pinned
	}
	if digest, ok := p.needs.Registry.Pullable(ref); ok && digest != "" {
		return digest
	}
	sum := sha256.Sum256([]byte(ref + "#" + strconv.Itoa(p.s.Images[ref])))
	return "sha256:" + hex.EncodeToString(sum[:])
}
