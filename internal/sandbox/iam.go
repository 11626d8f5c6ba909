package sandbox

type iamState struct{}
type iamPart struct {
	w *World
	s iamState
}

func newIAM(w *World) *iamPart      { return &iamPart{w: w} }
func (p *iamPart) ID() string       { return "IAM" }
func (p *iamPart) routes(r *router) {}
func (p *iamPart) state() any       { return &p.s }
func (p *iamPart) dump(d *dumper)   {}
