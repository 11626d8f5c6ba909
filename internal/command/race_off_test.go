//go:build !race

package command_test

// scriptFiles are the scripts to run: all of the folder.
func scriptFiles() (dir string, files []string) { return "testdata/script", nil }
