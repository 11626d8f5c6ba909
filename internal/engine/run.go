package engine

import "context"

type run struct{}

func newRun(r Runner, p *Plan) *run { return &run{} }

func (n *run) execute(ctx context.Context) (*Result, error) { return &Result{}, nil }
