// Package typetest takes resource types through their lives in tests: plan,
// apply, plan again, change, damage, delete, against the sandbox or an emulator.
//
// Only tests import it. It imports engine, call, clock and sandbox. What all types must stand
// is added here; what one type alone must, to the test of that type.
package typetest
