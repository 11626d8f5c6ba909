package cli

import "github.com/berthdev/berth/internal/deploy"

// SayElsewhere says that the environment does not exist yet while others do; nothing
// without e.
func SayElsewhere(c *Console, e *deploy.Elsewhere) {
	switch {
	case e == nil:
	case e.Meant != "":
		c.Say("ATTENTION: %s", e)
	default:
		c.Say("note: %s", e)
	}
}
