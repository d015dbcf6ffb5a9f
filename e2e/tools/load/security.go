package main

import (
	"crypto/tls"
	"crypto/x509"
	"flag"

	"go.etcd.io/etcd/client/pkg/v3/transport"
)

// security is what is shown to members and asked of them; connections are plain without an authority.
type security struct {
	authority, certificate, key, serverName string
}

func (s *security) flags(flags *flag.FlagSet) {
	flags.StringVar(&s.authority, "cacert", "", "certificate of the authority that members are trusted by")
	flags.StringVar(&s.certificate, "cert", "", "certificate to show to members")
	flags.StringVar(&s.key, "cert-key", "", "key of the certificate")
	flags.StringVar(&s.serverName, "server-name", "", "whom certificates of members must name, whatever the address")
}

func (s *security) config() (*tls.Config, error) {
	if s.authority == "" {
		return nil, nil
	}
	files := transport.TLSInfo{TrustedCAFile: s.authority, CertFile: s.certificate, KeyFile: s.key}
	config, err := files.ClientConfig()
	if err == nil && s.serverName != "" {
		s.verifyByName(config)
	}
	return config, err
}

// verifyByName replaces the check of the name only: etcd's client asks for the address's own, which a Pod's certificate
// does not hold.
func (s *security) verifyByName(config *tls.Config) {
	config.InsecureSkipVerify = true
	config.VerifyConnection = func(state tls.ConnectionState) error {
		options := x509.VerifyOptions{
			Roots: config.RootCAs, DNSName: s.serverName, Intermediates: x509.NewCertPool(),
		}
		for _, certificate := range state.PeerCertificates[1:] {
			options.Intermediates.AddCert(certificate)
		}
		_, err := state.PeerCertificates[0].Verify(options)
		return err
	}
}
