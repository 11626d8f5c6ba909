package project

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxNumber is the largest number that a file may have anywhere: what a float
// holds exactly. As bytes it is 8 PiB.
const maxNumber = 1 << 53

// noNumber matches a text in place of a number that is none, or one that no key
// can mean: not a number, infinite, or longer than maxNumber.
const noNumber = `^\s*[-+]?\s*(?:(?i:nan|inf|infinity|\.nan|\.inf)|[0-9]{16,}|[0-9.]+[eE][+]?[0-9]{2,})\s*[a-zA-Z]{0,3}$`

// belowZero matches a text that stands for a negative number.
const belowZero = `^\s*-\s*[0-9.]`

// negative are the places of Compose's schema where a number below zero means
// something to an engine: mostly "no limit".
var negative = []string{
	"container_spec/cpu_quota", "container_spec/cpu_rt_runtime", "container_spec/mem_swappiness", "container_spec/memswap_limit",
	"container_spec/networks/*/priority", "container_spec/networks/*/gw_priority", "container_spec/oom_score_adj",
	"container_spec/pids_limit", "deployment/resources/limits/pids", "ulimits/*", "ulimits/*/hard", "ulimits/*/soft",
	"devices/count", "gpus/count",
}

// freeText are the places where a number is a text like another.
var freeText = []string{
	"container_spec/logging/options/*", "container_spec/networks/*/driver_opts/*", "service/provider/options/*",
	"network/driver_opts/*", "volume/driver_opts/*", "secret/driver_opts/*", "list_or_dict/*",
}

// sizes are the places whose numbers Compose's schema calls texts.
var sizes = []string{
	"deployment/resources/limits/memory", "deployment/resources/reservations/memory", "container_spec/volumes/tmpfs/size", "workload_spec/ports",
	"container_spec/cpu_count", "container_spec/cpu_percent", "container_spec/oom_score_adj",
}

// times are the keys that take a duration, which Compose's schema calls a text.
var times = []string{
	"container_spec/stop_grace_period", "healthcheck/interval", "healthcheck/timeout", "healthcheck/start_period", "healthcheck/start_interval",
	"deployment/update_config/delay", "deployment/update_config/monitor", "deployment/rollback_config/delay", "deployment/rollback_config/monitor",
	"deployment/restart_policy/delay", "deployment/restart_policy/window",
}

// duration matches a time as Compose has it: 1m30s, 1.5h.
const duration = `^\s*(?:[+]?(?:(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})(?:ns|us|µs|ms|s|m|h|d|w))+|0)\s*$`

// strictSchema is Compose's schema with bounds for every number: Compose leaves
// what a number below zero comes to with the engine.
func strictSchema(text string) ([]byte, error) {
	var root map[string]any
	if err := json.Unmarshal([]byte(text), &root); err != nil {
		return nil, err
	}
	defs, _ := root["$defs"].(map[string]any)
	for name, def := range defs {
		bound(def, name)
	}
	return json.Marshal(root)
}

// bound adds bounds to the numbers of a part of a schema; path is where it is,
// with * for a name.
func bound(node any, path string) {
	if list, ok := node.([]any); ok {
		for _, item := range list {
			bound(item, path)
		}
		return
	}
	part, ok := node.(map[string]any)
	if !ok {
		return
	}
	if isNumeric(part["type"]) && !slices.Contains(freeText, path) || slices.Contains(sizes, path) {
		boundNumber(part, slices.Contains(negative, path))
	}
	if slices.Contains(times, path) {
		part["pattern"], part["examples"] = duration, []any{"1m30s"}
	}
	for key, below := range part {
		named, _ := below.(map[string]any)
		switch key {
		case "properties":
			for name, p := range named {
				bound(p, path+"/"+name)
			}
		case "patternProperties":
			for _, p := range named {
				bound(p, path+"/*")
			}
		case "oneOf", "anyOf", "allOf", "items", "additionalProperties":
			bound(below, path)
		}
	}
}

func isNumeric(kinds any) bool {
	text, err := json.Marshal(kinds)
	return err == nil && (strings.Contains(string(text), `"integer"`) || strings.Contains(string(text), `"number"`))
}

// boundNumber bounds one place. A number may be written as a text there.
func boundNumber(part map[string]any, negative bool) {
	least := 0.0
	none := []any{map[string]any{"type": "string", "pattern": noNumber}}
	if negative {
		least = -1000 // oom_score_adj's; elsewhere any such number is "no limit"
	} else {
		none = append(none, map[string]any{"type": "string", "pattern": belowZero})
	}
	if have, ok := part["minimum"].(float64); !ok || have < least {
		part["minimum"] = least
	}
	if have, ok := part["maximum"].(float64); !ok || have > maxNumber {
		part["maximum"] = maxNumber
	}
	part["not"] = map[string]any{"anyOf": none}
}

// outOfBounds matches a text that a bound may be about.
var outOfBounds = regexp.MustCompile(noNumber + "|" + belowZero)

// aTime is a text that every key for a time takes.
var aTime = regexp.MustCompile(duration)

// isTime says whether a key of this name, somewhere, takes a time.
func isTime(key string) bool {
	return slices.ContainsFunc(times, func(path string) bool { return strings.HasSuffix(path, "/"+key) })
}

// withinBounds says whether nothing in a document can be out of the bounds that
// strictSchema adds, wherever it stands: it knows no schema, so it is right when
// it says yes and may be wrong when it says no. key is the document's own.
func withinBounds(doc any, key string) bool {
	switch v := doc.(type) {
	case map[string]any:
		for name, below := range v {
			if !withinBounds(below, name) {
				return false
			}
		}
		return true
	case []any:
		for _, below := range v {
			if !withinBounds(below, key) {
				return false
			}
		}
		return true
	case string:
		return !outOfBounds.MatchString(v) && (!isTime(key) || aTime.MatchString(v))
	case nil, bool:
		return true
	case int:
		return v >= 0 && v <= maxNumber
	}
	f, ok := doc.(float64)
	return ok && f >= 0 && f <= maxNumber
}

// finite refuses the numbers of YAML that are none: JSON, in which Compose
// checks a file, has no word for them.
func (s *scan) finite(n *yaml.Node, file string) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!float" {
		var f float64
		if err := n.Decode(&f); err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			s.problems = append(s.problems, Problem{
				At: Position{s.short(file), n.Line}, What: n.Value + " is no number", Why: "no key can mean it", Remedy: "write a number, or quote it where it is a text",
			})
		}
	}
	for _, below := range n.Content {
		s.finite(below, file)
	}
}
