package state

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// uplink is a bucket behind a server that takes a body as take says. The client
// has the total timeout of all calls, scaled down.
func uplink(t *testing.T, take func(body io.Reader, ended <-chan struct{})) *Bucket {
	t.Helper()
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			take(r.Body, ended)
		}
		w.Header().Set("ETag", `"1"`)
		switch q := r.URL.Query(); {
		case q.Has("uploads"):
			_, _ = io.WriteString(w, `<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>`)
		case r.Method == http.MethodPost:
			_, _ = io.WriteString(w, `<CompleteMultipartUploadResult><ETag>"1"</ETag></CompleteMultipartUploadResult>`)
		}
	}))
	t.Cleanup(func() { close(ended); server.Close() })
	api := s3.New(s3.Options{
		Region: "eu-central-1", BaseEndpoint: &server.URL, UsePathStyle: true,
		HTTPClient: awshttp.NewBuildableClient().WithTimeout(300 * time.Millisecond),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "x", SecretAccessKey: "x"}, nil
		}),
	})
	return &Bucket{API: api, Account: "123456789012", Region: "eu-central-1", Stall: time.Second, known: true}
}

// contextSize is larger than what the kernel takes in without anybody reading,
// of all the parts that are under way at once.
const contextSize = 64 << 20

func buildContext() *bytes.Reader { return bytes.NewReader(make([]byte, contextSize)) }

func TestASlowUplinkFinishes(t *testing.T) {
	t.Parallel()
	b := uplink(t, func(body io.Reader, _ <-chan struct{}) {
		for {
			if _, err := io.CopyN(io.Discard, body, 2<<20); err != nil {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
	where, err := b.Upload(t.Context(), "1.zip", buildContext(), contextSize)
	if err != nil || where != b.UploadLocation("1.zip") {
		t.Errorf("got %q, %v", where, err)
	}
}

func TestAStalledUploadSaysHowFarItCame(t *testing.T) {
	t.Parallel()
	b := uplink(t, func(body io.Reader, ended <-chan struct{}) {
		_, _ = io.CopyN(io.Discard, body, 4<<20)
		<-ended
	})
	_, err := b.Upload(t.Context(), "1.zip", buildContext(), contextSize)
	var stalled *StallError
	if !errors.As(err, &stalled) {
		t.Fatalf("got %v, want a *StallError", err)
	}
	if stalled.Sent < 4<<20 || stalled.Sent >= contextSize || stalled.Size != contextSize {
		t.Errorf("%d of %d bytes sent", stalled.Sent, stalled.Size)
	}
}

// TestOtherCallsKeepTheirTotalTimeout: the lease relies on it.
func TestOtherCallsKeepTheirTotalTimeout(t *testing.T) {
	t.Parallel()
	b := uplink(t, func(_ io.Reader, ended <-chan struct{}) {
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
		}
	})
	began := time.Now()
	_, err := b.API.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(b.Name()), Key: aws.String("locks/1"), Body: bytes.NewReader([]byte("{}")),
	}, func(o *s3.Options) { o.RetryMaxAttempts = 1 })
	if err == nil || time.Since(began) > 3*time.Second {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
}
