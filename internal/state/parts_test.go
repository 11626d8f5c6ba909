package state

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/sandbox"
)

// largeFile is more than one call takes, and no two of its parts are alike.
func largeFile() []byte {
	file := bytes.Repeat([]byte("0123456789abcdef"), onePiece/16)
	for i := range file {
		file[i] += byte(i >> 20)
	}
	return append(file, "the end"...)
}

// stateIn is a bucket in the sandbox.
func stateIn(t *testing.T) (*sandbox.World, *Bucket) {
	t.Helper()
	w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1, Account: "123456789012", Region: "eu-central-1"})
	if err != nil {
		t.Fatal(err)
	}
	b := &Bucket{API: s3.NewFromConfig(w.Config()), Account: "123456789012", Region: "eu-central-1"}
	if err := b.ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w, b
}

// faultOn breaks the first calls of an operation.
func faultOn(operation string, times int, f func() sandbox.Fault) func(sandbox.Call) sandbox.Fault {
	var mu sync.Mutex
	return func(c sandbox.Call) sandbox.Fault {
		mu.Lock()
		defer mu.Unlock()
		if c.Operation != operation || times == 0 {
			return sandbox.Fault{}
		}
		times--
		return f()
	}
}

func TestALargeUploadGoesInParts(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(sandbox.Call) sandbox.Fault{
		"undisturbed":          nil,
		"a part again":         faultOn("UploadPart", 1, func() sandbox.Fault { return sandbox.Fault{Kind: sandbox.FailBefore} }),
		"a lost answer":        faultOn("UploadPart", 1, func() sandbox.Fault { return sandbox.Fault{Kind: sandbox.FailAfter} }),
		"the last answer lost": faultOn("CompleteMultipartUpload", 1, func() sandbox.Fault { return sandbox.Fault{Kind: sandbox.FailAfter} }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, b := stateIn(t)
				var mu sync.Mutex
				var told []string
				b.progress = func(detail string) {
					mu.Lock()
					defer mu.Unlock()
					told = append(told, detail)
				}
				w.Inject(fault)
				file := largeFile()
				if _, err := b.Upload(t.Context(), "x/1.zip", bytes.NewReader(file), int64(len(file))); err != nil {
					t.Fatal(err)
				}
				out, err := b.API.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(b.Name()), Key: aws.String("builds/x/1.zip")})
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(out.Body)
				if err != nil || !bytes.Equal(got, file) {
					t.Errorf("%d bytes are stored, want %d (%v)", len(got), len(file), err)
				}
				if !strings.HasSuffix(aws.ToString(out.ETag), `-3"`) || aws.ToString(out.ContentType) != zipType {
					t.Errorf("stored as %s, %s", aws.ToString(out.ETag), aws.ToString(out.ContentType))
				}
				if !slices.Contains(told, "17 of 17 MiB uploaded") && !slices.Contains(told, "16 of 17 MiB uploaded") {
					t.Errorf("told %q", told)
				}
				if left := w.Leftovers(); len(left) > 0 {
					t.Errorf("left: %v", left)
				}
			})
		})
	}
}

// TestAnUploadThatFailsLeavesNothing: the parts of one that failed, or that was
// interrupted, would be paid for.
func TestAnUploadThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	deny := func() sandbox.Fault { return sandbox.Fault{Kind: sandbox.Deny} }
	for _, operation := range []string{"UploadPart", "CompleteMultipartUpload", "interrupted"} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, b := stateIn(t)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				w.Inject(faultOn(operation, 1, deny))
				if operation == "interrupted" {
					w.Inject(faultOn("UploadPart", 1, func() sandbox.Fault { cancel(); return sandbox.Fault{} }))
				}
				file := largeFile()
				if _, err := b.Upload(ctx, "1.zip", bytes.NewReader(file), int64(len(file))); err == nil {
					t.Error("it is said to have been stored")
				}
				begun := false
				for _, c := range w.Calls() {
					begun = begun || c.Operation == "CreateMultipartUpload"
				}
				if left := w.Leftovers(); len(left) > 0 || !begun {
					t.Errorf("begun %t, left: %v", begun, left)
				}
			})
		})
	}
}

// TestASmallUploadIsOneCall: it costs no call more than before.
func TestASmallUploadIsOneCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, b := stateIn(t)
		before := len(w.Calls())
		if _, err := b.Upload(t.Context(), "1.zip", strings.NewReader("small"), 5); err != nil {
			t.Fatal(err)
		}
		if calls := w.Calls()[before:]; len(calls) != 1 || calls[0].Operation != "PutObject" {
			t.Errorf("%d calls", len(calls))
		}
	})
}
