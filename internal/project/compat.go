package project

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/suggest"
)

// xAlias is a key of another tool, with the key of x-berth that has the same
// meaning.
type xAlias struct {
	key string
	// to is the path below x-berth; empty if berth has no such key.
	to string
	// value translates the value; nil keeps it. If ok is false, nothing is set.
	value func(any) (v any, ok bool)
	// notice says what is different, or why berth has no such key.
	notice string
	// says is what the key does to a service, if users should know.
	says string
}

// topAliases, serviceAliases and nestedAliases are the keys of Defang and of the
// former Docker ECS integration.
var topAliases = []xAlias{
	{key: "x-aws-vpc", to: "network.vpc"},
	{key: "x-aws-cluster", to: "cluster"},
	{key: "x-aws-loadbalancer", to: "load_balancer"},
	{key: "x-aws-logs_retention", to: "logs.retention_days"},
	{key: "x-aws-idle-timeout", to: "idle_seconds"},
	{key: "x-aws-cloudformation", notice: "berth does not use CloudFormation, so there is no template to overlay"},
	{key: "x-defang-dns-role", to: "dns.role"},
	{key: "x-defang-aws.vpcID", to: "network.vpc"},
	{key: "x-defang-aws.publicSubnetIDs", to: "network.public_subnets"},
	{key: "x-defang-aws.privateSubnetIDs", to: "network.private_subnets"},
	{key: "x-defang-aws.publicZoneId", to: "dns.zone"},
	{key: "x-defang-aws.projectDomain", to: "dns.zone"},
	{key: "x-defang-aws.dnsRoleArn", to: "dns.role"},
	{key: "x-defang-aws.albCertificateArn", to: "certificate"},
	{key: "x-defang-aws.alarmTopicArn", notice: "berth does not make alarms"},
}

var serviceAliases = []xAlias{
	{key: "x-aws-pull_credentials", to: "pull_credentials"},
	{key: "x-aws-policies", to: "policies"},
	{key: "x-aws-role", to: "policies", value: statementsOf},
	{key: "x-aws-logs_retention", to: "logs.retention_days"},
	{key: "x-aws-autoscaling", to: "autoscaling"},
	{key: "x-aws-min_percent", to: "update.min_percent"},
	{key: "x-aws-max_percent", to: "update.max_percent"},
	{key: "x-aws-protocol", to: "protocol"},
	{key: "x-defang-postgres", to: "managed", value: managed("postgres")},
	{key: "x-defang-redis", to: "managed", value: managedCache},
	{key: "x-defang-mongodb", notice: "berth does not manage MongoDB; the service runs as a container"},
	{key: "x-defang-s3", notice: "berth does not manage buckets; the service runs as a container"},
	{key: "x-defang-llm", to: "policies", value: modelPolicies, says: "lets the service call the models of Amazon Bedrock; the account must have access to them"},
	{key: "x-defang-policies", to: "policies"},
	{key: "x-defang-autoscaling", to: "autoscaling"},
	{key: "x-defang-dns-role", notice: "the role for DNS is x-berth.dns.role at the top level"},
	{key: "x-defang-aliases", notice: "it names resources of Pulumi, which berth does not use; berth adopts objects with --adopt"},
	{key: "x-defang-static-files", notice: "berth runs the container and does not publish static files"},
}

// nestedAliases are keys of the former Docker ECS integration below a service.
var nestedAliases = map[string][]xAlias{
	"deploy":               {{key: "x-aws-autoscaling", to: "autoscaling"}},
	"deploy.update_config": {{key: "x-aws-min_percent", to: "update.min_percent"}, {key: "x-aws-max_percent", to: "update.max_percent"}},
	"logging":              {{key: "x-aws-logs_retention", to: "logs.retention_days"}},
}

// translated are the values of x-berth and of other tools' keys. If both set a
// value, x-berth's counts.
func (k *keyReader) translated(path string, extensions map[string]any, aliases []xAlias) map[string]any {
	values, ok := own(extensions)
	at := Child(path, xBerth)
	if !ok {
		k.Problems = append(k.Problems, Problem{At: k.Positions.At(at), What: at + " has the wrong type", Remedy: "write a mapping of keys and values"})
	}
	k.translate(path, at, extensions, aliases, values)
	return values
}

// translate sets values below base, the path of x-berth, from the extensions at
// path.
func (k *keyReader) translate(path, base string, extensions map[string]any, aliases []xAlias, values map[string]any) {
	known := map[string]bool{xBerth: true}
	for _, a := range aliases {
		word, below, _ := strings.Cut(a.key, ".")
		known[word] = true
		v, present := extensions[word]
		if m, ok := v.(map[string]any); below != "" {
			v, present = m[below], ok && m[below] != nil
		}
		if !present {
			continue
		}
		if strings.HasPrefix(a.key, "x-defang-") {
			v = plain(v)
		}
		at := k.Positions.At(Child(path, a.key))
		if a.notice != "" {
			k.Notices = append(k.Notices, Notice{At: at, Text: fmt.Sprintf("%s has no effect: %s", a.key, a.notice)})
		}
		if a.value != nil {
			if v, present = a.value(v); !present {
				continue
			}
		}
		if a.says != "" {
			k.Notices = append(k.Notices, Notice{At: at, Kind: OfService, Names: []string{strings.TrimPrefix(path, "services.")}, Text: a.key + " " + a.says})
		}
		if a.to != "" && put(values, strings.Split(a.to, "."), v) {
			k.Positions.at[Child(base, a.to)] = at
		}
	}
	for _, key := range slices.Sorted(maps.Keys(extensions)) {
		if !known[key] && (strings.HasPrefix(key, "x-aws-") || strings.HasPrefix(key, "x-defang-") || meansBerth(key)) {
			k.unknown(Child(path, key), key, aliases)
		}
	}
}

// unknown reports a key that is in no table. A key that resembles x-berth is a
// problem, any other only a notice.
func (k *keyReader) unknown(path, key string, aliases []xAlias) {
	at := k.Positions.At(path)
	if meansBerth(key) {
		k.Problems = append(k.Problems, Problem{At: at, What: "there is no key " + path, Remedy: "did you mean x-berth?"})
		return
	}
	names := make([]string, 0, len(aliases))
	for _, a := range aliases {
		names = append(names, a.key)
	}
	text := key + " has no effect: berth does not know this key here"
	if near, ok := suggest.To(key, names); ok {
		text += "; did you mean " + near + "?"
	}
	k.Notices = append(k.Notices, Notice{At: at, Text: text})
}

// meansBerth says whether a key is x-berth mistyped.
func meansBerth(key string) bool {
	return strings.HasPrefix(key, xBerth) || strings.HasPrefix(key, "x-") && suggest.Distance(key, xBerth) <= 2
}

// nested translates the keys below deploy and logging in a service.
func (k *keyReader) nested(path string, s types.ServiceConfig, values map[string]any) {
	found := map[string]map[string]any{}
	if s.Deploy != nil {
		found["deploy"] = s.Deploy.Extensions
		if s.Deploy.UpdateConfig != nil {
			found["deploy.update_config"] = s.Deploy.UpdateConfig.Extensions
		}
	}
	if s.Logging != nil {
		found["logging"] = s.Logging.Extensions
	}
	for _, at := range slices.Sorted(maps.Keys(found)) {
		k.translate(Child(path, at), Child(path, xBerth), found[at], nestedAliases[at], values)
	}
}

// put sets a value below nested keys and says whether it did. It keeps a value that
// is set already, but appends to a list of policies.
func put(values map[string]any, path []string, v any) bool {
	key := path[0]
	if len(path) > 1 {
		below, ok := values[key].(map[string]any)
		if !ok {
			if values[key] != nil {
				return false
			}
			below = map[string]any{}
			values[key] = below
		}
		return put(below, path[1:], v)
	}
	old, set := values[key]
	if key == "policies" && set {
		values[key] = append(slices.Clone(list(old)), list(v)...)
		return false
	}
	if !set {
		values[key] = v
	}
	return !set
}

func list(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}

// plain turns a quoted boolean, as Defang's generator writes it, into a boolean.
func plain(v any) any {
	if s, ok := v.(string); ok {
		if b, err := strconv.ParseBool(s); err == nil {
			return b
		}
	}
	return v
}

// managed translates x-defang-postgres and similar keys.
func managed(kind string) func(any) (any, bool) {
	return func(v any) (any, bool) {
		out := map[string]any{}
		if kind != "" {
			out["kind"] = kind
		}
		switch v := v.(type) {
		case nil:
		case bool:
			return out, v
		case map[string]any:
			for key, value := range v {
				out[strings.ReplaceAll(key, "-", "_")] = value
			}
		default:
			return v, true
		}
		return out, true
	}
}

// managedCache translates x-defang-redis, which is also for Valkey and accepts
// connections without TLS.
func managedCache(v any) (any, bool) {
	out, ok := managed("")(v)
	if m, isMap := out.(map[string]any); isMap && m["tls"] == nil {
		m["tls"] = "preferred"
	}
	return out, ok
}

// OwnPartition is the prefix of an ARN that stands for the account's partition,
// which is not known yet when the files are read.
const OwnPartition = "arn:partition:"

// modelPolicies are what x-defang-llm lets a service do: list the models of
// Bedrock, and call any of them in any region, because inference profiles span
// regions.
func modelPolicies(v any) (any, bool) {
	return []any{
		map[string]any{"Effect": "Allow", "Action": "bedrock:List*", "Resource": "*"},
		map[string]any{
			"Effect":   "Allow",
			"Action":   []any{"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"},
			"Resource": []any{OwnPartition + "bedrock:*::foundation-model/*", OwnPartition + "bedrock:*:*:inference-profile/*"},
		},
	}, v == true
}

// statementsOf returns the statements of a policy document.
func statementsOf(v any) (any, bool) {
	doc, _ := v.(map[string]any)
	if s, ok := doc["Statement"]; ok {
		return list(s), true
	}
	return v, true
}
