package sandbox

type ec2State struct{}
type ec2Part struct {
	w *World
	s ec2State
}

func newEC2(w *World) *ec2Part      { return &ec2Part{w: w} }
func (p *ec2Part) ID() string       { return "EC2" }
func (p *ec2Part) routes(r *router) {}
func (p *ec2Part) state() any       { return &p.s }
func (p *ec2Part) dump(d *dumper)   {}
