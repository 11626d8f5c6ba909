package command

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/ecscluster"
	"github.com/berthdev/berth/internal/operator/manifests"
	"github.com/berthdev/berth/internal/operator/modelled"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/regular"
	"github.com/berthdev/berth/internal/terminal"
)

// manifestsVerb shows what the operator would do with Kubernetes manifests.
type manifestsVerb struct{ *cli.Opener }

// objects are the Kubernetes objects in the files that -f names; ok is false
// if the files are Compose files. "-" is standard input, which may hold either.
func (v *manifestsVerb) objects() (m manifests.Objects, ok bool, err error) {
	for _, name := range v.Source.Files {
		text, err := v.read(name)
		if err != nil || !manifests.Are(text) && (name != cli.Stdin || project.IsCompose(text)) {
			return m, false, errors.Join(err, v.mixed(ok, name))
		}
		ok = true
		more, err := manifests.Read(name, bytes.NewReader(text))
		if err != nil {
			return m, false, err
		}
		m.Providers = append(m.Providers, more.Providers...)
		m.Clusters = append(m.Clusters, more.Clusters...)
		m.Ignored = append(m.Ignored, more.Ignored...)
	}
	return m, ok, nil
}

// mixed refuses a Compose file beside manifests.
func (v *manifestsVerb) mixed(manifests bool, name string) error {
	if !manifests {
		return nil
	}
	return fmt.Errorf("%s holds no Kubernetes objects, but the files before it do", name)
}

// read reads a file, or standard input. It returns nil if there is no such file:
// loading it as a Compose file gives a better message.
func (v *manifestsVerb) read(name string) ([]byte, error) {
	var text []byte
	var err error
	if name == cli.Stdin {
		text, err = v.Source.StandardInput()
	} else {
		text, err = regular.Read(v.Source.Path(name), cli.MaxManifests)
		var large *regular.SizeError
		if err != nil && !errors.As(err, &large) {
			return nil, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return text, nil
}

func (v *manifestsVerb) plan(ctx context.Context, m manifests.Objects, exitCode bool) error {
	if len(m.Clusters) == 0 {
		return &cli.RemedyError{
			Err:    errors.New("there is no ECSCluster among the manifests"),
			Advice: "`kubectl get awsprovider,ecscluster -A -o yaml | berth plan -f -` plans all in the Kubernetes cluster",
		}
	}
	f := ecscluster.Foreseer{Connector: account.NewAmazon(v.Target.AWSProfile), Region: v.Source.Region}
	if v.Target.Sandbox {
		f.Connector = &modelled.Worlds{}
	}
	found, err := f.Foresee(ctx, m)
	if err != nil {
		return err
	}
	changes := false
	for _, o := range found {
		changes = changes || o.Plan != nil && !o.Plan.Empty()
	}
	if v.JSON {
		err = v.PrintJSON(map[string]any{"objects": foreseenRecords(found)})
	} else {
		v.printForeseen(found)
	}
	if err == nil && exitCode && changes {
		return &cli.ExitError{Code: cli.ExitChanges}
	}
	return err
}

// foreseenRecord is an object in plan --json.
type foreseenRecord struct {
	ecscluster.Foreseen
	Plan *plantext.Record `json:"plan,omitempty"`
}

func foreseenRecords(list []ecscluster.Foreseen) []foreseenRecord {
	out := make([]foreseenRecord, len(list))
	for i, o := range list {
		out[i].Foreseen = o
		if o.Plan != nil {
			plan := plantext.RecordOf(o.Plan)
			out[i].Plan = &plan
		}
	}
	return out
}

func (v *manifestsVerb) printForeseen(list []ecscluster.Foreseen) {
	told := map[string]bool{}
	counts := map[string]int{}
	for _, o := range list {
		v.Print("ECSCluster %s/%s: cluster %s, account %s, region %s", o.Namespace, o.Name, o.Cluster, cmp.Or(o.Account, "-"), cmp.Or(o.Region, "-"))
		switch {
		case o.Stays != "":
			counts["left alone"]++
			v.printWrapped("  left alone: ", o.Stays)
		case o.Plan.Empty():
			counts["unchanged"]++
			v.Print("  %s; nothing to do", o.Whose)
		default:
			counts["to change"]++
			v.Print("  %s", o.Whose)
			for _, a := range o.Plan.Actions {
				v.printAction(a)
			}
		}
		for _, note := range o.Notes {
			if !told[note] { // a provider's notes are the same for all its clusters
				told[note] = true
				v.printWrapped("  note: ", note)
			}
		}
		v.Print("")
	}
	v.Print("%d objects: %d to change, %d unchanged, %d left alone. Nothing was changed.",
		len(list), counts["to change"], counts["unchanged"], counts["left alone"])
}

func (v *manifestsVerb) printAction(a *engine.Action) {
	v.Print("  %s %s", plantext.Symbol(a.Verb), a.Verb)
	for _, r := range a.Reasons {
		v.printWrapped("      ", strings.TrimSpace(plantext.Reason(r)))
	}
}

// printWrapped breaks a text at blanks; the lines after the first are indented
// by as much as the head.
func (v *manifestsVerb) printWrapped(head, text string) {
	const width = 80
	lines := terminal.Fold(text, width-len(head))
	v.Print("%s", head+strings.Join(lines, "\n"+strings.Repeat(" ", len(head))))
}
