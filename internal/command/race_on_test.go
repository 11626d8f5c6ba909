//go:build race

package command_test

// scriptFiles are the scripts that run under the race detector, in which a
// process takes most of a second to start: those whose runs do most at once.
// All scripts run without it; see the Makefile.
func scriptFiles() (dir string, files []string) {
	for _, name := range []string{
		"down", "fail_denied", "fail_health", "fail_killed", "logs", "names", "operator", "secret_up", "up", "volumes",
	} {
		files = append(files, "testdata/script/"+name+".txtar")
	}
	return "", files
}
