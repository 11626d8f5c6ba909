package containers

import (
	"fmt"
	"time"

	"github.com/berthdev/berth/internal/sandbox/logs"
)

// beat is how often a running container writes a line.
const beat = 15 * time.Second

// voice is what the containers of a well-known image log.
type voice struct {
	begin []string
	beat  string
}

// voiceOf returns what an image's containers log; %d in the beat is a number.
func voiceOf(image string) voice {
	name := shortName(image)
	switch name {
	case "nginx", "httpd", "caddy":
		return voice{
			begin: []string{"/docker-entrypoint.sh: configuration complete; ready for start up", name + ": start worker processes"},
			beat:  `10.0.0.10 - - "GET / HTTP/1.1" 200 615 "-" "ELB-HealthChecker/2.0" request=%d`,
		}
	case "redis", "valkey":
		return voice{
			begin: []string{"* Server initialized", "* Ready to accept connections tcp"},
			beat:  "* DB 0: %d keys (0 volatile) in 16 slots HT.",
		}
	case "postgres", "mysql", "mariadb":
		return voice{
			begin: []string{"database system was shut down cleanly", "database system is ready to accept connections"},
			beat:  "checkpoint complete: wrote %d buffers",
		}
	}
	return voice{
		begin: []string{name + ": starting", name + ": ready"},
		beat:  name + ": handled %d requests",
	}
}

// Script returns the log of a container that starts at a certain time.
func Script(image string, b Behaviour, start time.Time) *logs.Script {
	v := voiceOf(image)
	s := &logs.Script{Start: start}
	for i, text := range v.begin {
		at := start.Add(time.Duration(1+10*i) * time.Millisecond)
		if i == len(v.begin)-1 {
			at = at.Add(b.Ready)
			if b.Sick {
				text = shortName(image) + ": waiting for something that never comes"
			}
			if b.Ends {
				continue
			}
		}
		s.Lines = append(s.Lines, logs.Line{At: at, Text: text})
	}
	if !b.Ends {
		s.Beat, s.Every = v.beat, beat
	}
	return s
}

// LastWords returns what a container writes before it exits by itself.
func LastWords(b Behaviour, ip string) string {
	switch {
	case b.Name == "":
		return b.Last
	case ip == "":
		return fmt.Sprintf("could not resolve %s: no such host", b.Name)
	case b.Port == 0:
		return fmt.Sprintf("resolved %s to %s", b.Name, ip)
	case b.Code != 0:
		return fmt.Sprintf("dial tcp %s:%d: i/o timeout", ip, b.Port)
	}
	return fmt.Sprintf("connected to %s:%d at %s", b.Name, b.Port, ip)
}
