package app

import "maps"

// WithoutEmpty returns a copy of the app in which the secrets that are marked as
// empty are none: ${NAME} is an empty text, a variable without a value does not
// exist, as for docker compose, and a file is empty.
func (a *App) WithoutEmpty(isEmpty func(name string) bool) *App {
	out := *a
	out.Services, out.Jobs = make([]Service, len(a.Services)), make([]Job, len(a.Jobs))
	for i, s := range a.Services {
		s.eachContainer(func(w *Workload) { *w = w.withoutEmpty(isEmpty) })
		out.Services[i] = s
	}
	for i, j := range a.Jobs {
		j.eachContainer(func(w *Workload) { *w = w.withoutEmpty(isEmpty) })
		out.Jobs[i] = j
	}
	return &out
}

func (w Workload) withoutEmpty(isEmpty func(name string) bool) Workload {
	env := maps.Clone(w.Env)
	if env == nil {
		env = map[string]string{}
	}
	var secrets []Secret
	for _, s := range w.Secrets {
		switch {
		case Existing(s.From) || !isEmpty(s.From):
			secrets = append(secrets, s)
		case !s.NoValue:
			env[s.Name] = ""
		}
	}
	var variables []Variable
	for _, v := range w.Variables {
		var parts []Part
		for _, p := range v.Parts {
			if p.Secret != "" && isEmpty(p.Secret) {
				p = Part{}
			}
			parts = append(parts, p)
		}
		v.Parts = parts
		variables = append(variables, v)
	}
	var files []File
	for _, f := range w.Files {
		if f.Secret != "" && !Existing(f.Secret) && isEmpty(f.Secret) {
			f.Secret, f.Content = "", ""
		}
		files = append(files, f)
	}
	w.Env, w.Secrets, w.Variables, w.Files = env, secrets, variables, files
	return w
}
