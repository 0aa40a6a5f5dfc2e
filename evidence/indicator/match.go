package indicator

// Kind is what an indicator is.
type Kind string

// The kinds.
const (
	IPv4     Kind = "ipv4"
	IPv6     Kind = "ipv6"
	Domain   Kind = "domain"           // under a public suffix, lower case, international names in punycode
	URL      Kind = "url"              // scheme and host in lower case, the host in punycode, a password masked
	Email    Kind = "email"            // domain in lower case and punycode, the rest as written
	Phone    Kind = "phone-number"     // E.164, of a range that its country has assigned
	MD5      Kind = "md5"              // 32 hexadecimal digits; may be another value of that length
	SHA1     Kind = "sha1"             // 40, likewise
	SHA256   Kind = "sha256"           // 64, likewise
	Bitcoin  Kind = "bitcoin-address"  // base58check, bech32 or bech32m, checksum valid
	Litecoin Kind = "litecoin-address" // likewise; not the addresses that begin with 3, which Bitcoin has too
	Tron     Kind = "tron-address"     // base58check, checksum valid
	Ethereum Kind = "ethereum-address" // EIP-55 checksum valid where the case carries one
	Monero   Kind = "monero-address"   // checksum valid
	IBAN     Kind = "iban"             // length of its country, check digits valid; without spaces
	Card     Kind = "payment-card"     // issuer's range, Luhn valid; masked: first six and last four digits
	CVE      Kind = "cve"
	Attack   Kind = "attack-technique" // MITRE ATT&CK technique or tactic
	AWSKey   Kind = "aws-key-id"       // masked: prefix and last four characters
	APIKey   Kind = "api-key"          // of a service that marks its keys; masked likewise
	Registry Kind = "registry-path"    // Windows, hive written in full
)

// masked reports whether values of a kind are never written in full.
func (k Kind) masked() bool { return k == Card || k == AWSKey || k == APIKey }

// MaxLength is the length in bytes of the longest match as it is searched.
const MaxLength = 4096

// Match is one occurrence of an indicator.
type Match struct {
	Kind    Kind
	Value   string            // normalised; masked where a secret or a card; UTF-8
	Raw     string            // as found where it differs from Value and is text; empty for what is masked
	Offset  int64             // of its first byte in the input, from 0
	Length  int64             // in bytes of the input, also where it was decoded
	Details map[string]string // such as the scope of an address; may be nil; not to be changed
}
