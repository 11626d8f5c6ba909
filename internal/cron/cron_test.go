package cron_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/cron"
)

func TestParseTranslates(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"unix daily", "0 3 * * *", "cron(0 3 * * ? *)"},
		{"unix steps", "*/15 */2 * * *", "cron(0/15 0/2 * * ? *)"},
		{"a step of one", "*/1 * * * *", "cron(* * * * ? *)"},
		{"a range with a step", "0 8-18/2 * * *", "cron(0 8,10,12,14,16,18 * * ? *)"},
		{"unix Sunday is 0", "0 0 * * 0", "cron(0 0 ? * SUN *)"},
		{"unix Sunday is 7", "0 0 * * 7", "cron(0 0 ? * SUN *)"},
		{"unix Monday to Friday", "30 6 * * 1-5", "cron(30 6 ? * MON-FRI *)"},
		{"unix Friday to Sunday", "0 0 * * 5-7", "cron(0 0 ? * SUN,FRI,SAT *)"},
		{"names to Sunday", "0 0 * * fri-sun", "cron(0 0 ? * SUN,FRI,SAT *)"},
		{"names of days", "0 0 * * mon,Wed,FRI", "cron(0 0 ? * MON,WED,FRI *)"},
		{"steps of days", "0 0 * * */2", "cron(0 0 ? * SUN,TUE,THU,SAT *)"},
		{"names of months", "0 0 1 jan,jul *", "cron(0 0 1 1,7 ? *)"},
		{"days of the month", "0 0 1,15 * *", "cron(0 0 1,15 * ? *)"},
		{"a list is sorted", "50,10,30,10 0 * * *", "cron(10,30,50 0 * * ? *)"},
		{"unix with ?", "0 0 ? * 1", "cron(0 0 ? * MON *)"},
		{"unix with two ?", "0 0 ? * ?", "cron(0 0 * * ? *)"},
		{"unix last day", "0 0 L * *", "cron(0 0 L * ? *)"},
		{"unix weekday nearest", "0 0 15W * *", "cron(0 0 15W * ? *)"},
		{"unix second Tuesday", "0 0 * * 2#2", "cron(0 0 ? * 3#2 *)"},
		{"unix last Friday", "0 0 * * 5L", "cron(0 0 ? * 6L *)"},
		{"in cron()", "cron(0 3 * * *)", "cron(0 3 * * ? *)"},
		{"AWS", "cron(0 3 * * ? *)", "cron(0 3 * * ? *)"},
		{"AWS without cron()", "15 10 ? * 6L 2027-2028", "cron(15 10 ? * 6L 2027,2028)"},
		{"AWS Sunday is 1", "cron(0 0 ? * 1 *)", "cron(0 0 ? * SUN *)"},
		{"AWS Monday to Friday", "cron(0 0 ? * 2-6 *)", "cron(0 0 ? * MON-FRI *)"},
		{"AWS last day of the week", "cron(0 0 ? * L *)", "cron(0 0 ? * SAT *)"},
		{"AWS steps", "cron(5/10 * * * ? *)", "cron(5/10 * * * ? *)"},
		{"AWS every weekday", "cron(0 0 ? * * *)", "cron(0 0 ? * * *)"},
		{"spaces", "  cron( 0  3 * * ? * ) ", "cron(0 3 * * ? *)"},
		{"daily macro", "@daily", "cron(0 0 * * ? *)"},
		{"weekly macro", "@weekly", "cron(0 0 ? * SUN *)"},
		{"rate", "rate(5 minutes)", "rate(5 minutes)"},
		{"rate of one", "rate(1 hours)", "rate(1 hour)"},
		{"every", "every 5 minutes", "rate(5 minutes)"},
		{"every hour", "Every hour", "rate(1 hour)"},
		{"at", "at(2027-01-01T03:00:00)", "at(2027-01-01T03:00:00)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, err := cron.Parse(tt.text)
			if err != nil {
				t.Fatalf("%s: %v", tt.text, err)
			}
			if got := e.String(); got != tt.want {
				t.Errorf("%s is %s, want %s", tt.text, got, tt.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, why string }{
		{"nothing", " ", "is empty"},
		{"four fields", "0 3 * *", "five fields"},
		{"seven fields", "0 0 3 * * ? *", "this one has 7"},
		{"Spring's seconds", "0 0 3 * * ?", "no field for seconds"},
		{"minute 60", "60 3 * * *", "minute 60 is not between 0 and 59"},
		{"hour 24", "0 24 * * *", "hour 24 is not between 0 and 23"},
		{"day 0", "0 0 0 * *", "day of month 0"},
		{"month 13", "0 0 1 13 *", "month 13"},
		{"weekday 8", "0 0 * * 8", "day of week 8 is not between 0 and 7"},
		{"AWS weekday 0", "cron(0 0 ? * 0 *)", "day of week 0 is not between 1 and 7"},
		{"year", "cron(0 0 1 1 ? 2200)", "year 2200"},
		{"a word", "0 3 * * today", "is not a number or a name"},
		{"a sign", "+5 3 * * *", "is not a number"},
		{"backwards", "0 18-8 * * *", "ends before it begins"},
		{"step 0", "*/0 * * * *", "is not a number from 1"},
		{"step too large", "*/90 * * * *", "larger than the field's range"},
		{"empty element", "1,,2 * * * *", "is not a number"},
		{"both days", "0 0 1 * 1", "either"},
		{"both days with a step", "0 0 */2 * 1", "either"},
		{"AWS both days", "cron(0 0 * * * *)", "exactly one"},
		{"AWS both ?", "cron(0 0 ? * ? *)", "exactly one"},
		{"LW", "0 0 LW * *", "LW"},
		{"sixth Monday", "0 0 * * 1#6", "from 1 to 5"},
		{"two of #", "0 0 * * 1#1,2#1", "from 1 to 5"},
		{"February 30", "0 0 30 2 *", "never run"},
		{"a past leap day", "cron(0 0 29 2 ? 2027)", "never run"},
		{"seconds", "rate(30 seconds)", "no unit"},
		{"rate 0", "rate(0 minutes)", "1 or more"},
		{"fraction", "rate(1.5 hours)", "1 or more"},
		{"rate without unit", "rate(5)", "a number and a unit"},
		{"a rate of years", "rate(400 days)", "366 days"},
		{"every 5m", "every 5m", "no unit"},
		{"an offset", "at(2027-01-01T03:00:00Z)", "not a date and time"},
		{"no such day", "at(2027-02-30T03:00:00)", "not a date and time"},
		{"another function", "daily(3)", "neither cron"},
		{"reboot", "@reboot", "no macro"},
		{"too long", strings.Repeat("1,", 200) + "2 * * * *", "more than 256"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, err := cron.Parse(tt.text)
			var refused *cron.Error
			if !errors.As(err, &refused) {
				t.Fatalf("%s is %s, error %v", tt.text, e, err)
			}
			if !strings.Contains(refused.What, tt.why) || refused.Remedy == "" {
				t.Errorf("%s: %s; remedy %q; want %q", tt.text, refused.What, refused.Remedy, tt.why)
			}
		})
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, zone, after string
		want                    []string
	}{
		{"daily", "0 3 * * *", "UTC", "2026-11-30T05:00:00Z", []string{"2026-12-01T03:00:00Z", "2026-12-02T03:00:00Z"}},
		{"the moment itself is over", "0 3 * * *", "UTC", "2026-11-30T03:00:00Z", []string{"2026-12-01T03:00:00Z"}},
		{"in a zone", "0 3 * * *", "Europe/Berlin", "2026-11-30T05:00:00Z", []string{"2026-12-01T03:00:00+01:00"}},
		{
			"the clock goes forward: the run is skipped", "30 2 * * *", "Europe/Berlin", "2027-03-27T00:00:00Z",
			[]string{"2027-03-27T02:30:00+01:00", "2027-03-29T02:30:00+02:00"},
		},
		{
			"the clock goes back: one run", "30 2 * * *", "Europe/Berlin", "2027-10-30T22:00:00Z",
			[]string{"2027-10-31T02:30:00+02:00", "2027-11-01T02:30:00+01:00"},
		},
		{
			"the clock goes back by half an hour", "45 1 * * *", "Australia/Lord_Howe", "2027-04-03T00:00:00Z",
			[]string{"2027-04-04T01:45:00+11:00", "2027-04-05T01:45:00+10:30"},
		},
		{
			"every half hour over a skipped hour", "*/30 * * * *", "America/New_York", "2027-03-14T06:00:00Z",
			[]string{"2027-03-14T01:30:00-05:00", "2027-03-14T03:00:00-04:00", "2027-03-14T03:30:00-04:00"},
		},
		{
			"midnight does not exist", "0 0 * * *", "America/Santiago", "2027-09-04T12:00:00Z",
			[]string{"2027-09-06T00:00:00-03:00"},
		},
		{"a rate is elapsed time", "rate(1 day)", "Europe/Berlin", "2027-03-27T03:00:00Z", []string{"2027-03-28T01:00:00+01:00", "2027-03-29T02:00:00+02:00"}},
		{"leap day", "0 0 29 2 *", "UTC", "2026-11-30T05:00:00Z", []string{"2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"}},
		{"last day", "0 0 L * *", "UTC", "2027-01-31T00:00:00Z", []string{"2027-02-28T00:00:00Z", "2027-03-31T00:00:00Z"}},
		{"second Tuesday", "0 0 * * 2#2", "UTC", "2026-12-01T00:00:00Z", []string{"2026-12-08T00:00:00Z", "2027-01-12T00:00:00Z"}},
		{"last Friday", "0 0 * * 5L", "UTC", "2026-12-01T00:00:00Z", []string{"2026-12-25T00:00:00Z"}},
		{"nearest weekday after", "0 0 31W * *", "UTC", "2027-01-01T00:00:00Z", []string{"2027-01-29T00:00:00Z"}},
		{"nearest weekday at the start", "0 0 1W * *", "UTC", "2027-04-30T00:00:00Z", []string{"2027-05-03T00:00:00Z"}},
		{"once", "at(2027-01-01T03:00:00)", "Asia/Tokyo", "2026-11-30T05:00:00Z", []string{"2027-01-01T03:00:00+09:00"}},
		{"over", "at(2020-01-01T03:00:00)", "UTC", "2026-11-30T05:00:00Z", nil},
		{"the years are over", "cron(0 0 1 1 ? 2020)", "UTC", "2026-11-30T05:00:00Z", nil},
	}
	anchor := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, err := cron.Parse(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			loc, err := cron.Zone(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			after, err := time.Parse(time.RFC3339, tt.after)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				got, ok := e.Next(after, anchor, loc)
				if !ok || got.Format(time.RFC3339) != want {
					t.Fatalf("after %s: %s, %t; want %s", after, got.Format(time.RFC3339), ok, want)
				}
				after = got
			}
			if got, ok := e.Next(after, anchor, loc); tt.want == nil && ok {
				t.Errorf("%s, want none", got)
			}
		})
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0 3 * * *":               "at 03:00 Europe/Berlin daily",
		"0 3,15 * * *":            "at 03:00, 15:00 Europe/Berlin daily",
		"30 6 * * 1-5":            "at 06:30 Europe/Berlin Monday to Friday",
		"0 0 * * 0,6":             "at 00:00 Europe/Berlin on Sun, Sat",
		"0 0 1 * *":               "at 00:00 Europe/Berlin on day 1 of the month",
		"0 0 L * *":               "at 00:00 Europe/Berlin on the last day of the month",
		"*/10 * * * *":            "every 10 minutes",
		"* * * * *":               "every minute",
		"5 * * * *":               "every hour at minute 5 Europe/Berlin",
		"0 0 1 1 *":               "at cron(0 0 1 1 ? *) Europe/Berlin",
		"0 */6 * * *":             "at cron(0 0/6 * * ? *) Europe/Berlin",
		"0 0 * * 2#2":             "at cron(0 0 ? * 3#2 *) Europe/Berlin",
		"rate(1 hour)":            "every hour",
		"every 5 minutes":         "every 5 minutes",
		"at(2027-01-01T03:00:00)": "once, at 2027-01-01 03:00:00 Europe/Berlin",
	} {
		e, err := cron.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Words("Europe/Berlin"); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestZone(t *testing.T) {
	t.Parallel()
	for name, good := range map[string]bool{
		"UTC": true, "Europe/Berlin": true, "America/Argentina/Buenos_Aires": true, "Etc/GMT+3": true,
		"": false, "Local": false, "Europe/Nowhere": false, "../etc/passwd": false, "europe/berlin": false, "+01:00": false,
	} {
		if _, err := cron.Zone(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestAMomentThatTheClockSkips(t *testing.T) {
	t.Parallel()
	e, err := cron.Parse("at(2027-03-28T02:30:00)")
	if err != nil {
		t.Fatal(err)
	}
	for zone, want := range map[string]bool{"Europe/Berlin": false, "UTC": true} {
		loc, err := cron.Zone(zone)
		if err != nil {
			t.Fatal(err)
		}
		if e.Exists(loc) != want {
			t.Errorf("%s: %t", zone, !want)
		}
	}
}

// FuzzParse: what Parse accepts, it accepts again in AWS's form, with the same
// meaning, and the next run is later.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"0 3 * * *", "*/5 8-18 * * 1-5", "cron(0 0 ? * 6L *)", "rate(5 minutes)", "every day", "at(2027-01-01T03:00:00)",
		"@weekly", "0 0 15W * *", "0 0 * * 1#2", "1-59/7 0/3 L jan-mar ?", "0 0 29 2 *",
	} {
		f.Add(seed)
	}
	berlin, err := cron.Zone("Europe/Berlin")
	if err != nil {
		f.Fatal(err)
	}
	now := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := cron.Parse(text)
		if err != nil {
			return
		}
		again, err := cron.Parse(e.String())
		if err != nil || again.String() != e.String() {
			t.Fatalf("%q is %q, which is %q, error %v", text, e, again, err)
		}
		run, ok := e.Next(now, now, berlin)
		second, same := again.Next(now, now, berlin)
		if ok != same || !run.Equal(second) || ok && !run.After(now) {
			t.Fatalf("%q runs at %s (%t), %q at %s (%t)", text, run, ok, again, second, same)
		}
		_ = e.Words("UTC")
	})
}
