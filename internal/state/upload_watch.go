package state

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
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

// StallError says that an upload was given up because it made no progress.
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
	return "check the speed of the network and run it again; a .dockerignore makes the upload smaller"
}

// usualPace is how often an upload reports its progress.
const usualPace = 5 * time.Second

// uploadWatch follows an upload, whose parts are read side by side.
type uploadWatch struct {
	size  int64
	stall time.Duration
	timer *time.Timer
	tell  func(detail string)
	clock clock.Clock
	pace  time.Duration

	mu    sync.Mutex
	sent  int64
	told  time.Time
	ended bool
}

// watchUpload ends an upload with a *StallError when it has not got on for a
// while.
func (b *Bucket) watchUpload(ctx context.Context, name string, size int64, give func(error)) *uploadWatch {
	w := &uploadWatch{
		size: size, stall: b.stall(), clock: b.clock(), pace: usualPace,
		tell: func(detail string) { engine.Progress(ctx, detail) },
	}
	if b.progress != nil {
		w.tell, w.pace = b.progress, 0
	}
	w.told = w.clock.Now()
	w.timer = time.AfterFunc(w.stall, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		give(&StallError{Name: name, Sent: w.sent, Size: size, For: w.stall})
	})
	return w
}

// end is after the last call: a transport may still read on for a moment.
func (w *uploadWatch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	w.timer.Stop()
}

// count adds to what has been sent; a repeated attempt takes away.
func (w *uploadWatch) count(n int64) {
	w.mu.Lock()
	w.sent += n
	now := w.clock.Now()
	tell := !w.ended && n > 0 && now.Sub(w.told) >= w.pace
	if tell {
		w.told = now
	}
	if !w.ended {
		w.timer.Reset(w.stall)
	}
	sent := w.sent
	w.mu.Unlock()
	if tell {
		w.tell(fmt.Sprintf("%d of %d MiB uploaded", sent>>20, (w.size+1<<20-1)>>20))
	}
}

// part is a piece of the file as a body whose reading is watched.
func (w *uploadWatch) part(file io.ReaderAt, at, size int64) io.ReadSeeker {
	return &watchedPart{piece: io.NewSectionReader(file, at, size), watch: w}
}

// watchedPart counts how far its piece has been read. A request is read by one
// goroutine at a time.
type watchedPart struct {
	piece       *io.SectionReader
	watch       *uploadWatch
	at, counted int64
}

// Read implements io.Reader.
func (p *watchedPart) Read(b []byte) (int, error) {
	n, err := p.piece.Read(b)
	p.at += int64(n)
	p.watch.count(p.at - p.counted)
	p.counted = p.at
	return n, err
}

// Seek implements io.Seeker: a repeated attempt begins anew. Looking for the end
// sends nothing.
func (p *watchedPart) Seek(offset int64, whence int) (int64, error) {
	at, err := p.piece.Seek(offset, whence)
	p.at = at
	if at < p.counted {
		p.watch.count(at - p.counted)
		p.counted = at
	}
	return at, err
}
