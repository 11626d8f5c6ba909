package deploy

import "testing"

// TestMeantFile: a file of an environment that almost has the name says what was meant,
// unless the name has a file of its own.
func TestMeantFile(t *testing.T) {
	t.Parallel()
	files := map[string]string{"prod": "compose.prod.yaml", "stage": ".env.stage", "devs": ".env.devs"}
	for env, want := range map[string]string{"prdo": "prod", "stagee": "stage", "prod": "", "dev": "", "test": "", "prod2": ""} {
		if meant, file := meantFile(env, files); meant != want || file != files[want] {
			t.Errorf("meantFile(%q) = %q, %q; want %q", env, meant, file, want)
		}
	}
}

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
