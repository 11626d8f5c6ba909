// Package chaos takes projects through their life while everything that can go
// wrong on the way to AWS goes wrong: the compiled binary talks to moto through
// a proxy that breaks the wire at random, and is itself stopped and killed.
// `make chaos` runs 200 rounds; a few run with `make test`.
//
// A round (round_test.go) is made of its seed: the project, the faults and
// their rates (weather_test.go), the signals (signal_test.go). Whether a request
// meets a fault depends on the seed, the run of berth, the operation and how
// often that run has called it, and not on the order in which requests of
// different operations come: a seed played again meets nearly the same faults.
//
// Where moto is not AWS and a fault would show it, moto_test.go makes up for it
// or the round leaves the thing out, each with its reason.
//
// A new kind of fault is a row in faults (fault_test.go) and a case in
// proxy_test.go; TestFaultsAreWhatTheSDKTakesThemFor wants to know what the SDK
// makes of it.
package chaos
