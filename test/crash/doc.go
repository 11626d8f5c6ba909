// Package crash kills berth at the calls of a project's life and checks that
// the next run reaches the same world, using only what AWS shows. It may import
// everything.
package crash
