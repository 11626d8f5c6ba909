// Package typetest takes resource types through their lives in tests: plan,
// apply, plan again, change, damage, delete, against the sandbox or an emulator.
//
// Only tests import it. It imports engine, gate, clock and sandbox. What every type must
// pass is added here; what one type alone must pass, to the tests of that type.
package typetest
