package why

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	resource "github.com/berthdev/berth/internal/aws/ecs"
)

// exited says whether a container ended by itself, and with what.
func (f *Facts) exited() (code int32, ok bool) {
	if f.Task == nil || f.Task.StopCode != types.TaskStopCodeEssentialContainerExited {
		return 0, false
	}
	return f.code()
}

// outOfMemory: https://repost.aws/knowledge-center/ecs-resolve-outofmemory-errors
func outOfMemory(f *Facts) (cause, bool) {
	limit := ""
	if m := f.container().Memory; m != nil {
		limit = fmt.Sprintf(" of %d MiB", *m)
	} else if f.Definition != nil && f.Definition.Memory != nil {
		limit = " of " + *f.Definition.Memory + " MiB"
	}
	return cause{
		text: "the program" + f.of() + " used more memory than its limit" + limit,
		next: "raise deploy.resources.limits.memory in the file, then `berth up`",
	}, strings.Contains(f.reason(), "OutOfMemory")
}

// lastWords finds a line of the log from its end.
func (f *Facts) lastWords(pattern *regexp.Regexp) []string {
	for i := len(f.Log) - 1; i >= 0; i-- {
		if m := pattern.FindStringSubmatch(f.Log[i]); m != nil {
			return m
		}
	}
	return nil
}

// said is the cause that a program ended with a line that tells why.
func (f *Facts) said(pattern string) []string {
	if code, ok := f.exited(); !ok || code == 0 {
		return nil
	}
	return f.lastWords(regexp.MustCompile(pattern))
}

// wrongArchitecture: https://repost.aws/knowledge-center/ecs-task-exec-format-error
func wrongArchitecture(f *Facts) (cause, bool) {
	runs := "linux/amd64"
	if f.Definition != nil && f.Definition.RuntimePlatform != nil && f.Definition.RuntimePlatform.CpuArchitecture == types.CPUArchitectureArm64 {
		runs = "linux/arm64"
	}
	return cause{
		text: "the image " + shortImage(aws.ToString(f.container().Image)) + " is for another architecture than " + runs,
		next: "build it for " + runs + ", or set `platform:` in the file; then `berth up`",
	}, f.said(`exec format error`) != nil || strings.Contains(f.reason(), "exec format error")
}

func portTaken(f *Facts) (cause, bool) {
	return cause{
		text: "the program" + f.of() + " could not listen: another container of the task has its port",
		next: "give one of them another port; all containers of a task share its ports",
	}, f.said(`(?i)address already in use|EADDRINUSE`) != nil
}

func diskFull(f *Facts) (cause, bool) {
	return cause{
		text: "the disk of the task is full",
		next: "write less, or to a volume; `berth run " + f.Name + " -- df -h` shows the disks",
	}, f.said(`(?i)no space left on device|ENOSPC`) != nil || strings.Contains(f.reason(), "no space left on device")
}

// readOnly knows the words of libc, Go and Node for a write to a read-only file system.
func readOnly(f *Facts) (cause, bool) {
	m := f.said(`(?i).*(?:read-only file system|EROFS).*`)
	if m == nil {
		return cause{}, false
	}
	to, what := "its disk", "a file system"
	if path := regexp.MustCompile(`/[\w./-]*\w`).FindString(m[0]); path != "" {
		to = path
	}
	c := cause{next: "mount a volume there that is not read-only, then `berth up`"}
	if aws.ToBool(f.container().ReadonlyRootFilesystem) {
		what = "its root file system"
		c.next = "name the folder in `tmpfs:` or `volumes:`, or set `read_only: false`; then `berth up`"
	}
	c.text = "the program" + f.of() + " cannot write to " + to + ": " + what + " is read-only"
	return c, true
}

func permissionDenied(f *Facts) (cause, bool) {
	code, _ := f.exited()
	m := f.said(`(?i)(?:open|mkdir|EACCES[^']*'|cannot create[^/]*)\s*'?(/[^\s':]+).*permission denied`)
	if m == nil || code == 126 {
		return cause{}, false
	}
	return cause{
		text: "the program" + f.of() + " may not write " + m[1],
		next: "set `user:` in the file, or let the image own the folder; then `berth up`",
	}, true
}

// notExecutable: https://tldp.org/LDP/abs/html/exitcodes.html
func notExecutable(f *Facts) (cause, bool) {
	code, _ := f.exited()
	text := "exit code 127: the command" + f.of() + " was not found in the image"
	if code == 126 {
		text = "exit code 126: the command" + f.of() + " cannot be executed"
	}
	return cause{text: text, next: "correct command or entrypoint in the file, then `berth up`"}, code == 126 || code == 127
}

func segmentation(f *Facts) (cause, bool) {
	code, _ := f.exited()
	return cause{
		text: "exit code 139: the program" + f.of() + " ended with a segmentation fault",
		next: "`berth logs " + f.Name + "` shows what it wrote; it is a fault of the program or of a library in the image",
	}, code == 139
}

func killed(f *Facts) (cause, bool) {
	code, _ := f.exited()
	return cause{
		text: "exit code 137: the program" + f.of() + " was killed, often for lack of memory",
		next: "raise deploy.resources.limits.memory in the file, then `berth up`; `berth logs " + f.Name + "` shows what it wrote",
	}, code == 137
}

func exitedWell(f *Facts) (cause, bool) {
	if f.Task == nil || f.Service == nil || f.Task.StopCode != types.TaskStopCodeEssentialContainerExited {
		return cause{}, false
	}
	for _, c := range f.Task.Containers {
		if aws.ToInt32(c.ExitCode) != 0 && !resource.Unresolved(c) && aws.ToInt32(c.ExitCode) != 137 {
			return cause{}, false
		}
	}
	return cause{
		text: "the program ended by itself with exit code 0, and a service has to go on",
		next: "correct the command, or make it a job with `restart: \"no\"`; then `berth up`",
	}, true
}

func terminated(f *Facts) (cause, bool) {
	code, _ := f.exited()
	return cause{
		text: "exit code 143: the program" + f.of() + " ended itself with SIGTERM",
		next: "`berth logs " + f.Name + "` shows what it wrote",
	}, code == 143
}

func exitCode(f *Facts) (cause, bool) {
	code, ok := f.exited()
	if !ok {
		code, ok = f.code()
	}
	return cause{
		text: fmt.Sprintf("exit code %d: the program%s failed", code, f.of()),
		next: "`berth logs " + f.Name + "` shows what it wrote",
	}, ok && code != 0
}
