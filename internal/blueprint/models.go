package blueprint

import (
	"maps"
	"strings"

	"github.com/berthdev/berth/internal/app"
)

// modelRegion is the variable from which LiteLLM reads Bedrock's region.
const modelRegion = "AWS_REGION_NAME"

// gatewayCommand is the command of LiteLLM for one model, which answers whatever
// model its clients name. Parameters of OpenAI's API that Bedrock's models do not
// support are dropped.
func (t taskStage) gatewayCommand(w app.Workload) []string {
	return []string{"--model", "bedrock/" + profile(t.facts.Region, w.Model), "--port", "4000", "--drop_params"}
}

// gatewayEnv is the environment of a gateway.
func (t taskStage) gatewayEnv(w app.Workload) map[string]string {
	env := maps.Clone(w.Env)
	if env == nil {
		env = map[string]string{}
	}
	env[modelRegion] = t.facts.Region
	return env
}

// profile is the inference profile of a model in a region: Bedrock offers the Nova
// models on demand only through the profile of a group of regions.
// https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
func profile(region, model string) string {
	if !strings.HasPrefix(model, "amazon.nova") {
		return model
	}
	group, _, _ := strings.Cut(region, "-")
	switch {
	case strings.HasPrefix(region, "us-gov-"):
		return "us-gov." + model
	case group == "us", group == "eu", group == "ca":
		return group + "." + model
	}
	return "apac." + model
}

// modelStatements let a gateway call its model and no other: the profile, and the
// model in all regions to which the profile may send a call.
func (t taskStage) modelStatements(w app.Workload) []statement {
	bare := w.Model
	if group, rest, ok := strings.Cut(bare, "."); ok && strings.Contains(rest, ".") && isProfileGroup(group) {
		bare = rest
	}
	arn := "arn:" + t.facts.Partition + ":bedrock:"
	return []statement{allow([]string{
		arn + "*::foundation-model/" + bare,
		arn + t.facts.Region + ":" + t.facts.Account + ":inference-profile/*" + bare,
	}, "bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")}
}

// isProfileGroup says whether the first word of a model's id is the group of regions
// of an inference profile and not the model's vendor.
func isProfileGroup(s string) bool {
	switch s {
	case "us", "eu", "ca", "apac", "jp", "au", "us-gov", "global":
		return true
	}
	return false
}
