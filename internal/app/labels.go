package app

import "github.com/berthdev/berth/internal/app/tags"

// labelsOf are the labels that become tags: those that AWS accepts. A sidecar has no
// object of its own.
func labelsOf(s subject) map[string]string {
	if s.host != "" {
		return nil
	}
	out, dropped := tags.Of(s.compose)
	for _, d := range dropped {
		s.notice(d.At, "the label %s does not become a tag: %s", d.Label, d.Why)
	}
	return out
}
