package clock

import (
	"fmt"
	"strings"
	"time"
)

// Span renders a measured duration for people: "0.4s", "41s", "2m05s".
func Span(d time.Duration) string {
	switch {
	case d < 0:
		return "0s"
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0fs", d.Seconds())
	}
	d = d.Round(time.Second)
	return fmt.Sprintf("%dm%02ds", int(d/time.Minute), int(d%time.Minute/time.Second))
}

// Roughly renders an estimated duration for people, without tenths of a second
// and, from ten minutes on, without seconds: "4s", "2m30s", "12m".
func Roughly(d time.Duration) string {
	d = d.Round(time.Second)
	if d < time.Minute {
		return fmt.Sprintf("%ds", int(d.Seconds()))
	}
	if d >= 10*time.Minute {
		d = d.Round(time.Minute)
	}
	return strings.TrimSuffix(Span(d), "00s")
}
