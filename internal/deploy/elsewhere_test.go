package deploy

import "testing"

func TestMistyped(t *testing.T) {
	t.Parallel()
	names := []string{"dev", "prod", "pr-12", "eu-prod", "staging", "production-a"}
	for word, want := range map[string]string{
		"prodd": "prod", "prd": "prod", "rpod": "prod", "dve": "dev", "stagign": "staging", "eu-prdo": "eu-prod",
		"production-b": "", "pr-13": "", "us-prod": "", "prod2": "", "preview": "", "test": "", "prod-eu": "", "p": "", "": "",
	} {
		if got := mistyped(word, names); got != want {
			t.Errorf("mistyped(%q) = %q, want %q", word, got, want)
		}
	}
}
