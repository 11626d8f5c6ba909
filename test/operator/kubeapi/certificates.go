package kubeapi

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// certificates are the files that the API server and its callers need.
type certificates struct {
	ca, serverCert, serverKey, adminCert, adminKey, accountKey string
}

// authority signs the certificates of one server.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// makeCertificates writes a new authority, the server's certificate, that of an
// administrator, and the key that signs service account tokens.
func makeCertificates(dir string) (certificates, error) {
	at := func(name string) string { return filepath.Join(dir, name) }
	c := certificates{
		ca: at("ca.crt"), serverCert: at("server.crt"), serverKey: at("server.key"),
		adminCert: at("admin.crt"), adminKey: at("admin.key"), accountKey: at("accounts.key"),
	}
	root, err := newAuthority(c.ca)
	if err != nil {
		return c, err
	}
	if err := root.issue(c.serverCert, c.serverKey, x509.Certificate{
		Subject:     pkix.Name{CommonName: "kube-apiserver"},
		DNSNames:    []string{"localhost", "kubernetes.default.svc"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}); err != nil {
		return c, err
	}
	if err := root.issue(c.adminCert, c.adminKey, x509.Certificate{
		// Kubernetes grants this group everything.
		Subject:     pkix.Name{CommonName: "administrator", Organization: []string{"system:masters"}},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}); err != nil {
		return c, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return c, fmt.Errorf("making the key of the service accounts: %w", err)
	}
	return c, writeKey(c.accountKey, key)
}

func newAuthority(path string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making the authority's key: %w", err)
	}
	cert := validNow(x509.Certificate{
		Subject: pkix.Name{CommonName: "berth test authority"}, SerialNumber: big.NewInt(1),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	})
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("making the authority: %w", err)
	}
	return &authority{cert: cert, key: key}, writePEM(path, "CERTIFICATE", der)
}

func (a *authority) issue(certPath, keyPath string, want x509.Certificate) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("making the key of %s: %w", want.Subject.CommonName, err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		return fmt.Errorf("making a serial number: %w", err)
	}
	want.SerialNumber, want.KeyUsage = serial, x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, validNow(want), a.cert, key.Public(), a.key)
	if err != nil {
		return fmt.Errorf("making the certificate of %s: %w", want.Subject.CommonName, err)
	}
	if err := writeKey(keyPath, key); err != nil {
		return err
	}
	return writePEM(certPath, "CERTIFICATE", der)
}

func validNow(c x509.Certificate) *x509.Certificate {
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	return &c
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return writePEM(path, "EC PRIVATE KEY", der)
}

func writePEM(path, kind string, der []byte) error {
	data := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return fmt.Errorf("writing a certificate: %w", err)
	}
	return nil
}
