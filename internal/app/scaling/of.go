package scaling

import "github.com/berthdev/berth/internal/project"

// Refuse adds a problem of a key of the service.
type Refuse func(key, what, why, remedy string)

const key = "x-berth.autoscaling"

// Of is how the load decides how many tasks a service has; nil if it does not.
func Of(x *project.XAutoscaling, f Facts, refuse Refuse) *Scaling {
	if x == nil {
		return nil
	}
	want, refused := New(*x, f)
	for _, r := range refused {
		refuse(key+r.Key, r.What, r.Why, r.Remedy)
	}
	return &want
}

// CheckFixed refuses autoscaling of what is no service.
func CheckFixed(x *project.XAutoscaling, what, remedy string, refuse Refuse) {
	if x != nil {
		refuse(key, "a "+what+" is not scaled with its load", "", remedy)
	}
}
