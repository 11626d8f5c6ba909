//go:build race

package typetest

// raceDetector tells whether the tests run under the race detector.
const raceDetector = true
