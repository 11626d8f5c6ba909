// Package credentialtest has the table of credentials, and of texts that are
// none, by which everything that shows or hides them is tested. Only tests import
// it, and it imports nothing of berth.
package credentialtest
