// Package state keeps what AWS itself cannot hold: the lock of each owner and
// a record of each release. Everything else is rebuilt from AWS.
//
// It writes through Store, which is one S3 bucket per account and region, or a
// folder for the sandbox. It may import internal/clock, internal/engine and the
// SDK's S3 client. A new kind of record is a new file beside release.go.
package state
