package rollback

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// differences are what differs between two revisions, in words: images and sizes with
// their values, variables by name only, because a value may be a credential. There are
// none if both hold the same.
func differences(was, is engine.Object) []string {
	if maps.Equal(was.Attrs, is.Attrs) {
		return nil
	}
	a, b := engine.ShownAs[ecs.TaskDefinition](was), engine.ShownAs[ecs.TaskDefinition](is)
	var out []string
	number := func(what string, from, to int) {
		if from != to {
			out = append(out, fmt.Sprintf("%s %d -> %d", what, from, to))
		}
	}
	for _, to := range b.Containers {
		i := slices.IndexFunc(a.Containers, func(c ecs.Container) bool { return c.Name == to.Name })
		if i < 0 {
			out = append(out, "container "+to.Name+" comes back")
			continue
		}
		out = append(out, ofContainer(a.Containers[i], to, to.Name == b.Containers[0].Name)...)
	}
	for _, from := range a.Containers {
		if !slices.ContainsFunc(b.Containers, func(c ecs.Container) bool { return c.Name == from.Name }) {
			out = append(out, "container "+from.Name+" goes")
		}
	}
	number("cpu", a.CPU, b.CPU)
	number("memory", a.Memory, b.Memory)
	if len(out) == 0 {
		out = append(out, "settings")
	}
	return out
}

// ofContainer are the differences of one container; first is the service's own.
func ofContainer(a, b ecs.Container, first bool) []string {
	var out []string
	of := ""
	if !first {
		of = b.Name + ": "
	}
	if from, to := a.Image.Value(), b.Image.Value(); from != to {
		out = append(out, of+"image "+from+" -> "+to)
	}
	if !slices.Equal(a.Command, b.Command) || !slices.Equal(a.EntryPoint, b.EntryPoint) {
		out = append(out, of+"command")
	}
	variables := append(changed(a.Environment, b.Environment), changed(a.Secrets, b.Secrets)...)
	slices.Sort(variables)
	if variables = slices.Compact(variables); len(variables) > 0 {
		out = append(out, of+"variables "+strings.Join(variables, ", "))
	}
	return out
}

// changed are the keys with another value, or without one in either.
func changed(a, b map[string]string) []string {
	var out []string
	for k, v := range a {
		if w, ok := b[k]; !ok || v != w {
			out = append(out, k)
		}
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			out = append(out, k)
		}
	}
	return out
}
