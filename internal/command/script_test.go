package command_test

import (
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/berthdev/berth/internal/command"
	"github.com/berthdev/berth/internal/command/cli"
)

// TestMain makes this test binary the program that the scripts run. As
// "berth" it is the whole program inside a synctest bubble: its sandbox works
// on the bubble's clock, so that a deployment of minutes is exact and takes a
// fraction of a second. As "berth-wall" it runs by the wall clock, for scripts
// about signals and processes. "berth-dev" is a development build by the wall
// clock.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"berth": inBubble, "berth-wall": func() { os.Exit(berth("v1.2.3")) }, "berth-dev": func() { os.Exit(berth("dev")) },
	})
}

func berth(version string) int {
	return command.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr},
		cli.Build{Version: version, Commit: "0123abc", Date: "2026-11-21"})
}

// inBubble ends the process with berth's exit code. testing.Main gives it the
// *testing.T that a bubble needs.
func inBubble() {
	// The goroutine that waits for signals must begin outside of the bubble:
	// it never blocks durably, so the bubble's time would stand still.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGWINCH)
	args := os.Args
	os.Args = args[:1]
	testing.Main(regexp.MatchString, []testing.InternalTest{{Name: "Berth", F: func(t *testing.T) {
		synctest.Test(t, func(*testing.T) {
			os.Args = args
			os.Exit(berth("v1.2.3"))
		})
	}}}, nil, nil)
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: false,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:               setUp,
		Cmds:                scriptCommands(),
	})
}

// setUp keeps the machine's own AWS configuration and git out of a script.
func setUp(e *testscript.Env) error {
	home := e.WorkDir + "/.home"
	sts := newSTS()
	e.Defer(sts.Close)
	for key, value := range map[string]string{
		"HOME": home, "XDG_CONFIG_HOME": home, "GIT_CEILING_DIRECTORIES": e.WorkDir,
		"AWS_CONFIG_FILE": home + "/config", "AWS_SHARED_CREDENTIALS_FILE": home + "/credentials",
		"AWS_EC2_METADATA_DISABLED": "true", "TZ": "UTC", "TERM": "dumb", "BERTH_SANDBOX": "1", "STS": sts.URL,
		"XDG_CACHE_HOME": home + "/cache", "GOCACHE": goCache(),
		// Under the race detector a process sleeps for a second before it ends.
		"GORACE": "atexit_sleep_ms=10",
	} {
		e.Setenv(key, value)
	}
	return os.MkdirAll(home, 0o700)
}

// goCache is the machine's own, for the script that builds a program: with an
// empty one the standard library would be built first.
func goCache() string {
	if dir := os.Getenv("GOCACHE"); dir != "" {
		return dir
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "go-build")
}
