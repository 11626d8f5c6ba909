// Package pace says when an object that is not ready yet is polled next. It imports
// nothing of berth.
package pace
