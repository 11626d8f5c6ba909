package ecs

import "math"

// int32Of narrows a number for the SDK. All of them are bounded far below by
// AWS's own limits; one that is not stays the largest there is.
func int32Of(n int) *int32 {
	v := int32(min(max(n, math.MinInt32), math.MaxInt32)) //nolint:gosec // bounded just here
	return &v
}
