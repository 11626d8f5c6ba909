package project

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxNumber is the largest number that any key may have: the largest that a float
// represents exactly. As bytes it is 8 PiB.
const maxNumber = 1 << 53

// noNumber matches a text that no key accepts as a number: not a number, infinite,
// or with more digits than maxNumber.
const noNumber = `^\s*[-+]?\s*(?:(?i:nan|inf|infinity|\.nan|\.inf)|[0-9]{16,}|[0-9.]+[eE][+]?[0-9]{2,})\s*[a-zA-Z]{0,3}$`

// belowZero matches the text of a negative number.
const belowZero = `^\s*-\s*[0-9.]`

// negative are the places of Compose's schema where a negative number has a
// meaning, mostly "no limit".
var negative = []string{
	"container_spec/cpu_quota", "container_spec/cpu_rt_runtime", "container_spec/mem_swappiness", "container_spec/memswap_limit",
	"container_spec/networks/*/priority", "container_spec/networks/*/gw_priority", "container_spec/oom_score_adj",
	"container_spec/pids_limit", "deployment/resources/limits/pids", "ulimits/*", "ulimits/*/hard", "ulimits/*/soft",
	"devices/count", "gpus/count",
}

// freeText are the places where a number is treated as a text.
var freeText = []string{
	"container_spec/logging/options/*", "container_spec/networks/*/driver_opts/*", "service/provider/options/*",
	"network/driver_opts/*", "volume/driver_opts/*", "secret/driver_opts/*", "list_or_dict/*",
}

// sizes are the places of numbers that Compose's schema declares as texts.
var sizes = []string{
	"deployment/resources/limits/memory", "deployment/resources/reservations/memory", "container_spec/volumes/tmpfs/size", "workload_spec/ports",
	"container_spec/cpu_count", "container_spec/cpu_percent", "container_spec/oom_score_adj",
}

// times are the places of durations, which Compose's schema declares as texts.
var times = []string{
	"container_spec/stop_grace_period", "healthcheck/interval", "healthcheck/timeout", "healthcheck/start_period", "healthcheck/start_interval",
	"deployment/update_config/delay", "deployment/update_config/monitor", "deployment/rollback_config/delay", "deployment/rollback_config/monitor",
	"deployment/restart_policy/delay", "deployment/restart_policy/window",
}

// duration matches a duration in Compose's format: 1m30s, 1.5h.
const duration = `^\s*(?:[+]?(?:(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})(?:ns|us|µs|ms|s|m|h|d|w))+|0)\s*$`

// strictSchema is Compose's schema with bounds for every number: Compose leaves it
// to the engine to refuse a negative one.
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

// boundNumber adds bounds to one place, where a number may be written as a text.
func boundNumber(part map[string]any, negative bool) {
	least := 0.0
	none := []any{map[string]any{"type": "string", "pattern": noNumber}}
	if negative {
		least = -1000 // that of oom_score_adj; elsewhere any negative number is "no limit"
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

// outOfBounds matches a text that may be out of bounds.
var outOfBounds = regexp.MustCompile(noNumber + "|" + belowZero)

// aTime matches a text that every key for a duration accepts.
var aTime = regexp.MustCompile(duration)

// isTime says whether any key of this name takes a duration.
func isTime(key string) bool {
	return slices.ContainsFunc(times, func(path string) bool { return strings.HasSuffix(path, "/"+key) })
}

// withinBounds says whether all values of a document are within the bounds of
// strictSchema. It works without the schema, so true is certain and false is not.
// key is the key of the document.
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

// finite refuses YAML's infinite numbers and NaN, which JSON cannot represent:
// Compose's schema is checked on JSON.
func (s *scan) finite(n *yaml.Node, file string) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!float" {
		var f float64
		if err := n.Decode(&f); err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			s.problems = append(s.problems, Problem{
				At: Position{s.short(file), n.Line}, What: n.Value + " is not a number that berth accepts", Why: "no key can have this value", Remedy: "write a finite number, or quote it if it is a text",
			})
		}
	}
	for _, below := range n.Content {
		s.finite(below, file)
	}
}
