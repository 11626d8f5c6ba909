package app_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	compose "github.com/compose-spec/compose-go/v2/schema"

	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/schema"
)

// numeric are the keys of Compose that take a number, by their path in Compose's
// schema. The value is how a file writes the number N there, in a service unless it
// begins with "top:". "" marks free text, in which any number is allowed.
var numeric = map[string]string{
	"container_spec/blkio_config/weight":             "blkio_config: {weight: N}",
	"container_spec/cpu_count":                       "cpu_count: N",
	"container_spec/cpu_percent":                     "cpu_percent: N",
	"container_spec/cpu_shares":                      "cpu_shares: N",
	"container_spec/cpu_quota":                       "cpu_quota: N",
	"container_spec/cpu_period":                      "cpu_period: N",
	"container_spec/cpu_rt_period":                   "cpu_rt_period: N",
	"container_spec/cpu_rt_runtime":                  "cpu_rt_runtime: N",
	"container_spec/cpus":                            "cpus: N",
	"container_spec/group_add":                       "group_add: [N]",
	"container_spec/logging/options/*":               "",
	"container_spec/mem_limit":                       "mem_limit: N",
	"container_spec/mem_reservation":                 "mem_reservation: N",
	"container_spec/mem_swappiness":                  "mem_swappiness: N",
	"container_spec/memswap_limit":                   "memswap_limit: N",
	"container_spec/networks/*/driver_opts/*":        "",
	"container_spec/networks/*/priority":             "networks: {default: {priority: N}}",
	"container_spec/networks/*/gw_priority":          "networks: {default: {gw_priority: N}}",
	"container_spec/oom_score_adj":                   "oom_score_adj: N",
	"container_spec/pids_limit":                      "pids_limit: N",
	"container_spec/shm_size":                        "shm_size: N",
	"container_spec/umask":                           "umask: N",
	"container_spec/volumes/tmpfs/size":              "volumes: [{type: tmpfs, target: /t, tmpfs: {size: N}}]",
	"container_spec/volumes/tmpfs/mode":              "volumes: [{type: tmpfs, target: /t, tmpfs: {mode: N}}]",
	"service/scale":                                  "scale: N",
	"service/provider/options/*":                     "",
	"healthcheck/retries":                            "healthcheck: {test: [CMD, x], retries: N}",
	"deployment/replicas":                            "deploy: {replicas: N}",
	"deployment/rollback_config/parallelism":         "deploy: {rollback_config: {parallelism: N}}",
	"deployment/rollback_config/max_failure_ratio":   "deploy: {rollback_config: {max_failure_ratio: N}}",
	"deployment/update_config/parallelism":           "deploy: {update_config: {parallelism: N}}",
	"deployment/update_config/max_failure_ratio":     "deploy: {update_config: {max_failure_ratio: N}}",
	"deployment/resources/limits/cpus":               "deploy: {resources: {limits: {cpus: N}}}",
	"deployment/resources/limits/pids":               "deploy: {resources: {limits: {pids: N}}}",
	"deployment/resources/reservations/cpus":         "deploy: {resources: {reservations: {cpus: N}}}",
	"deployment/restart_policy/max_attempts":         "deploy: {restart_policy: {max_attempts: N}}",
	"deployment/placement/max_replicas_per_node":     "deploy: {placement: {max_replicas_per_node: N}}",
	"generic_resources/discrete_resource_spec/value": "deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: gpu, value: N}}]}}}",
	"devices/count":                                  "deploy: {resources: {reservations: {devices: [{capabilities: [gpu], count: N}]}}}",
	"gpus/count":                                     "gpus: [{count: N}]",
	"network/driver_opts/*":                          "",
	"volume/driver_opts/*":                           "",
	"secret/driver_opts/*":                           "",
	"model/context_size":                             "top:models: {m: {model: ai/x, context_size: N}}",
	"list_or_dict/*":                                 "",
	"blkio_limit/rate":                               "blkio_config: {device_read_bps: [{path: /dev/sda, rate: N}]}",
	"blkio_weight/weight":                            "blkio_config: {weight_device: [{path: /dev/sda, weight: N}]}",
	"service_config_or_secret/mode":                  "secrets: [{source: s, mode: N}]",
	"ulimits/*":                                      "ulimits: {nofile: N}",
	"ulimits/*/hard":                                 "ulimits: {nofile: {soft: 1, hard: N}}",
	"ulimits/*/soft":                                 "ulimits: {nofile: {soft: N, hard: 1}}",
	"workload_spec/build/shm_size":                   "build: {context: ., shm_size: N}",
	"workload_spec/ports":                            "ports: [N]",
	"workload_spec/ports/target":                     "ports: [{target: N}]",
	"workload_spec/ports/published":                  "ports: [{target: 80, published: N}]",
	"workload_spec/expose":                           "expose: [N]",

	"environment/network/zones":              "top:x-berth: {network: {zones: N}}",
	"environment/health/interval":            "top:x-berth: {health: {interval: N}}",
	"environment/health/timeout":             "top:x-berth: {health: {timeout: N}}",
	"environment/health/healthy":             "top:x-berth: {health: {healthy: N}}",
	"environment/health/unhealthy":           "top:x-berth: {health: {unhealthy: N}}",
	"environment/idle_seconds":               "top:x-berth: {idle_seconds: N}",
	"environment/backup_days":                "top:x-berth: {backup_days: N}",
	"environment/volumes/uid":                "top:x-berth: {volumes: {v: {uid: N}}}",
	"environment/volumes/gid":                "top:x-berth: {volumes: {v: {gid: N}}}",
	"x-berth/health/port":                    "x-berth: {health: {port: N}}",
	"x-berth/health/grace_seconds":           "x-berth: {health: {grace_seconds: N}}",
	"x-berth/disk_gib":                       "x-berth: {disk_gib: N}",
	"x-berth/update/min_percent":             "x-berth: {update: {min_percent: N}}",
	"x-berth/update/failures":                "x-berth: {update: {failures: N}}",
	"x-berth/update/max_percent":             "x-berth: {update: {max_percent: N}}",
	"x-berth/autoscaling/backlog":            "x-berth: {autoscaling: {queue: orders, backlog: N}}",
	"x-berth/rollout/errors_percent":         "x-berth: {rollout: {strategy: canary, errors_percent: N}}",
	"x-berth/rollout/latency_ms":             "x-berth: {rollout: {strategy: canary, latency_ms: N}}",
	"x-berth/rollout/percent":                "x-berth: {rollout: {strategy: canary, percent: N}}",
	"x-berth/schedule/jitter_minutes":        "x-berth: {schedule: {rate: 1 hour, jitter_minutes: N}}",
	"x-berth/schedule/retries":               "x-berth: {schedule: {rate: 1 hour, retries: N}}",
	"x-berth/schedule/max_age_minutes":       "x-berth: {schedule: {rate: 1 hour, max_age_minutes: N}}",
	"x-berth/schedule/input":                 "", // variables: any number is a text
	"x-berth/managed/storage_gib":            "x-berth: {managed: {kind: postgres, storage_gib: N}}",
	"x-berth/managed/backup_days":            "x-berth: {managed: {kind: postgres, backup_days: N}}",
	"x-berth/autoscaling/min":                "x-berth: {autoscaling: {min: N, max: 2}}",
	"x-berth/autoscaling/max":                "x-berth: {autoscaling: {min: 1, max: N}}",
	"x-berth/autoscaling/cpu":                "x-berth: {autoscaling: {min: 1, max: 2, cpu: N}}",
	"instances/vcpu":                         "x-berth: {capacity: managed, instances: {vcpu: N}}",
	"instances/memory_gib":                   "x-berth: {capacity: managed, instances: {memory_gib: N}}",
	"instances/disk_gib":                     "x-berth: {capacity: managed, instances: {disk_gib: N}}",
	"instances/max":                          "x-berth: {capacity: ec2, instances: {max: N}}",
	"x-berth/autoscaling/memory":             "x-berth: {autoscaling: {min: 1, max: 2, memory: N}}",
	"x-berth/autoscaling/requests":           "x-berth: {autoscaling: {min: 1, max: 2, requests: N}}",
	"x-berth/autoscaling/resolution_seconds": "x-berth: {autoscaling: {min: 1, max: 2, resolution_seconds: N}}",
	"x-berth/autoscaling/out_seconds":        "x-berth: {autoscaling: {min: 1, max: 2, out_seconds: N}}",
	"x-berth/autoscaling/schedule/min":       "x-berth: {autoscaling: {schedule: [{cron: 0 3 * * *, min: N}]}}",
	"x-berth/autoscaling/schedule/max":       "x-berth: {autoscaling: {schedule: [{cron: 0 3 * * *, min: 0, max: N}]}}",
	"x-berth/autoscaling/in_seconds":         "x-berth: {autoscaling: {min: 1, max: 2, in_seconds: N}}",
	"drain_seconds":                          "x-berth: {drain_seconds: N}",
	"healthcheck interval":                   "healthcheck: {test: [CMD, x], interval: Ns}",
	"healthcheck timeout":                    "healthcheck: {test: [CMD, x], timeout: Ns}",
	"healthcheck start_period":               "healthcheck: {test: [CMD, x], start_period: Ns}",
	"stop_grace_period":                      "stop_grace_period: Ns",
	"size of tmpfs":                          "tmpfs: ['/t:size=N']",
	"update delay":                           "deploy: {update_config: {delay: Ns}}",
	"update monitor":                         "deploy: {update_config: {monitor: Ns}}",
	"restart window":                         "deploy: {restart_policy: {window: Ns}}",
	"deploy.resources.limits.memory":         "deploy: {resources: {limits: {memory: N}}}",
	"deploy.resources.reserved memory":       "deploy: {resources: {reservations: {memory: N}}}",
}

// mayBeNegative are the keys in which -1 has a meaning for a container engine.
var mayBeNegative = []string{
	"container_spec/cpu_quota", "container_spec/cpu_rt_runtime", "container_spec/mem_swappiness", "container_spec/memswap_limit",
	"container_spec/networks/*/priority", "container_spec/networks/*/gw_priority", "container_spec/oom_score_adj",
	"container_spec/pids_limit", "deployment/resources/limits/pids", "ulimits/*", "ulimits/*/hard", "ulimits/*/soft",
	"devices/count", "gpus/count",
}

// TestNumbersThatMeanNothingAreRefused: every key that takes a number refuses
// negative numbers, values that are not numbers, and numbers that are too large, and
// names the line.
func TestNumbersThatMeanNothingAreRefused(t *testing.T) {
	t.Parallel()
	values := []string{"-1", "-7", ".nan", ".inf", "-.inf", "nan", "inf", "1e400", "99999999999999999999", "9223372036854775807"}
	for key, text := range numeric {
		for _, n := range values {
			if text == "" || strings.HasPrefix(n, "-") && n != "-.inf" && slices.Contains(mayBeNegative, key) {
				continue
			}
			t.Run(key+"/"+n, func(t *testing.T) {
				t.Parallel()
				list := problemsOf(t, strings.ReplaceAll(text, "N", n))
				at := slices.IndexFunc(list, func(p project.Problem) bool { return p.At.Line == 6 })
				if at < 0 {
					t.Errorf("%s is not refused at its line: %+v", strings.ReplaceAll(text, "N", n), list)
				}
			})
		}
	}
}

// TestEveryNumericKeyIsInTheTable fails if Compose's schema or berth's has a numeric
// key that the test above does not try.
func TestEveryNumericKeyIsInTheTable(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, text := range []string{compose.Schema, string(schema.XBerth)} {
		var root struct {
			Defs map[string]any `json:"$defs"`
		}
		if err := json.Unmarshal([]byte(text), &root); err != nil {
			t.Fatal(err)
		}
		for name, def := range root.Defs {
			if name == "service" && text != compose.Schema {
				name = "x-berth"
			}
			numbers(def, name, found)
		}
	}
	for path := range found {
		if _, ok := numeric[path]; !ok {
			t.Errorf("%s takes a number and is not in the table", path)
		}
	}
	for path := range numeric {
		if strings.Contains(path, "/") && !found[path] {
			t.Errorf("%s is in the table and takes no number", path)
		}
	}
}

// numbers finds the places of a schema that take a number.
func numbers(node any, path string, found map[string]bool) {
	switch n := node.(type) {
	case []any:
		for _, item := range n {
			numbers(item, path, found)
		}
	case map[string]any:
		kinds, _ := json.Marshal(n["type"])
		if strings.Contains(string(kinds), `"integer"`) || strings.Contains(string(kinds), `"number"`) {
			found[path] = true
		}
		for key, below := range n {
			switch key {
			case "properties":
				for name, p := range below.(map[string]any) {
					numbers(p, path+"/"+name, found)
				}
			case "patternProperties":
				for _, p := range below.(map[string]any) {
					numbers(p, path+"/*", found)
				}
			case "oneOf", "anyOf", "allOf", "items", "additionalProperties":
				numbers(below, path, found)
			}
		}
	}
}
