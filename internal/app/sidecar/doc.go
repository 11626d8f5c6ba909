// Package sidecar finds the services that run in the tasks of another one: those
// with network_mode: "service:NAME" and those with x-berth.sidecar_of. It decides
// for which containers of its task each one waits, whether the task ends with it,
// and whether it is restarted within the task; and it refuses what contradicts that
// in the files.
//
// It reads a project and knows nothing of the App that package app makes from it. A
// rule for the containers of one task belongs here, or, if it needs what app has
// translated (ports, hosts), into app's sidecars.go.
package sidecar
