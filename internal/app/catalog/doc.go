// Package catalog holds facts about widely used images: the ports that they listen
// on, whether they keep data, and the user who owns it. It also knows which ports
// usually speak HTTP.
//
// It imports nothing of berth. An image is a row in the file of its kind.
package catalog
