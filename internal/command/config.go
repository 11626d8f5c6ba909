package command

import (
	"context"
	"reflect"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app"
)

func newConfig(o *options) *cobra.Command {
	v := &configVerb{console: o.console, source: o.source}
	return &cobra.Command{
		Use:     "config",
		Aliases: []string{"validate"}, SuggestFor: []string{"show", "settings"},
		Short: "Show every setting with its value and where it came from",
		Example: `  berth config                 the settings of the environment dev
  berth -e prod config         with compose.prod.yaml and .env.prod
  berth config --json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return v.config(c.Context()) },
	}
}

// setting is one setting in config --json.
type setting struct {
	Key    string `json:"key"`
	Value  any    `json:"value"`
	Origin string `json:"origin"`
}

// configVerb shows the settings.
type configVerb struct {
	*console
	source *sourceOptions
}

func (v *configVerb) config(ctx context.Context) error {
	source, err := v.source.load(ctx)
	if err != nil {
		return err
	}
	v.printNotices(source.Notices)
	p, a := source.Project, source.App
	list := append(settings(a.Settings), serviceSettings(a, p.Positions)...)
	if v.json {
		return v.printJSON(map[string]any{
			"project": a.Name, "environment": a.Env, "owner": a.Environment, "region": a.Region, "settings": list,
		})
	}
	rows := [][]string{{"SETTING", "VALUE", "FROM"}}
	rows = append(rows, rowsOf(v.names(p, a))...)
	return table(v.streams.Out, append(rows, rowsOf(list)...))
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
