// Package tagindex finds objects with an owner's mark in AWS's index of tags,
// for all types together, a hundred objects per call. Types use it to see
// whether a project has any of their objects before they spend a call on
// listing them. It may import internal/engine, internal/clock and
// internal/aws/gate. Look here before you add another call that covers the
// objects of several services.
package tagindex
