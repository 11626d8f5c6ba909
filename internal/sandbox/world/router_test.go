package world

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// clerk is a service with one operation and the given number of handlers for it.
type clerk struct{ handlers int }

func (c clerk) ID() string { return sts.ServiceID }

func (c clerk) Routes(r *Router) {
	for range c.handlers {
		On(r, func(*Request, *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
			return &sts.GetCallerIdentityOutput{}, nil
		})
	}
}

func (c clerk) State() any { return &struct{}{} }

func (c clerk) Dump(*Dumper) {}

func TestAWorldKnowsWhatItAnswers(t *testing.T) {
	t.Parallel()
	w, err := New(NewAccount(Options{}), []Service{clerk{1}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := w.Operations(), []Operation{{sts.ServiceID, "GetCallerIdentity"}}; !slices.Equal(got, want) {
		t.Errorf("operations %v, want %v", got, want)
	}
	for operation, want := range map[string]bool{"GetCallerIdentity": true, "AssumeRole": false} {
		if got := w.Answers(sts.ServiceID, operation); got != want {
			t.Errorf("%s is answered: %v, want %v", operation, got, want)
		}
	}
}

func TestAnOperationHasOneHandler(t *testing.T) {
	t.Parallel()
	const want = "sandbox: two handlers for STS.GetCallerIdentity"
	for name, services := range map[string][]Service{
		"in one service":  {clerk{2}},
		"in two services": {clerk{1}, clerk{1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := New(NewAccount(Options{}), services, nil)
			if err == nil || err.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
		})
	}
}
