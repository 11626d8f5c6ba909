package images

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
)

// bakeTarget is the name of the only target of a definition.
const bakeTarget = "image"

// stays are the options of docker buildx build that docker buildx bake has too,
// and that belong to the call. The others become keys of the target.
var stays = []string{"progress", "provenance", "sbom", "push", "metadata-file", "no-cache", "pull"}

// lists are the options that are lists, with their keys in a target.
var lists = map[string]string{
	"tag": "tags", "secret": "secret", "ssh": "ssh", "cache-from": "cache-from", "cache-to": "cache-to", "ulimit": "ulimits",
	"no-cache-filter": "no-cache-filter", "allow": "entitlements",
}

// pairs are those that are NAME=VALUE each; add-host has a colon.
var pairs = map[string]string{"label": "labels", "build-context": "contexts", "add-host": "extra-hosts"}

// baked is a call of docker buildx build as one of docker buildx bake, with the
// build's arguments in a file that nobody else can read. All users of a machine
// can read a command line; and a variable of the process, which is the only
// other way of docker buildx build, would set up docker, git, ssh or the loader
// if it had a name that they read.
// Source: https://docs.docker.com/build/bake/reference/
func baked(inv invocation, b *app.Build, file string) (invocation, error) {
	target := map[string]any{"args": escaped(b.Args)}
	out := invocation{args: []string{"buildx", "bake", "--file=" + file}, env: map[string]string{
		// What the definition reads and writes, berth wrote into it.
		"BUILDX_BAKE_ENTITLEMENTS_FS": "false",
	}}
	for name, value := range inv.env {
		out.env[name] = value
	}
	last := len(inv.args) - 1
	for _, arg := range inv.args[2:last] {
		name, value, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		if slices.Contains(stays, name) || name == "allow" {
			out.args = append(out.args, arg)
		}
		if !slices.Contains(stays, name) {
			put(target, name, value)
		}
	}
	target["context"] = literal(inv.args[last])
	out.args = append(out.args, bakeTarget)
	text, err := json.Marshal(map[string]any{"target": map[string]any{bakeTarget: target}})
	if err != nil {
		return invocation{}, err
	}
	out.definition = text
	return out, nil
}

// put adds an option to a target.
func put(target map[string]any, name, value string) {
	if key, ok := lists[name]; ok {
		list, _ := target[key].([]string)
		target[key] = append(list, literal(value))
		return
	}
	if key, ok := pairs[name]; ok {
		entries, _ := target[key].(map[string]string)
		if entries == nil {
			entries = map[string]string{}
			target[key] = entries
		}
		between := "="
		if name == "add-host" {
			between = ":"
		}
		left, right, _ := strings.Cut(value, between)
		entries[literal(left)] = literal(right)
		return
	}
	switch name {
	case "platform":
		target["platforms"] = strings.Split(value, ",")
	case "file":
		target["dockerfile"] = literal(value)
	default: // target, network and shm-size
		target[name] = literal(value)
	}
}

func escaped(values map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range values {
		out[name] = literal(value)
	}
	return out
}

// literal is a text that bake does not take for a template.
func literal(text string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(text)
}
