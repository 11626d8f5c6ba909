package cli

import (
	"errors"
	"testing"
)

func TestCheckRegion(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"": "", "us-east-1": "", "eu-central-9": "", "cn-northwest-1": "", "us-isob-east-1": "", "eusc-de-east-1": "",
		"nz-south-1":         "", // a new country
		"eu-central1":        "did you mean eu-central-1?",
		"eu-centrl-1":        "did you mean eu-central-1?",
		"ue-central-1":       "did you mean eu-central-1?",
		"eucentral-1":        "did you mean eu-central-1?",
		"us-esat-1":          "did you mean us-east-1?",
		"us-east-1a":         "did you mean us-east-1?",
		"EU-WEST-1":          "name a region such as eu-central-1",
		"frankfurt":          "name a region such as eu-central-1",
		"eu-central--1":      "did you mean eu-central-1?",
		"eu-central-1" + " ": "did you mean eu-central-1?",
	} {
		err := CheckRegion(name)
		var with *RemedyError
		if want == "" && err != nil || want != "" && (!errors.As(err, &with) || with.Advice != want) {
			t.Errorf("%q: %v; want %q", name, err, want)
		}
	}
	for _, name := range Regions() {
		if err := CheckRegion(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !RegionName.MatchString(name) {
			t.Errorf("%s has not the form that regions have", name)
		}
	}
}
