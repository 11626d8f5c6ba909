package command

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
)

func newConfig(o *cli.Options) *cobra.Command {
	v := &configVerb{Console: o.Console, source: o.Source}
	var all bool
	c := &cobra.Command{
		Use:     "config",
		Aliases: []string{"validate"}, SuggestFor: []string{"show", "settings"},
		Short: "Show the settings with their values and where they came from",
		Long: `config shows what the files and flags set; with --all also what has the value of
the preset or of a default. It calls nothing in AWS.`,
		Example: `  berth config                 what is set in the environment dev
  berth config --all           with presets and defaults
  berth -e prod config         with compose.prod.yaml and .env.prod
  berth config --json          always every setting`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return v.config(c.Context(), all) },
	}
	c.Flags().BoolVarP(&all, "all", "a", false, "also settings with the value of the preset or a default")
	return c
}

// setting is one setting in config --json.
type setting struct {
	Key    string `json:"key"`
	Value  any    `json:"value"`
	Origin string `json:"origin"`
	// Set says that the files or flags set it. Otherwise the preset, the image or a
	// default does.
	Set bool `json:"set"`
}

// configVerb shows the settings.
type configVerb struct {
	*cli.Console
	source *cli.SourceOptions
}

// configOutput is config --json.
type configOutput struct {
	Project     string `json:"project"`
	Environment string `json:"environment"`
	// InAWS is the environment's name in AWS, which contains the project's name
	// unless projects share it.
	InAWS    string       `json:"environment_in_aws"`
	Region   string       `json:"region"`
	Settings []setting    `json:"settings"`
	Notices  []cli.Notice `json:"notices"`
}

func (v *configVerb) config(ctx context.Context, all bool) error {
	source, err := v.source.Load(ctx)
	if err != nil {
		return err
	}
	v.PrintNotices(source.Notices)
	p, a := source.Project, source.App
	list := append(settings(a.Settings), serviceSettings(a, p.Positions)...)
	for i := range list {
		list[i].Set = list[i].Origin != "default" && !strings.HasPrefix(list[i].Origin, "preset ")
	}
	if v.JSON {
		return v.PrintJSON(configOutput{a.Name, a.Env, a.Environment, a.Region, list, cli.Notices(v.Console)})
	}
	shown := slices.Clone(list)
	if !all {
		shown = slices.DeleteFunc(shown, func(s setting) bool { return !s.Set && s.Key != "preset" })
	}
	rows := [][]string{{"SETTING", "VALUE", "FROM"}}
	rows = append(rows, rowsOf(v.names(p, a))...)
	err = render.Table(v.Streams.Out, append(rows, rowsOf(shown)...))
	if n := len(list) - len(shown); n > 0 {
		verb := "have"
		if n == 1 {
			verb = "has"
		}
		v.Say("%d more "+verb+" the value of the preset or a default: `berth config --all` shows them", n)
	}
	return err
}

// settings lists the settings by their tags, in the order of the struct.
func settings(s app.Settings) []setting {
	var list []setting
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		key, ok := v.Type().Field(i).Tag.Lookup("setting")
		if !ok {
			continue
		}
		list = append(list, setting{
			Key: key, Value: v.Field(i).FieldByName("Value").Interface(), Origin: v.Field(i).FieldByName("Origin").String(),
		})
	}
	return list
}
