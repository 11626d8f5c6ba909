package sandbox

// The functions below are what AWS and others do to an account that tasks notice.

// InterruptSpot takes the Spot capacity of all tasks back.
func InterruptSpot(w *World) {
	defer w.Enter()()
	w.ecs.Fargate.InterruptSpot()
}

// Maintain replaces all tasks of services, as AWS does to patch what they run on.
func Maintain(w *World) {
	defer w.Enter()()
	w.ecs.Fargate.Maintain()
}

// FillFargate takes all capacity of Fargate, or gives it back.
func FillFargate(w *World, full bool) {
	defer w.Enter()()
	w.ecs.Supply.Fill(full)
}

// LimitSpot leaves Spot capacity for a number of tasks; nil is for all.
func LimitSpot(w *World, tasks *int) {
	defer w.Enter()()
	w.ecs.Supply.LimitSpot(tasks)
}

// HoldInterfaces makes EC2 give no network interfaces to tasks, or some again.
func HoldInterfaces(w *World, held bool) {
	defer w.Enter()()
	w.ecs.Supply.Hold(held)
}

// LimitPulls makes Docker Hub refuse more pulls without a login.
func LimitPulls(w *World) {
	defer w.Enter()()
	w.ecs.Supply.LimitPulls()
}

// TakeAddresses takes all free addresses of a subnet.
func TakeAddresses(w *World, subnetID string) {
	defer w.Enter()()
	w.ec2.Interfaces.Take(subnetID)
}
