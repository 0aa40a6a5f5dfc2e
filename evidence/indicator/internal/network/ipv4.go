// Package network reads the text of addresses of the internet, and knows the
// words that stand in front of them and the names of ports behind them.
package network

import (
	"net/netip"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// Parse4 reads four numbers up to 255 with dots between them, without leading
// zeros, and returns its length; 0 when b does not begin with them.
func Parse4(b []byte) (a [4]byte, length int) {
	i := 0
	for n := range 4 {
		if n > 0 {
			if i >= len(b) || b[i] != '.' {
				return a, 0
			}
			i++
		}
		start, value := i, 0
		for i < len(b) && i-start < 3 && char.Digit(b[i]) {
			value = value*10 + int(b[i]-'0')
			i++
		}
		if i == start || value > 255 || i-start > 1 && b[start] == '0' {
			return a, 0
		}
		a[n] = byte(value)
	}
	if i < len(b) && char.Digit(b[i]) {
		return a, 0
	}
	return a, i
}

// Lookup reports whether what follows a name is an address.
func Lookup(name []byte) bool {
	var buffer [16]byte
	switch string(char.Lower(buffer[:0], name)) {
	case "ip", "ips", "ipv4", "ip-address", "ip-addresses", "ip_addresses", "check", "host", "hosts", "address", "addr", "whois", "lookup", "client", "from",
		"src", "dst", "inet", "inet4", "local", "remote", "ldap", "http", "https", "cifs", "tcp", "udp", "dns", "peer", "inside", "outside":
		return true
	default:
		return false
	}
}

// AboutNetworks reports whether a network may follow a name.
func AboutNetworks(name []byte) bool {
	switch string(name) {
	case "network", "net", "subnet", "from", "to", "ip", "route", "host", "via", "dst", "src", "address", "addr", "inet", "prefix", "add", "gw", "gateway", "block",
		"deny", "allow", "peer", "client", "server", "remote", "local", "source", "destination", "of", "for", "and", "or", "at", "by", "on", "is", "in", "the":
		return true
	default:
		return Lookup(name)
	}
}

// IsOID reports whether four numbers begin as object identifiers that are in
// use (ITU-T X.660).
func IsOID(a [4]byte) bool {
	switch a[0] {
	case 0:
		return true
	case 1:
		return a[1] <= 3
	case 2:
		return a[1] == 5
	default:
		return false
	}
}

// Service reports whether a name is that of a port.
func Service(name []byte) bool {
	switch string(name) {
	case "http", "https", "ssh", "domain", "smtp", "smtps", "submission", "imap", "imaps", "imap2", "pop3", "pop3s", "ntp", "ftp", "ftp-data", "telnet", "mysql",
		"ldap", "ldaps", "ms-wbt-server", "microsoft-ds", "netbios-ssn", "netbios-ns", "netbios-dgm", "bootps", "bootpc", "mdns", "snmp", "syslog", "sip",
		"xmpp-client", "nfs", "sunrpc", "postgresql", "redis", "http-alt", "https-alt", "kerberos", "tftp", "rsync", "whois", "isakmp", "ipsec-nat-t", "rtsp":
		return true
	default:
		return false
	}
}

// Scope says of an address that it is not one of the open internet.
func Scope(a netip.Addr) map[string]string {
	var name string
	switch {
	case a.IsLoopback():
		name = "loopback"
	case a.IsPrivate():
		name = "private"
	case a.IsLinkLocalUnicast():
		name = "link-local"
	case a.IsMulticast():
		name = "multicast"
	case a.IsUnspecified():
		name = "unspecified"
	default:
		return nil
	}
	return map[string]string{"scope": name}
}

// IsSection reports whether four numbers may be those of a section of a text or
// of a release: small, none of them zero, and no well-known resolver.
func IsSection(a [4]byte) bool {
	if a[0] > 40 || a[1] > 60 || a[0] == a[1] && a[2] == a[3] {
		return false
	}
	return a[0] > 0 && a[0] != 10 && a[1] > 0 && a[2] > 0 && a[3] > 0 && a[2] < 200 && a[3] < 200
}

// IsAttribute reports whether four numbers are an object identifier of X.500:
// an attribute (X.520), or an extension of a certificate (X.509).
func IsAttribute(a [4]byte) bool {
	return a[0] == 2 && a[1] == 5 && (a[2] == 4 || a[2] == 29) && a[3] < 100
}
