// Package catalog holds what is known of images that are widely used: the ports
// that they listen to, whether they keep data, and whom it belongs to. It also
// knows which ports usually speak HTTP.
//
// It imports nothing of berth. An image is a row in the file of its kind.
package catalog
