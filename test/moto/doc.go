// Package moto runs the compiled binary against moto, an emulator of AWS that
// is not ours, over the real wire. `make test` installs it and names its server
// program in BERTH_MOTO; without that the tests are skipped, loudly.
package moto
