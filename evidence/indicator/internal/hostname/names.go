package hostname

import "bytes"

// familyName reports whether virus scanners begin the names of what they find
// so.
func familyName(label []byte) bool {
	if len(label) == 0 || label[0] < 'A' || label[0] > 'Z' {
		return false
	}
	switch string(bytes.ToLower(label)) {
	case "trojan", "win32", "win64", "w32", "w64", "w97m", "x97m", "o97m", "backdoor", "worm", "pua", "pup", "adware", "heur", "mal", "troj", "virus", "ransom",
		"ransomware", "exploit", "generic", "gen", "variant", "riskware", "downloader", "dropper", "trojandownloader", "trojandropper", "trojanspy",
		"android", "androidos", "linux", "unix", "osx", "macos", "js", "vbs", "html", "msil", "pdf", "application", "spyware", "hacktool", "rootkit",
		"infostealer", "packed", "suspicious", "artemis", "email-worm", "net-worm", "trojan-spy", "trojan-downloader", "trojan-banker", "trojan-psw",
		"trojan-ransom", "not-a-virus", "malware", "phish", "phishing", "spam", "eicar", "behaveslike", "unsafe", "w2km", "bat", "php", "script":
		return true
	default:
		return false
	}
}

// reversed reports whether names of apps and packages begin so.
func reversed(label []byte) bool {
	switch string(label) {
	case "com", "org", "net", "io", "edu", "gov", "mil", "android", "androidx", "java", "javax", "jakarta", "kotlin", "kotlinx", "sun", "jdk", "dev", "app",
		"de", "fr", "it", "es", "uk", "co", "ru", "cn", "jp", "kr", "br", "in", "us", "ca", "au", "nl", "ch", "at", "se", "no", "dk", "fi", "pl", "cz", "tv", "me",
		"eu", "tr", "il", "hk", "tw", "sg", "vn", "id", "my", "ph", "th", "info", "biz", "ai", "xyz", "scala", "groovy", "clojure", "system", "microsoft":
		return true
	default:
		return false
	}
}

// CodeName reports whether expressions in programs begin so.
func CodeName(label []byte) bool {
	if len(label) < 2 {
		return true
	}
	switch string(label) {
	case "this", "self", "window", "document", "request", "req", "res", "response", "event", "evt", "obj", "object", "data", "user", "config", "cfg", "ctx",
		"context", "console", "module", "exports", "process", "os", "sys", "np", "pd", "math", "std", "json", "array", "string", "node", "element", "el", "elem",
		"item", "items", "row", "rows", "props", "state", "args", "opts", "options", "params", "session", "db", "model", "view", "controller", "service",
		"client", "server", "fs", "path", "util", "utils", "logger", "log", "cls", "super", "parent", "child", "root", "env", "settings", "conf", "result",
		"results", "value", "values", "key", "msg", "message", "err", "error", "input", "output", "target", "source", "file", "files", "list", "map", "type",
		"types", "test", "tests", "button", "form", "field", "fields", "column", "table", "record", "entry", "task", "job", "account", "profile", "location",
		"navigator", "history", "screen", "body", "style", "styles", "theme", "router", "route", "store", "redux", "action", "payload", "query", "schema",
		"info", "meta", "device", "chrome", "browser", "page", "frame", "torch", "tf", "nn", "plt", "scipy", "pandas", "numpy", "socket", "buf", "str", "arr",
		"tmp", "val", "ret", "fn", "func", "cmd", "pkg", "src", "dst", "doc", "docs", "var", "vars", "global", "globals", "local", "base", "main", "core",
		"common", "index", "name", "names", "id", "url", "uri", "host", "hosts", "port", "addr", "address", "email", "date", "time", "start", "end", "first",
		"last", "next", "prev", "left", "right", "top", "matcher", "match", "group", "groups", "space", "cell", "image", "img", "video", "audio", "media",
		"foo", "bar", "baz", "qux", "java", "javax", "kotlin", "tokio", "serde", "rust", "go", "py", "lua", "sass", "css", "stylus", "system", "microsoft":
		return true
	default:
		return false
	}
}

// fileLabel reports whether a label within a name is the ending of a file.
func fileLabel(label []byte) bool {
	label, _, _ = bytes.Cut(label, []byte("-"))
	switch string(label) {
	case "exe", "EXE", "dll", "DLL", "js", "ts", "tsx", "jsx", "py", "min", "html", "htm", "json", "xml", "txt", "tar", "css", "jar", "so", "tpl", "php", "yaml",
		"yml", "sql", "csv", "log", "md", "rst", "png", "jpg", "jpeg", "gif", "svg", "pdf", "doc", "docx", "zip", "gz", "conf", "cfg", "ini", "vue", "go", "rb",
		"java", "cpp", "hpp", "SYS", "sys", "TMP", "COM", "SCR", "MSI", "BAT", "test", "spec", "stories", "module", "bundle", "worker", "umd", "esm", "cjs":
		return true
	default:
		return false
	}
}

// AboutHosts reports whether what stands behind a name is a host.
func AboutHosts(name []byte) bool {
	switch string(name) {
	case "host", "hosts", "hostname", "domain", "domains", "dns", "fqdn", "query", "queries", "nslookup", "dig", "ping", "cn", "sni", "mx", "ns", "cname", "ptr",
		"whois", "curl", "wget", "server_name", "servername", "site", "website", "visit", "ssh", "telnet", "traceroute", "c2", "whitelist", "blacklist",
		"blocklist", "resolved", "resolve", "aaaa", "tls", "rdns", "vhost", "registrar", "subdomain", "subdomains", "origin", "server", "webhost", "landing":
		return true
	default:
		return false
	}
}

// Shortener reports whether a short name is one that links are made with.
func Shortener(name string) bool {
	switch name {
	case "t.co", "t.me", "wa.me", "is.gd", "v.gd", "fb.me", "ow.ly", "bit.ly", "goo.gl", "t.ly", "cutt.ly", "rb.gy", "linktr.ee", "discord.gg", "telegra.ph", "m.me",
		"paypal.me", "cash.app", "youtu.be", "rebrand.ly", "tiny.cc", "buff.ly", "lnkd.in", "db.tt", "g.co", "mega.nz", "signal.me", "ko-fi.com":
		return true
	default:
		return false
	}
}
