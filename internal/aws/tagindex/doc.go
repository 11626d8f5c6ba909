// Package tagindex reads what carries an owner's mark from AWS's index of tags,
// all types in one call for each hundred objects. Types use it to learn
// whether a project has anything of theirs at all before they spend a call on
// listing it. It may import internal/engine, internal/clock and
// internal/aws/gate. Poll here before adding another call that goes over the
// objects of several services.
package tagindex
