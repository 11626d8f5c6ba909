// Package eventbridge has the resource type of Amazon EventBridge: the rule, with the
// target that gets what it matches.
//
// A rule and its target are one type, because a rule without its target does nothing, and
// AWS refuses to delete a rule that has targets. They are two calls: a rule that a run
// left without its target shows another target than is desired, so that the next run
// sets it. PutRule overwrites a rule of the name, whoever made it, and ignores the tags
// then: a creation reads the name first, and the tags afterwards.
//
// Targets that others add to a rule stay, and so does a rule with such a target.
//
// It may import gate, tagindex and engine. A new setting of rules is a field of Rule, and
// a line in target.go.
package eventbridge
