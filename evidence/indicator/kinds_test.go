package indicator_test

import (
	"strings"
	"testing"
)

// kinds are lines as investigators meet them, with all that is in them; an
// empty list says that there is nothing. Names and addresses are those for
// documentation.
func kinds() map[string][][2]string {
	return map[string][][2]string{
		"versions are no addresses": {
			{`"GET /a HTTP/1.1" 200 7 "-" "Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/128.0.0.0 Safari/537.36 OPR/114.0.0.0"`, ""},
			{`Sec-CH-UA: "Chromium";v="128.0.0.0", "Not A Brand";v="24.0.0.0"`, ""},
			{`HeadlessChrome 113.0.0.0 and Edge 99.0.0.0`, ""},
			{`AssemblyVersion=4.0.0.0, Culture=neutral`, ""},
			{`{"app_version":"7.4.2.1","min_version": "7.4.0.9"}`, ""},
			{`versions 1.2.3.4, 1.2.3.5 and 1.2.3.6`, ""},
			{`libssl 1.2.3.4-1ubuntu2 foo-2.4.6.8.tar.gz pkg_1.2.3.4_amd64.deb 1.2.3.4~rc1 9.8.7.6+git`, ""},
			{`/opt/tool/2.4.6.8/bin node_modules/x/1.0.2.3/x.js C:\Tools\6.1.7.23\a.exe`, ""},
			{`see section 4.3.2.1 and RFC 2616 clause 3.2.1.1`, ""},
			{"4.1.2.3  Requirements of the form\n   4.1.2.4.  Forms", ""},
			{`X509v3 extension 2.5.29.15`, ""},
			{"\t// 7.3.9.5\n * 5.3.1.6 ADAPTATION\n/* 3.7.2.6. Unit */\n // [27.4.2.2] state\n", ""},
			{`RFC 5280, 4.2.1.13 and RFC4880 5.2.3.21; see C++14 20.8.2.4, [DWARF4 6.2.5.3], IEEE Std 802.11-2012, 8.4.2.97 or CDC spec 6.7.2.4`, ""},
			{`(C99 §6.3.1.8), subclause 7.3.5.2`, ""},
			{`Tool 1.7.12.2 Release Notes: upgraded parser to 3.24.35.22, lexer (>= 3.3.7.2), {"v8": "11.3.244.4"}`, ""},
			{`"2.5.4.10": "O", oid("2.5.29.17")`, ""},
			{`<path d="m45.8 190.87.2.8 65.57-56.8-6.95"/> <path d="M1 2.5 7.5-8l3 4.5.8.9 3z"/>`, ""},
			{`// 8.8.4.4 is asked; {"client_ip":"2.5.4.10"}; updated the server at 5.9.12.31`, "ipv4 8.8.4.4; ipv4 2.5.4.10; ipv4 5.9.12.31"},
			{`netmask 255.255.255.0`, ""},
			{`131.0.0.0 - - "GET / HTTP/1.1"`, "ipv4 131.0.0.0"},
		},
		"addresses": {
			{`ssh ida@203.0.113.61 -p 22`, "ipv4 203.0.113.61"},
			{`IP 192.0.2.61.40001 > 198.51.100.61.53: 1+ A? ns.example.net. (32)`, "ipv4 192.0.2.61; ipv4 198.51.100.61; domain ns.example.net"},
			{`tcp4  0  0  192.0.2.61.50123  198.51.100.61.443  ESTABLISHED`, "ipv4 192.0.2.61; ipv4 198.51.100.61"},
			{`udp6 2001:db8::61.5353 > ff02::fb.5353`, "ipv6 2001:db8::61; ipv6 ff02::fb"},
			{`pool 198.51.100.10-198.51.100.20, scan 203.0.113.4-9`, "ipv4 198.51.100.10; ipv4 198.51.100.20; ipv4 203.0.113.4"},
			{`route add 10.9.0.0/16 via 10.9.0.1`, "ipv4 10.9.0.0; ipv4 10.9.0.1"},
			{`cache/203.0.113.61:11211 db.example.com/203.0.113.62`, "ipv4 203.0.113.61; domain db.example.com; ipv4 203.0.113.62"},
			{`{'ip':'203.0.113.61'} ip=203.0.113.62;x`, "ipv4 203.0.113.61; ipv4 203.0.113.62"},
			{`dst:2001:db8::62 [2001:db8::63]:443 fe80::9%en0 64:ff9b::cb00:7109`, "ipv6 2001:db8::62; ipv6 2001:db8::63; ipv6 fe80::9; ipv6 64:ff9b::cb00:7109"},
			{`EUI-64 00:1a:2b:ff:fe:3c:4d:5e WWN 50:06:01:60:3b:20:17:ad SHA1:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd`, ""},
			{`f64::consts add::f32 face::b00c 12::30 x::1 ab:cd::ef`, ""},
			{`203.0.113[.]63 203[.]0[.]113[.]64 203(dot)0(dot)113(dot)65 2001[:]db8::66`, "ipv4 203.0.113.63; ipv4 203.0.113.64; ipv4 203.0.113.65; ipv6 2001:db8::66"},
			{`1.2.3 1.2.3.4.5 1.2.3.400 01.2.3.4 203.0.113.7.example`, ""},
		},
		"files and code are no names": {
			{`main.rs report.py setup.sh old.pl notes.md movie.mov data.zip lib.so logo.ai conf.tf index.ts`, ""},
			{`SVCHOST.EXE-1A2B3C4D.pf id_ecdsa.pub known.inc jquery.min.map app.bundle.map`, ""},
			{`de.example.mobile.app com.example.messenger.android org.example.player`, ""},
			{`Trojan.Script.CN Backdoor.Linux.Mirai.BA HEUR:Worm.Win32.Generic.CH Riskware.Tool.CK`, ""},
			{`self.data.name = request.user.id; this.page.link user.profile.email e.target.name`, ""},
			{`import java.io, torch.nn, skimage.io; x.de = t.fr; fmt.Print(a.to)`, ""},
			{`BL.GE 4(PC) "ADC.S.GE" amoand.d.aq vmulwev.w.hu vdiv.hu fcvt.q.lu mul.s.ge`, ""},
			{`if sect.info != nil { sect.info = b.info }; case <-stream.cw: close(worker.ch); convert.lab.xyz = f; x(op.info)`, ""},
			{`{ host: options.host, net: lines.net } @logger.info "up"; copy(priv.pub[:], buf[0].pub[:])`, ""},
			{`Wants=multi-user.target VB.NET a[.b[.build]] matches [\\/]v1.0.0.zip`, ""},
			{`Begin constructing DOT by adding; evil DOT ru`, "domain evil.ru"},
			{`visit gazeta.hu and hirek.example.ge, then evil-pharma.info or pharma.info.`, "domain gazeta.hu; domain hirek.example.ge; domain evil-pharma.info; domain pharma.info"},
			{`the end.It is so.In the U.S. at 9 a.m. e.g. that, i.e. this.At last`, ""},
			{`{sub}.example.com ${host}.example.com %s.example.com https://{tenant}.example.com/x`, ""},
			{`/var/www/example.com/logs C:\inetpub\example.com\x`, ""},
			{`paste.example.com… see https://login.exam... and mail.example.co...`, ""},
			{`System.Net.Mail VB.Net Microsoft.Office`, ""},
		},
		"names": {
			{`Host: shop.example.co.uk and static.example.de.`, "domain shop.example.co.uk; domain static.example.de"},
			{`*.example.org, .example.net, _dmarc.example.com`, "domain example.org; domain example.net; domain _dmarc.example.com"},
			{`xn--mnchen-3ya.example.com münchen.example.com MÜNCHEN.example.com`, "domain xn--mnchen-3ya.example.com; domain xn--mnchen-3ya.example.com; domain xn--mnchen-3ya.example.com"},
			{`host tool.example.app, query cdn.example.dev, evil[.]page`, "domain tool.example.app; domain cdn.example.dev; domain evil.page"},
			{`panel-7.example.me login-portal.top a.vercel.app`, "domain login-portal.top; domain a.vercel.app"},
			{`//cdn.example.com/x \\files.example.com\share`, "domain cdn.example.com; domain files.example.com"},
			{`bad\.example\.com evil DOT example DOT com evil dot example dot org`, "domain bad.example.com; domain evil.example.com; domain evil.example.org"},
			{`the dot com bubble; look at the dot`, ""},
			{`shop。example。com ｅｖｉｌ．example．com`, "domain shop.example.com; domain evil.example.com"},
			{`请访问example.com查看`, ""},
		},
		"mail": {
			{`O'Hara: o'hara@example.org, 'ida@example.org', b'emil@example.org'`, "email o'hara@example.org; email ida@example.org; email emil@example.org"},
			{`"Ida K" <ida@example.org>; "ida k"@example.org`, `email ida@example.org; email "ida k"@example.org`},
			{`łukasz@example.pl, ελένη@example.gr, 用户@example.cn, müller-lüdenscheidt@bücher.example.com`,
				"email łukasz@example.pl; email ελένη@example.gr; email 用户@example.cn; email müller-lüdenscheidt@xn--bcher-kva.example.com"},
			{"bj\xf6rn@example.org and \xfcber@example.org", ""}, // which set of 256 characters is not known
			{`git@git.example.com:team/repo.git scp a root@host.example.com:/tmp/x`, "domain git.example.com; domain host.example.com"},
			{"Message-ID: <20260312.77@mail.example.com>\nReferences: <1@a.example.com>\n <2@b.example.com>\nFrom: <ida@example.org>", "email ida@example.org"},
			{`mongodb://app:pa55@db.example.com/x`, "url mongodb://app:****@db.example.com/x"},
			{`https://a.example.com/?u=ftp://ida:geheim@b.example.com/`, "url https://a.example.com/?u=" + strings.Repeat("*", 31) + "; url ftp://ida:****@b.example.com/"},
			{`https://ida@host.example.com/ https://ida:@host.example.com/ hxxp://ida:g:h@host[.]example[.]com/y`,
				"url https://ida@host.example.com/; url https://ida:@host.example.com/; url http://ida:****@host.example.com/y"},
			{`svn+x://app:pa55@db.example.com/x`, "domain db.example.com"},
			{`icon@2x.zip left@pad super@Name.show a..b@example.com @example.com`, "domain example.com"},
			{`ida [at] example [dot] org, ida(at)example(dot)net; ida AT example DOT com`, "email ida@example.org; email ida@example.net; email ida@example.com"},
			{`ida%40example.org &lt;emil&#64;example&#46;org&gt;`, "email ida@example.org; email emil@example.org"},
		},
		"links": {
			{`[text](https://example.com/a_(b)) [https://example.com/c](https://example.com/d) [url=https://example.com/e]x[/url]`,
				"url https://example.com/a_(b); url https://example.com/c; url https://example.com/d; url https://example.com/e"},
			{`**https://example.com/a**, "https://example.com/b"; <https://example.com/c>. {{x|https://example.com/d|y}}`,
				"url https://example.com/a; url https://example.com/b; url https://example.com/c; url https://example.com/d"},
			{`hxxp://example.com/a h00p://example.com/b hxxps[:]//example[.]com/c fxp://example.com/d HtTp://EXAMPLE.com/E`,
				"url http://example.com/a; url http://example.com/b; url https://example.com/c; url ftp://example.com/d; url http://example.com/E"},
			{`<a href="https://example.com/?a=1&amp;b=2">`, "url https://example.com/?a=1&b=2"},
			{`say("x\nhttps://example.com/a\n")`, "url https://example.com/a"},
			{`/go?to=https%3A%2F%2Fexample.com%2Fa%3Fb%3D1`, "url https://example.com/a?b=1"},
			{`https://example.com/?r=https%3A%2F%2Fexample.org%2F&m=ida%40example.net`,
				"url https://example.com/?r=https%3A%2F%2Fexample.org%2F&m=ida%40example.net; url https://example.org/; email ida@example.net"},
			{`https://scan.example.com/ip/203.0.113.9 https://get.example.com/tool/1.2.3.4/a.exe`,
				"url https://scan.example.com/ip/203.0.113.9; ipv4 203.0.113.9; url https://get.example.com/tool/1.2.3.4/a.exe"},
			{`https://pay.example.com/?card=4111111111111111`, "url https://pay.example.com/?card=****************; payment-card 411111******1111"},
			{`http://x http://intranet/a file:///etc/passwd https://com/`, ""},
			{`https://en.example.org/wiki/Köln`, "url https://en.example.org/wiki/Köln"},
		},
		"accounts and keys": {
			{`TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u`, "tron-address TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"},
			{`bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=1`, "bitcoin-address 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
			{`11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa x1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa`, ""},
			{`iban: gb29 nwbk 6016 1331 9268 19; gb29 nwbk 6016 1331 9268 19`, "iban GB29NWBK60161331926819"},
			{`;5500000000000004=2512? %B5500000000000004^X/Y^2512 {"id":5500000000000004} 0.5500000000000004`, "payment-card 550000******0004; payment-card 550000******0004"},
			{`cve‑2024‑12345 (CVE–2024–12346) CVE-2024-123`, "cve CVE-2024-12345; cve CVE-2024-12346"},
			{`reg query hkcu\Software\X\Run`, `registry-path HKEY_CURRENT_USER\Software\X\Run`},
			{`call +49 30 901820, +1 (202) 456-1111 or tel:+442079460000`, "phone-number +4930901820; phone-number +12024561111; phone-number +442079460000"},
			{`2026-03-12T04:11:09+01:00 +0000 +12 +1234567 a+4930901820 +0049301234567 +99999999999`, ""},
			{`sk-ant-api03-` + strings.Repeat("Ab1_cD2-eF3gH4", 6) + ` sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`, "api-key sk-ant-****3gH4"},
			{`9b74c9897bac770ffc029102a200c5de:x d41d8cd98f00b204e9800998ecf8427eab 11111111111111111111111111111111`, "md5 9b74c9897bac770ffc029102a200c5de"},
		},
	}
}

func TestKinds(t *testing.T) {
	for kind, lines := range kinds() {
		for _, l := range lines {
			t.Run(kind+"/"+l[0][:min(len(l[0]), 40)], func(t *testing.T) {
				if got := strings.Join(brief(scan(t, l[0])), "; "); got != l[1] {
					t.Errorf("in %s\nfound %s\nwant  %s", l[0], got, l[1])
				}
			})
		}
	}
}
