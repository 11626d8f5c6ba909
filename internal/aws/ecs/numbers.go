package ecs

import "math"

// int32Of narrows a number for the SDK. AWS's own limits are far below the
// largest int32; a larger number becomes that.
func int32Of(n int) *int32 {
	v := int32(min(max(n, math.MinInt32), math.MaxInt32)) //nolint:gosec // bounded just here
	return &v
}
