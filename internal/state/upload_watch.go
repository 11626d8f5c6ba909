package state

import (
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// usualStall is Bucket.Stall by default. What the kernel has taken in and not
// sent yet must fit into it: some megabytes, on a slow uplink half a minute.
const usualStall = time.Minute

func (b *Bucket) stall() time.Duration {
	if b.Stall > 0 {
		return b.Stall
	}
	return usualStall
}

// patient takes the total timeout off the client of an upload. What is left is
// the watch over its progress, and the time for the answer once all is sent.
func (b *Bucket) patient(o *s3.Options) {
	if c, ok := o.HTTPClient.(*awshttp.BuildableClient); ok {
		o.HTTPClient = c.WithTimeout(0).WithTransportOptions(func(t *http.Transport) {
			t.ResponseHeaderTimeout = b.stall()
		})
	}
}

// StallError says that an upload was given up because it got no further.
type StallError struct {
	Name string
	// Sent of Size bytes had been taken by the network.
	Sent, Size int64
	// For is how long nothing more was taken.
	For time.Duration
}

func (e *StallError) Error() string {
	const mib = 1 << 20
	return fmt.Sprintf("uploading %s: %.1f of %.1f MiB sent, then nothing for %s",
		e.Name, float64(e.Sent)/mib, float64(e.Size)/mib, e.For)
}

// Remedy is what the user can do.
func (*StallError) Remedy() string {
	return "look at the uplink and run it again; a .dockerignore makes the upload smaller"
}

// watchedUpload is a body that notices when nobody reads on.
type watchedUpload struct {
	body  io.ReadSeeker
	sent  atomic.Int64
	stall time.Duration
	timer *time.Timer
}

// watchUpload ends the upload of a body with a *StallError when it has not got
// on for a while.
func watchUpload(name string, body io.ReadSeeker, stall time.Duration, give func(error)) (*watchedUpload, error) {
	size, err := body.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = body.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, fmt.Errorf("uploading %s: %w", name, err)
	}
	w := &watchedUpload{body: body, stall: stall}
	w.timer = time.AfterFunc(stall, func() {
		give(&StallError{Name: name, Sent: w.sent.Load(), Size: size, For: stall})
	})
	return w, nil
}

// Read implements io.Reader.
func (w *watchedUpload) Read(p []byte) (int, error) {
	n, err := w.body.Read(p)
	w.sent.Add(int64(n))
	w.timer.Reset(w.stall)
	return n, err
}

// Seek implements io.Seeker: a repeated attempt begins anew.
func (w *watchedUpload) Seek(offset int64, whence int) (int64, error) {
	at, err := w.body.Seek(offset, whence)
	w.sent.Store(at)
	return at, err
}
