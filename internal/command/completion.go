package command

import (
	"bufio"
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/images"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/regular"
)

// completion is what a shell offers for a word.
type completion = func(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective)

// fromFiles offers what the Compose files hold. Files that cannot be read complete to
// nothing: nobody sees a message there.
func fromFiles(files *cli.SourceOptions, names func(a *app.App) []string) completion {
	return func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		source, err := files.Load(c.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return names(source.App), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeNames lets the shell complete the names of services and secrets wherever a
// verb takes them.
func completeNames(files *cli.SourceOptions, root *cobra.Command) {
	for _, c := range root.Commands() {
		switch {
		case strings.Contains(c.Use, "[SERVICE"):
			c.ValidArgsFunction = fromFiles(files, workloadNames)
		case strings.Contains(c.Use, "[JOB"):
			c.ValidArgsFunction = fromFiles(files, scheduledNames)
		case c.HasParent() && c.Parent().Name() == "secret" && strings.Contains(c.Use, "NAME..."):
			c.ValidArgsFunction = fromFiles(files, secretNames)
		}
		completeNames(files, c)
	}
}

func workloadNames(a *app.App) []string {
	var out []string
	for _, w := range a.Containers() {
		out = append(out, w.Name)
	}
	return out
}

// secretNames are the secrets that the files ask for, without those that exist
// elsewhere: their names are paths and ARNs.
func secretNames(a *app.App) []string {
	var out []string
	for _, n := range a.Needs() {
		if !app.Existing(n.From) {
			out = append(out, n.From)
		}
	}
	return out
}

// completeFlags lets the shell complete the values of the flags that every verb has.
func completeFlags(files *cli.SourceOptions, root *cobra.Command) {
	complete(root, "region", cli.Regions()...)
	complete(root, "builder", string(images.Auto), string(images.Local), string(images.InAccount))
	for flag, values := range map[string]func(ctx context.Context) []string{
		"env":         func(context.Context) []string { return environments(files) },
		"profile":     func(ctx context.Context) []string { return composeProfiles(ctx, files) },
		"aws-profile": func(context.Context) []string { return awsProfiles() },
	} {
		_ = root.RegisterFlagCompletionFunc(flag, func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return values(c.Context()), cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// complete lets the shell complete the value of a flag. It fails only for a flag that
// there is not.
func complete(c *cobra.Command, flag string, values ...string) {
	_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// environments are those that have an overlay or a file of variables in the folder.
func environments(files *cli.SourceOptions) []string {
	found := append(slices.Collect(maps.Keys(project.Environments(folder(files)))), project.DefaultEnvironment)
	slices.Sort(found)
	return slices.Compact(found)
}

// folder is where the Compose files are, as far as the flags say.
func folder(files *cli.SourceOptions) string {
	switch {
	case files.Dir != "":
		return files.Dir
	case len(files.Files) > 0:
		return filepath.Dir(files.Files[0])
	}
	return "."
}

// composeProfiles are the profiles that services of the files have.
func composeProfiles(ctx context.Context, files *cli.SourceOptions) []string {
	all := *files
	all.Profiles = nil // one that is half typed is none
	source, err := all.Load(ctx)
	if err != nil {
		return nil
	}
	return source.Project.Compose.AllServices().GetProfiles()
}

// awsProfiles are the profiles of the AWS configuration of this computer.
func awsProfiles() []string {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil
	}
	var out []string
	section := regexp.MustCompile(`^\s*\[\s*(?:profile\s+)?([^\]\s]+)\s*\]`)
	for variable, name := range map[string]string{"AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "credentials"} {
		file := filepath.Join(home, ".aws", name)
		if other := os.Getenv(variable); other != "" {
			file = other
		}
		text, err := regular.Read(file, cli.MaxManifests)
		if err != nil {
			continue
		}
		for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
			if m := section.FindStringSubmatch(s.Text()); m != nil {
				out = append(out, m[1])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
