package containers

import (
	"strconv"
	"strings"
	"time"
)

// Commanded is what a container does that was given a command. The sandbox knows
// true, false, echo, sleep SECONDS and exit CODE, also one after the other as in
// `sh -c "sleep 60; exit 3"`. Any other command ends at once with 0.
func Commanded(b Behaviour, command []string) Behaviour {
	if len(command) == 0 {
		return b
	}
	b.Ends, b.After, b.Code, b.Last, b.Name = true, 2*time.Second, 0, "", ""
	steps := [][]string{command}
	if len(command) == 3 && strings.HasSuffix(command[0], "sh") && command[1] == "-c" {
		steps = nil
		for _, s := range strings.Split(strings.ReplaceAll(command[2], "&&", ";"), ";") {
			steps = append(steps, strings.Fields(s))
		}
	}
	for _, s := range steps {
		if len(s) == 0 {
			continue
		}
		first := strings.Trim(strings.Join(s[1:], " "), `"'`)
		n, _ := strconv.Atoi(first)
		switch s[0] {
		case "echo":
			b.Last = first
		case "sleep":
			b.After += time.Duration(n) * time.Second
		case "false":
			b.Code = 1
		case "exit":
			b.Code = int32(n & 0xff)
			return b
		default:
			b.Code = 0
		}
	}
	return b
}
