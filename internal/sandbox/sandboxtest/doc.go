// Package sandboxtest is a test bed for the services of the sandbox: a world in the
// time of a synctest bubble, a network and a cluster in it, made with the real
// clients, and short ways to make calls and check their errors.
//
// Only tests import it. It may import the sandbox and world.
package sandboxtest
