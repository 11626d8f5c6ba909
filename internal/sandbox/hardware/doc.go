// Package hardware is the sandbox's instance types of Amazon EC2, and which of them meet
// requirements. It imports nothing of berth.
package hardware
