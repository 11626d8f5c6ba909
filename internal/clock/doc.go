// Package clock is the time that berth waits by: the wall clock, or one that
// runs faster, for the sandbox on the command line. It also renders durations
// for people.
//
// It imports nothing of berth. Tests that run inside testing/synctest use
// Wall, because the bubble replaces the time package itself.
package clock
