package kubeapi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Programs names the environment variable with the folder of etcd,
// kube-apiserver, kubectl and helm. `make test-operator` sets it.
const Programs = "BERTH_KUBE"

// Server is a running API server. Its store is empty but for what Kubernetes
// itself makes.
type Server struct {
	// URL is where it answers.
	URL string
	// Kubeconfig is a file with an administrator's access.
	Kubeconfig string

	programs, dir string
	certs         certificates
	client        *http.Client
	store, api    *process
	// startAPI starts the API server, at the same address every time.
	startAPI func() error
}

// Start starts a server that ends with the test. Without BERTH_KUBE the test is
// skipped.
func Start(t testing.TB) *Server {
	t.Helper()
	if os.Getenv(Programs) == "" {
		t.Skip(Programs + " does not name a folder with kube-apiserver and etcd: run make test-operator")
	}
	s, err := Open(os.Getenv(Programs))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Open starts a server with the programs of a folder; Close ends it. A port
// that somebody else took meanwhile is a reason to try again.
func Open(programs string) (*Server, error) {
	var last error
	for range 3 {
		s, err := open(programs)
		if err == nil {
			return s, nil
		}
		last = err
	}
	return nil, last
}

func open(programs string) (s *Server, err error) {
	dir, err := os.MkdirTemp("", "berth-kube-")
	if err != nil {
		return nil, fmt.Errorf("starting kubernetes: %w", err)
	}
	s = &Server{programs: programs, dir: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.certs, err = makeCertificates(dir); err != nil {
		return nil, err
	}
	if s.client, err = s.adminClient(); err != nil {
		return nil, err
	}
	etcd, err := s.startStore()
	if err != nil {
		return nil, err
	}
	if err := s.prepareAPI(etcd); err != nil {
		return nil, err
	}
	if err := s.startAPI(); err != nil {
		return nil, err
	}
	s.Kubeconfig = filepath.Join(dir, "admin.kubeconfig")
	user := fmt.Sprintf("{client-certificate: %s, client-key: %s}", s.certs.adminCert, s.certs.adminKey)
	return s, s.writeKubeconfig(s.Kubeconfig, user)
}

// Close ends the programs and removes their files.
func (s *Server) Close() error {
	for _, p := range []*process{s.api, s.store} {
		if p != nil {
			p.stop()
		}
	}
	s.api, s.store = nil, nil
	if err := os.RemoveAll(s.dir); err != nil {
		return fmt.Errorf("stopping kubernetes: %w", err)
	}
	return nil
}

// Restart kills the API server and starts it again after a time, at the same
// address and with the same store.
func (s *Server) Restart(t testing.TB, after time.Duration) {
	t.Helper()
	s.api.stop()
	s.api = nil
	time.Sleep(after)
	if err := s.startAPI(); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) startStore() (string, error) {
	var p ports
	defer p.release()
	client, err := p.free()
	if err != nil {
		return "", err
	}
	peer, err := p.free()
	if err != nil {
		return "", err
	}
	p.release()
	at := "http://127.0.0.1:" + client
	etcd, err := launch(s.dir, filepath.Join(s.programs, "etcd"),
		"--data-dir="+filepath.Join(s.dir, "etcd"), "--unsafe-no-fsync",
		"--listen-client-urls="+at, "--advertise-client-urls="+at,
		"--listen-peer-urls=http://127.0.0.1:"+peer, "--log-level=warn")
	if err != nil {
		return "", err
	}
	s.store = etcd
	return at, etcd.until(func() bool { return s.answers(at + "/health") }, time.Minute)
}

// prepareAPI chooses the API server's address.
func (s *Server) prepareAPI(etcd string) error {
	var p ports
	defer p.release()
	port, err := p.free()
	if err != nil {
		return err
	}
	p.release()
	s.URL = "https://127.0.0.1:" + port
	args := []string{
		"--etcd-servers=" + etcd, "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--secure-port=" + port,
		"--cert-dir=" + s.dir, "--tls-cert-file=" + s.certs.serverCert, "--tls-private-key-file=" + s.certs.serverKey,
		"--client-ca-file=" + s.certs.ca, "--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + s.certs.accountKey, "--service-account-signing-key-file=" + s.certs.accountKey,
		"--service-cluster-ip-range=10.0.0.0/24", "--endpoint-reconciler-type=none", "--profiling=false",
	}
	s.startAPI = func() error {
		api, err := launch(s.dir, filepath.Join(s.programs, "kube-apiserver"), args...)
		if err != nil {
			return err
		}
		s.api = api
		return api.until(func() bool { return s.answers(s.URL + "/readyz") }, 2*time.Minute)
	}
	return nil
}

// answers says whether a GET has the answer 200.
func (s *Server) answers(url string) bool {
	_, err := s.get(context.Background(), url)
	return err == nil
}

func (s *Server) adminClient() (*http.Client, error) {
	cert, err := tls.LoadX509KeyPair(s.certs.adminCert, s.certs.adminKey)
	if err != nil {
		return nil, fmt.Errorf("reading the administrator's certificate: %w", err)
	}
	ca, err := os.ReadFile(s.certs.ca)
	if err != nil {
		return nil, fmt.Errorf("reading the authority's certificate: %w", err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	return &http.Client{
		Timeout: 30 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{
			MinVersion: tls.VersionTLS12, RootCAs: pool, Certificates: []tls.Certificate{cert},
		}},
	}, nil
}

func (s *Server) writeKubeconfig(path, user string) error {
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: test
clusters:
- name: test
  cluster: {server: %q, certificate-authority: %s}
users:
- name: test
  user: %s
contexts:
- name: test
  context: {cluster: test, user: test, namespace: default}
`, s.URL, s.certs.ca, user)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return fmt.Errorf("writing a kubeconfig: %w", err)
	}
	return nil
}
