package deploy

import (
	"cmp"
	"context"

	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/images"
	"github.com/berthdev/berth/internal/state"
)

// buildPlace is where images are built.
type buildPlace int

const (
	// buildsHere builds on this machine. The resources for builds in the account
	// are deleted.
	buildsHere buildPlace = iota
	// buildsHereOrThere builds on this machine, while another machine may build in
	// the account: the resources for that stay.
	buildsHereOrThere
	// buildsInAccount builds with CodeBuild.
	buildsInAccount
)

// builders makes the builder of each call.
type builders struct {
	at   buildPlace
	make func(*images.Source) ecr.Builder
}

// chooseBuilder decides who builds the project's images: the target takes
// precedence over the files.
func (p *Project) chooseBuilder(ctx context.Context) (builders, error) {
	if len(p.Source.App.Builds()) == 0 {
		return builders{}, nil
	}
	where, err := images.ParseWhere(cmp.Or(string(p.Target.Where), p.Source.App.Settings.Builder.Value))
	if err != nil {
		return builders{}, err
	}
	out := builders{make: p.Target.Engine}
	switch where {
	case images.InAccount:
		return builders{buildsInAccount, p.inAccount}, nil
	case images.Auto:
		out.at = buildsHereOrThere
	case images.Local:
		out.at = buildsHere
	}
	if out.make != nil {
		return out, nil
	}
	path, why := images.Engine(ctx)
	switch {
	case path != "":
		out.make = func(s *images.Source) ecr.Builder {
			return images.NewDocker(path, s, images.RegistryLogin(p.Target.Clients.ECR))
		}
	case where == images.Auto:
		return builders{buildsInAccount, p.inAccount}, nil
	default:
		out.make = func(*images.Source) ecr.Builder { return images.Nobody{Why: why} }
	}
	return out, nil
}

// inAccount builds with CodeBuild, which takes the files from the account's
// bucket.
func (p *Project) inAccount(s *images.Source) ecr.Builder {
	t := p.Target
	uploads, ok := t.Store.(*state.Bucket)
	if !ok {
		uploads = t.bucket()
	}
	return images.CodeBuild{
		API: t.Clients.CodeBuild, Logs: t.Clients.Logs, Uploads: uploads, Source: s, Clock: t.Clock, Nonce: t.Nonce,
	}
}
