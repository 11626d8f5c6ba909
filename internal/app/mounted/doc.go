// Package mounted reads of the files that a service mounts from this computer
// what decides whether they may be in an image: where they are, and whether they
// contain credentials.
//
// It may import internal/credential and internal/regular.
package mounted
