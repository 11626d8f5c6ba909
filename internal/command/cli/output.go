package cli

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/berthdev/berth/internal/command/render"
)

// PrintJSON writes a struct or a map with strings for keys as indented JSON, with
// its version in front. Lists are never null. Its fields are only ever added to, and
// docs/json.md describes them.
func (c *Console) PrintJSON(v any) error {
	text, err := render.JSON(v)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	c.Print("%s", out.Bytes())
	return nil
}

// Place says where a verb looked, in what it prints as JSON.
type Place struct {
	Project     string `json:"project"`
	Environment string `json:"environment"`
	Account     string `json:"account"`
	Region      string `json:"region"`
}

// Place is where the session looks.
func (s *Session) Place() Place {
	id, a := s.Target.Identity, s.Source.App
	return Place{Project: a.Name, Environment: a.Env, Account: id.Account, Region: id.Region}
}
