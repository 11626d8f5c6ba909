package aws

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// plainBodies returns a configuration whose clients send bodies that net/http reads in
// pieces. The SDK closes a body as soon as the answer's headers are there, when net/http may
// still look for its end. A body that writes itself then fails with io.EOF, net/http closes
// the connection, and the rest of the answer is lost; one that is read has just ended.
// Seen with smithy-go 1.28.9, in safeWriteToReadCloser.
func plainBodies(cfg aws.Config) aws.Config {
	plain := middleware.BuildMiddlewareFunc("PlainBody", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (
		middleware.BuildOutput, middleware.Metadata, error,
	) {
		r, ok := in.Request.(*smithyhttp.Request)
		if !ok {
			return next.HandleBuild(ctx, in)
		}
		body, ok := r.GetStream().(io.ReadSeeker)
		if !ok { // none, or one that writes nothing itself
			return next.HandleBuild(ctx, in)
		}
		with, err := r.SetStream(struct{ io.ReadSeeker }{body})
		if err != nil {
			return middleware.BuildOutput{}, middleware.Metadata{}, fmt.Errorf("preparing the body of a request: %w", err)
		}
		in.Request = with
		return next.HandleBuild(ctx, in)
	})
	cfg.APIOptions = append(slices.Clone(cfg.APIOptions), func(s *middleware.Stack) error { return s.Build.Add(plain, middleware.After) })
	return cfg
}
