// Package crash kills berth at the calls of a project's life and wants the next
// run to bring about the same world, with nothing but AWS to go by. It may
// import everything.
package crash
