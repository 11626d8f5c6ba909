package chaos

import (
	"net/http"
	"strings"
	"time"
)

// tolerance is how far a signature's time may be from AWS's: five minutes, and
// fifteen for S3 (docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html,
// docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
func tolerance(c call) time.Duration {
	if c.protocol == s3XML {
		return 15 * time.Minute
	}
	return 5 * time.Minute
}

// signed is when a request was signed.
func signed(r *http.Request) time.Time {
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		return time.Time{}
	}
	return at
}

// tooFar says whether AWS's clock, which is ahead by skew, refuses a request.
func tooFar(r *http.Request, c call, skew time.Duration) bool {
	return time.Now().Add(skew).Sub(signed(r)).Abs() > tolerance(c)
}

// date dates an answer by AWS's clock. What is read from the bucket is dated
// back besides: AWS shows everything after longestLag here and not after 15 s,
// so a run that follows a dead one may begin that much earlier.
func date(a answer, skew, back time.Duration) {
	a.header.Set("Date", time.Now().Add(skew).UTC().Format(http.TimeFormat))
	written := a.header.Get("Last-Modified")
	if written == "" {
		return
	}
	at, err := time.Parse(http.TimeFormat, strings.TrimSpace(written))
	if err == nil {
		a.header.Set("Last-Modified", at.Add(skew-back).UTC().Format(http.TimeFormat))
	}
}
