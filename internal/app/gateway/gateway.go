package gateway

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// On AWS a model of Compose becomes a gateway, whether it is under the top-level
// key models or a service whose provider has the type model: LiteLLM, which serves
// the models of Amazon Bedrock with OpenAI's API and accepts any API key.
const (
	gatewayImage  = "ghcr.io/berriai/litellm:v1.108.4"
	gatewayPort   = 4000
	gatewayCheck  = `python3 -c "import urllib.request as r; r.urlopen('http://127.0.0.1:4000/health/liveliness')"`
	gatewayMemory = 2 << 30 // it does not start with less than a GiB
	gatewayCPU    = 0.5
)

// The models to use if the file names one that Bedrock does not have.
const (
	chatModel      = "amazon.nova-lite-v1:0"
	largeModel     = "amazon.nova-pro-v1:0"
	embeddingModel = "amazon.titan-embed-text-v2:0"
)

// bedrockModel matches the ids of Bedrock's models, with or without the prefix of
// an inference profile: eu.anthropic.claude-sonnet-4-5-20250929-v1:0.
var bedrockModel = regexp.MustCompile(`^([a-z-]+\.)?(ai21|amazon|anthropic|cohere|deepseek|meta|mistral|openai|qwen|writer)\.[a-zA-Z0-9.:-]+$`)

// standIn is the model of Bedrock for a name in the file; exact says that the name
// is its id.
func standIn(name string) (id string, exact bool) {
	switch {
	case bedrockModel.MatchString(name):
		return name, true
	case strings.Contains(name, "embed"):
		return embeddingModel, false
	case strings.Contains(name, "large"):
		return largeModel, false
	}
	return chatModel, false
}

// Models are the gateways that replace the models of a project.
type Models struct {
	// Project has a service in the place of each model.
	Project *project.Project
	// IDs are the Bedrock models of these services, Paths their places in the files.
	IDs, Paths map[string]string
	Problems   []project.Problem
	Notices    []project.Notice
}

// Replace puts a service in the place of each model, and passes its address to
// the services that use it. It does not change the project that it gets.
func Replace(p *project.Project) *Models {
	t := &Models{Project: p, IDs: map[string]string{}, Paths: map[string]string{}}
	services := maps.Clone(p.Compose.Services)
	for _, name := range slices.Sorted(maps.Keys(services)) {
		s := services[name]
		if s.Provider == nil || s.Provider.Type != "model" {
			continue
		}
		model := ""
		if list := s.Provider.Options["model"]; len(list) > 0 {
			model = list[0]
		}
		path := project.Child("services", name)
		t.gateway(name, model, path, project.Child(path, "provider"), &s)
		for _, user := range slices.Sorted(maps.Keys(services)) {
			if _, uses := services[user].DependsOn[name]; uses {
				join(&s, services[user])
				services[user] = reaching(services[user], name, model, variableOf(name)+"_URL", variableOf(name)+"_MODEL")
			}
		}
		services[name] = s
	}
	for _, name := range slices.Sorted(maps.Keys(p.Compose.Models)) {
		t.topModel(name, services)
	}
	files, compose := *p, *p.Compose
	compose.Services = services
	files.Compose, t.Project = &compose, &files
	return t
}

// topModel makes a service of a model under the top-level key models, for the
// services that name it.
func (t *Models) topModel(name string, services types.Services) {
	path, model := project.Child("models", name), t.Project.Compose.Models[name].Model
	if _, taken := services[name]; taken {
		t.Problems = append(t.Problems, project.Problem{
			At: t.Project.Positions.At(path), What: fmt.Sprintf("model %s has the name of a service", name),
			Why: "its gateway would be a service of the same name", Remedy: "rename one of them",
		})
		return
	}
	s := types.ServiceConfig{Name: name}
	s.Networks = map[string]*types.ServiceNetworkConfig{}
	for _, user := range slices.Sorted(maps.Keys(services)) {
		config, uses := services[user].Models[name]
		if !uses {
			continue
		}
		url, variable := variableOf(name)+"_URL", variableOf(name)+"_MODEL"
		if config != nil && config.EndpointVariable != "" {
			url = config.EndpointVariable
		}
		if config != nil && config.ModelVariable != "" {
			variable = config.ModelVariable
		}
		services[user] = reaching(services[user], name, model, url, variable)
		join(&s, services[user])
	}
	t.gateway(name, model, path, path, &s)
	services[name] = s
}

// join puts a gateway into the networks of a service that uses it: Compose puts
// a provider into none.
func join(gateway *types.ServiceConfig, user types.ServiceConfig) {
	networks := maps.Clone(gateway.Networks)
	if networks == nil {
		networks = map[string]*types.ServiceNetworkConfig{}
	}
	for network := range user.Networks {
		networks[network] = nil
	}
	gateway.Networks = networks
}

// gateway makes a service the gateway to a model.
func (t *Models) gateway(name, model, path, at string, s *types.ServiceConfig) {
	id, exact := standIn(model)
	t.IDs[name] = id
	t.Paths[name] = path
	s.Provider, s.Image, s.Build, s.Entrypoint, s.Command = nil, gatewayImage, nil, nil, nil
	s.Environment = nil
	s.Expose = types.StringOrNumberList{strconv.Itoa(gatewayPort)}
	retries, interval, start := uint64(3), types.Duration(10*time.Second), types.Duration(time.Minute)
	s.HealthCheck = &types.HealthCheckConfig{
		Test: types.HealthCheckTest{"CMD-SHELL", gatewayCheck}, Retries: &retries,
		Interval: &interval, Timeout: &interval, StartPeriod: &start,
	}
	s.MemReservation, s.CPUS = max(s.MemReservation, gatewayMemory), max(s.CPUS, gatewayCPU)
	in := "with " + id + " of Amazon Bedrock"
	if !exact {
		in += fmt.Sprintf(", instead of %q; to choose another, write the id of one of Bedrock's models", model)
	}
	t.Notices = append(t.Notices, project.Notice{
		At: t.Project.Positions.At(at), Text: fmt.Sprintf("model %s: LiteLLM serves it at http://%s:%d/v1 %s", name, name, gatewayPort, in),
	})
}

// reaching adds the variables with a model's URL and name to a service, unless the
// file sets them.
func reaching(s types.ServiceConfig, name, model, urlVariable, modelVariable string) types.ServiceConfig {
	env := maps.Clone(s.Environment)
	if env == nil {
		env = types.MappingWithEquals{}
	}
	for key, value := range map[string]string{
		urlVariable: fmt.Sprintf("http://%s:%d/v1", name, gatewayPort), modelVariable: model,
	} {
		if _, said := env[key]; !said {
			env[key] = &value
		}
	}
	s.Environment = env
	return s
}

// variableOf is the prefix of the variables of a provider: its name in capitals.
func variableOf(name string) string {
	return strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(name))
}
