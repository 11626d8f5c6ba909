package ecr

import (
	"encoding/json"
	"maps"
	"slices"
)

// lifecyclePolicy is ECR's policy document.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
type lifecyclePolicy struct {
	Rules []lifecycleRule `json:"rules"`
}

type lifecycleRule struct {
	Priority    int                `json:"rulePriority"`
	Description string             `json:"description,omitempty"`
	Selection   lifecycleSelection `json:"selection"`
	Action      map[string]string  `json:"action"`
}

type lifecycleSelection struct {
	Status   string   `json:"tagStatus"`
	Prefixes []string `json:"tagPrefixList,omitempty"`
	Patterns []string `json:"tagPatternList,omitempty"`
	Count    string   `json:"countType"`
	Unit     string   `json:"countUnit,omitempty"`
	Number   int      `json:"countNumber"`
}

const (
	// CachePrefix begins the tags of build caches. Every build moves its tag,
	// and the old cache is left without a tag.
	CachePrefix = "cache-"
	// mostGroups is how many groups get a rule: a policy has at most 50 rules.
	// Images of further groups are deleted after forgetDays.
	mostGroups = 45
	// forgetDays is when an image without a group is deleted, and a cache that
	// no build has written; untaggedDays is the same for untagged images.
	forgetDays, untaggedDays = 30, 3
)

// lifecycle is the policy that keeps the newest images of each group. Later
// rules do not apply to an image whose tag an earlier rule matches.
func lifecycle(keep map[string]int) string {
	groups := slices.Sorted(maps.Keys(keep))
	var p lifecyclePolicy
	add := func(description string, s lifecycleSelection) {
		p.Rules = append(p.Rules, lifecycleRule{
			Priority: len(p.Rules) + 1, Description: description, Selection: s, Action: map[string]string{"type": "expire"},
		})
	}
	for _, g := range groups[:min(len(groups), mostGroups)] {
		add("the newest images of "+g, lifecycleSelection{
			Status: "tagged", Prefixes: []string{g + "."}, Count: "imageCountMoreThan", Number: keep[g],
		})
	}
	// keepOf compares the descriptions too: a new text would update every repository.
	add("images that nothing builds any more", lifecycleSelection{
		Status: "tagged", Patterns: []string{"*"}, Count: "sinceImagePushed", Unit: "days", Number: forgetDays,
	})
	add("what lost its tag", lifecycleSelection{Status: "untagged", Count: "sinceImagePushed", Unit: "days", Number: untaggedDays})
	text, err := json.Marshal(p)
	if err != nil { // strings and numbers can always be encoded
		return ""
	}
	return string(text)
}

// keepOf reads a policy back. A policy that lifecycle would not write shows as
// such, so that it is corrected.
func keepOf(text string) map[string]int {
	var p lifecyclePolicy
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return map[string]int{"(not readable)": 0}
	}
	keep := map[string]int{}
	for _, r := range p.Rules {
		if s := r.Selection; len(s.Prefixes) == 1 && s.Count == "imageCountMoreThan" && len(s.Prefixes[0]) > 1 {
			keep[s.Prefixes[0][:len(s.Prefixes[0])-1]] = s.Number
		}
	}
	written, err := json.Marshal(p)
	if err != nil || string(written) != lifecycle(keep) {
		keep["(other rules)"] = len(p.Rules)
	}
	return keep
}
