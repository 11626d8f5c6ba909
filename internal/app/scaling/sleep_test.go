package scaling_test

import (
	"errors"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/app/scaling"
)

// TestParseSleep: the days, the times and the zone of a sleep; what is none is refused.
func TestParseSleep(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][3]string{
		"weekdays 19:00-07:00 Europe/Berlin": {"cron(0 19 ? * MON-FRI *)", "cron(0 7 ? * MON-FRI *)", "Europe/Berlin"},
		"daily 22:15-06:05":                  {"cron(15 22 * * ? *)", "cron(5 6 * * ? *)", "UTC"},
		" Mon-Sat  0:00-9:00  Asia/Tokyo ":   {"cron(0 0 ? * MON-SAT *)", "cron(0 9 ? * MON-SAT *)", "Asia/Tokyo"},
	} {
		got, err := scaling.ParseSleep(text)
		if have := [3]string{got.Begin.String(), got.End.String(), got.Zone}; err != nil || have != want {
			t.Errorf("%q is %q, error %v; want %q", text, have, err, want)
		}
	}
	for _, text := range []string{
		"", "weekdays", "19:00-07:00", "weekdays 19:00 07:00", "weekdays 19:00-19:00", "weekdays 19-7", "weekdays 24:00-07:00",
		"weekdays 19:00-07:60", "someday 19:00-07:00", "daily 19:00-07:00 Mars/Base", "daily 19:00-07:00 UTC UTC", "* 19:00--7:00",
	} {
		_, err := scaling.ParseSleep(text)
		var bad *scaling.SleepError
		if !errors.As(err, &bad) || bad.What == "" {
			t.Errorf("%q is taken: %v", text, err)
		}
	}
}

// TestASleepingWeekend: from Friday evening to Monday morning nothing runs.
func TestASleepingWeekend(t *testing.T) {
	t.Parallel()
	sleep, err := scaling.ParseSleep("weekdays 19:00-07:00 Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	s := sleep.With(nil, 2, func(key, what, _, _ string) { t.Errorf("%s is refused: %s", key, what) })
	for at, want := range map[string]int{
		"2026-11-27T17:30:00Z": 2, "2026-11-27T18:30:00Z": 0, "2026-11-28T12:00:00Z": 0, "2026-11-30T05:59:00Z": 0, "2026-11-30T06:00:00Z": 2,
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.At(now); got.Min != want || got.Max != want {
			t.Errorf("at %s the range is %+v, want %d tasks", at, got, want)
		}
	}
	if sleep.With(nil, 0, nil) != nil {
		t.Error("a service without tasks gets a schedule")
	}
}

// TestDatabasesSleepShorterThanServices: they stop after the tasks and start before them, on
// the day before or after where the clock passes midnight. A short sleep stops none.
func TestDatabasesSleepShorterThanServices(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"weekdays 19:00-07:00 Europe/Berlin": "stopped at 19:10 Europe/Berlin Monday to Friday, started at 06:45 Europe/Berlin Monday to Friday",
		"daily 23:55-00:10":                  "",
		"daily 23:55-03:10":                  "stopped at 00:05 UTC daily, started at 02:55 UTC daily",
		"weekdays 23:50-07:00":               "stopped at 00:00 UTC on Tue, Wed, Thu, Fri, Sat, started at 06:45 UTC Monday to Friday",
		"weekdays 19:00-00:10":               "stopped at 19:10 UTC Monday to Friday, started at 23:55 UTC on Sun, Mon, Tue, Wed, Thu",
		"sat-sun 20:00-21:59":                "",
		"sat-sun 20:00-22:00":                "stopped at 20:10 UTC on Sun, Sat, started at 21:45 UTC on Sun, Sat",
		"mon 19:00-18:00":                    "stopped at 19:10 UTC on Mon, started at 17:45 UTC on Mon",
	} {
		sleep, err := scaling.ParseSleep(text)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if stops := sleep.Databases(); stops != nil {
			got = stops.String()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
