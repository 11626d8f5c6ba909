package chaos

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"
)

// accountHeader tells moto which of its accounts a request is for.
const accountHeader = "X-Moto-Account-Id"

// proxy stands between the berths of one round and moto, and breaks the wire.
type proxy struct {
	weather *weather
	account string
	// aws is moto's address, url the proxy's own.
	aws, url string
	client   *http.Client
	journal  *journal
	lag      lag
	tokens   tokens
	repeats  repeats
	// told is told of every request when it arrives.
	told func(run string, sent int)

	mu    sync.Mutex
	calm  bool
	times map[string]int // run and operation -> calls so far
	sent  map[string]int // run -> calls so far
	// back is how much older locks look than they are.
	back time.Duration
}

// newProxy starts a proxy for a round. It is calm until it is told otherwise.
func newProxy(t *testing.T, w *weather, aws, account string, told func(run string, sent int)) *proxy {
	t.Helper()
	p := &proxy{
		weather: w, aws: aws, account: account, journal: &journal{}, back: datedBack, calm: true, told: told,
		times: map[string]int{}, sent: map[string]int{},
		client: &http.Client{
			Transport:     &http.Transport{MaxIdleConnsPerHost: 8, DisableCompression: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	front := httptest.NewUnstartedServer(p)
	front.Config.ErrorLog = silent()
	front.Start()
	t.Cleanup(func() {
		front.CloseClientConnections()
		front.Close()
		p.client.CloseIdleConnections()
	})
	p.url = front.URL
	return p
}

// setCalm ends the faults, or begins them again.
func (p *proxy) setCalm(calm bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calm = calm
}

// ServeHTTP implements http.Handler.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // berth is gone
	}
	if r.URL.Path == credentialsPath {
		p.tokens.serve(w, r)
		return
	}
	c := callOf(r, body)
	n, calm := p.count(c)
	if calm {
		p.write(w, r, p.forward(r, c, body))
		return
	}
	if h, k, ok := p.refuse(r, c, body); ok {
		p.journal.add(c, n, k)
		p.write(w, r, h.of(c))
		return
	}
	if d := p.weather.dice("list", c.run, c.text, strconv.Itoa(n)); late(c) && d.Float64() < p.weather.lists {
		if a, ok := p.lag.old(c); ok {
			p.journal.add(c, n, staleList)
			p.write(w, r, a)
			return
		}
	}
	f, ok := p.weather.meet(c, n)
	if !ok {
		p.write(w, r, p.forward(r, c, body))
		return
	}
	p.journal.add(c, n, f.kind)
	p.hurt(w, r, c, n, f.kind, body)
}

// count counts a call.
func (p *proxy) count(c call) (n int, calm bool) {
	p.mu.Lock()
	key := c.run + " " + c.String()
	p.times[key]++
	p.sent[c.run]++
	n, calm = p.times[key], p.calm
	sent := p.sent[c.run]
	p.mu.Unlock()
	p.told(c.run, sent)
	return n, calm
}

// refuse is the answer to a request that AWS would not take in this weather.
func (p *proxy) refuse(r *http.Request, c call, body []byte) (harm, kind, bool) {
	if tooFar(r, c, p.weather.skew) {
		return skewed(c), clockDiffers, true
	}
	if p.weather.refresh && !p.tokens.good(r.Header.Get("X-Amz-Security-Token")) {
		return expiry(c), tokenOutOfDate, true
	}
	if h, ok := p.lag.unseen(c, wordsOf(body)+r.URL.Path); ok {
		return h, notFoundYet, true
	}
	return harm{}, "", false
}

// wordsOf is a body as it reads, also if it is a form.
func wordsOf(body []byte) string {
	if words, err := url.QueryUnescape(string(body)); err == nil {
		return words
	}
	return string(body)
}

// hurt answers a request with a fault.
func (p *proxy) hurt(w http.ResponseWriter, r *http.Request, c call, n int, k kind, body []byte) {
	d := p.weather.dice("form", c.run, c.String(), strconv.Itoa(n))
	switch k {
	case resetBefore:
		reset(w)
		return
	case serverError:
		p.write(w, r, failure(c, d.IntN(3)).of(c))
		return
	case gatewayPage:
		p.write(w, r, pageOf([]int{500, 502, 503, 504}[d.IntN(4)]))
		return
	case throttled:
		p.write(w, r, throttling(c).of(c))
		return
	case expired:
		p.write(w, r, expiry(c).of(c))
		return
	case neverBefore:
		hang(r)
		reset(w)
		return
	}
	a := p.forward(r, c, body)
	some := time.Duration(300+d.IntN(1200)) * time.Millisecond
	switch k {
	case resetAfter:
		reset(w)
	case errorAfter:
		p.write(w, r, failure(c, d.IntN(3)).of(c))
	case truncated:
		p.cut(w, a, 0)
	case slowBody:
		p.cut(w, a, some)
	case empty:
		p.write(w, r, emptied(a))
	case page:
		p.write(w, r, pageOf(http.StatusOK))
	case noise:
		p.write(w, r, noiseLike(a))
	case slowHeaders:
		time.Sleep(some)
		p.write(w, r, a)
	case neverAfter:
		hang(r)
		reset(w)
	}
}

// forward asks moto, or returns what it answered to the same creation before.
func (p *proxy) forward(r *http.Request, c call, body []byte) answer {
	return p.repeats.do(c, body, func() answer { return p.ask(r, c, body) })
}

// ask asks moto.
func (p *proxy) ask(r *http.Request, c call, body []byte) answer {
	// Not the context of r: the effect comes, whether berth waits for it or not.
	out, err := http.NewRequestWithContext(background(), r.Method, p.aws+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return pageOf(http.StatusBadGateway)
	}
	out.Header, out.Host, out.ContentLength = r.Header.Clone(), r.Host, int64(len(body))
	out.Header.Set(accountHeader, p.account)
	resp, err := p.client.Do(out)
	if err != nil {
		p.journal.note("moto does not answer %s: %v", c, err)
		return pageOf(http.StatusBadGateway)
	}
	defer func() { _ = resp.Body.Close() }()
	a := answer{status: resp.StatusCode, header: resp.Header.Clone()}
	if a.body, err = io.ReadAll(resp.Body); err != nil {
		p.journal.note("moto breaks off %s: %v", c, err)
		return pageOf(http.StatusBadGateway)
	}
	a.header.Del("Connection")
	a.header.Del("Transfer-Encoding")
	p.journal.sent(c, r, a.status)
	if late(c) && a.status == http.StatusOK {
		p.lag.remember(c, a)
	}
	if !p.isCalm() {
		p.lag.hide(c, a, p.weather.lag)
	}
	return a
}

func (p *proxy) isCalm() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calm
}

// write sends a whole answer.
func (p *proxy) write(w http.ResponseWriter, r *http.Request, a answer) {
	a.header = a.header.Clone()
	skew, back := p.clock()
	date(a, skew, back)
	for k, v := range a.header {
		w.Header()[k] = v
	}
	if r.Method != http.MethodHead {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.body)
	}
}

// clock is how far AWS's clock is ahead at present, and how much older locks
// look than they are.
func (p *proxy) clock() (skew, back time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.calm {
		skew = p.weather.skew
	}
	return skew, p.back
}

// setBack sets how much older locks look than they are.
func (p *proxy) setBack(back time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.back = back
}

// cut sends half of an answer, and the other half after a pause, or never.
func (p *proxy) cut(w http.ResponseWriter, a answer, pause time.Duration) {
	a.header = a.header.Clone()
	skew, back := p.clock()
	date(a, skew, back)
	for k, v := range a.header {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	half := len(a.body) / 2
	_, _ = w.Write(a.body[:half])
	if err := http.NewResponseController(w).Flush(); err != nil {
		return
	}
	if pause == 0 {
		panic(http.ErrAbortHandler) // ends the connection, as net/http documents it
	}
	time.Sleep(pause)
	_, _ = w.Write(a.body[half:])
}

// reset ends a connection as a router does that has forgotten it.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// hang waits until berth has given up.
func hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-time.After(time.Minute):
	}
}
