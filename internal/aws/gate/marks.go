package gate

import (
	"context"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// ReadMarks reads the tags of objects whose names say whose they are, one call for each. An
// object without its owner's mark is foreign.
func ReadMarks(ctx context.Context, objects []engine.Object, tags func(context.Context, engine.Object) (map[string]string, error)) error {
	return concurrent.Each(objects, func(i int, l engine.Object) (err error) {
		objects[i].Tags, err = tags(ctx, l)
		if err != nil {
			return err
		}
		objects[i].LastApplied = objects[i].Tags[engine.TagLastApplied]
		if mark, ok := engine.MarkOf(objects[i].Tags); !ok || mark.Address.Owner != l.Address.Owner {
			objects[i].Foreign = "it does not carry berth's tags"
		}
		return nil
	})
}
