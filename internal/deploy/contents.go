package deploy

import (
	"context"
	"errors"

	"github.com/berthdev/berth/internal/app"
)

// contents are what the images are built from.
type contents struct {
	// digests are by app.Build.Key; nil without builds.
	digests map[string]string
	// unread is what is wrong with the builds' files.
	unread *app.Problems
}

// readContents reads what the images are built from, before AWS is asked for
// anything. A teardown builds nothing, and a ReadOnly request goes on without files
// that cannot be read.
func readContents(ctx context.Context, s *session, req Request) (contents, error) {
	var out contents
	if req.Down || s.images == nil {
		return out, nil
	}
	s.begin(StageContents)
	c, err := s.images.Read(ctx)
	if c != nil {
		s.tell(Noticed{StageContents, c.Notices})
		out.digests = c.Digests
	}
	if req.ReadOnly && errors.As(err, &out.unread) {
		return out, nil
	}
	return out, err
}
