package settings

import "encoding/json"

// Spot says which tasks of services run on Spot capacity of Fargate. The empty Spot is that
// of the environment.
type Spot string

const (
	// SpotNever runs all tasks on demand.
	SpotNever Spot = "false"
	// SpotFurther runs the tasks after the first on Spot.
	SpotFurther Spot = "true"
	// SpotPrefer is SpotFurther, except for tasks for which Spot has no capacity during a
	// deployment: they run on demand.
	SpotPrefer Spot = "prefer"
)

// SpotOf is the value in a file: true, false or prefer; empty for none.
func SpotOf(value any) Spot {
	switch v := value.(type) {
	case bool:
		if v {
			return SpotFurther
		}
		return SpotNever
	case string:
		return Spot(v)
	}
	return ""
}

// On says whether any tasks run on Spot.
func (s Spot) On() bool { return s == SpotFurther || s == SpotPrefer }

// MarshalJSON writes the value as it is in a file.
func (s Spot) MarshalJSON() ([]byte, error) {
	switch s {
	case SpotNever, SpotFurther:
		return []byte(s), nil
	}
	return json.Marshal(string(s))
}
