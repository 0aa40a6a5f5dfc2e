"""The building blocks of bundles, as FORMAT.md describes them ("section n"): JSON, the tree, keys, checkpoints, the zip.

verify.py puts them together. Nothing here comes from the agency's own program.
"""
import base64, bisect, datetime, functools, hashlib, json, os, re, struct, subprocess, tempfile, zlib

T, M, U, I = "tampered", "malformed", "untrusted-key", "incomplete"  # the worst first
EXIT = {T: 1, M: 4, U: 3, I: 2, "ok": 0}
class Bad(Exception): """What is wrong: code and words."""
# What bad input may raise besides.
UNREADABLE = ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error

def need(good, code, what):
    if not good: raise Bad(code, what)

def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()

# ---- JSON (section 4): canonical, and exactly the fields of its form. In a form, "name?:kind" is a field that may be absent
# and is then not empty; without a kind it is a string; "[kind]" is an array.
FORMS = {
    "case file": "id number version:integer title summary? state time_zone opened_at:instant opened_by at:instant by",
    "disclosure file": "type:bundle id:disclosure case:case case_number title recipient purpose by requested_at:instant at:zip-time "
                       "generator:generator items:count bytes:count withheld:count withheld_entries:count earlier:count "
                       "page_sha256?:digest log_origin log_size:positive log_root:hash",
    "ref": "bucket key version", "full ref": "bucket:some key:some version:some",
    "item fields": "id:item case:case exhibit:positive version:integer intake:intake name:exhibit-name path?:file-name length:count "
                   "sha256:digest state media_type? custodian received_at:instant received_by modified_at?:instant data:ref seal?:ref "
                   "sealed_at?:instant locked_until:instant observed_sha256?:digest at:instant",
    "disclosed": "item:item-fields member", "quarantined": "item:item-fields withheld:some",
    "withheld": "exhibit:positive id:item withheld:some",
    "log entry": "type:entry-type id:entry case:case act:act at:instant actor:actor item?:item exhibit?:positive name?:file-name "
             "sha256?:digest length??:count purpose? authority? tool?:tool details?:details nonce:nonce signature?:signature",
    "actor": "id:some name roles?:[text] service?:yes from? client?", "tool": "name version parameters?",
    "signature": "index?:count key path?:[hash] sig:base64 size?:count", "withheld entry": "leaf:hash reason:some",
    "earlier": "checkpoint disclosure:disclosure size:integer", "person": "id:some keys?:[text] name roles?:[text]",
    "envelope": "payload:base64 payloadType:seal-media signatures:[seal-signature]", "seal signature": "keyid sig:base64",
    "seal": "type:seal-type case:case case_number:some item:item exhibit:positive intake:intake name:exhibit-name path?:file-name "
            "length:count sha256:digest authority? received_at:instant received_by:some object:full-ref locked_until:instant "
            "sealed_at:instant",
    "proof": "type:proof-type entry index:count checkpoint inclusion:[hash] consistency:[hash] keys?:[introduction] "
             "register?:register",
    "withholding": "numbers:runs reason:some",
    "introduction": "new new_sig old old_sig", "register": "entry index:count inclusion:[hash] checkpoint timestamps?:[base64]"}
PATTERNS = {
    "text": r"(?s:.*)", "some": r"(?s:.+)", "hash": "[0-9a-f]{64}", "digest": "(?!0{64})[0-9a-f]{64}", "nonce": "[0-9a-f]{32}",
    "runs": r"(0|[1-9]\d{0,14})(-[1-9]\d{0,14})?(,(0|[1-9]\d{0,14})(-[1-9]\d{0,14})?)*", "number": r"0|[1-9]\d{0,14}",
    "bundle": "sealcase/bundle/v2", "entry-type": "sealcase/entry/v1", "seal-type": "sealcase/seal/v1",
        "generator": "[ -~]{1,100}",
    "proof-type": "sealcase/proof/v2", "seal-media": r"application/vnd\.sealcase\.seal\+json",
    "act": "roster|key|opened|received|sealed|quarantined|disclosure-requested|disclosed|member-added|transitioned|intake-opened"
           "|intake-closed|rejected|viewed|downloaded|verified|analysed|extended|bundle-fetched|corrected|head|alarm"
           "|alarm-acknowledged", **{kind: kind + "-[a-z2-7]{25}[aeimquy4]"
               for kind in "case item entry intake disclosure".split()}}
TESTS = {
    "integer": lambda v: type(v) is int, "count": lambda v: type(v) is int and v >= 0,
        "positive": lambda v: type(v) is int and v > 0,
    "yes": lambda v: v is True, "details": lambda v: type(v) is dict and all(type(x) is str for x in v.values()),
    "base64": lambda v: type(v) is str and unbase64(v) is not None, "instant": lambda v: type(v) is str and instant(v),
    "zip-time": lambda v: type(v) is str and instant(v) and "1980" <= v[:4] <= "2107",
    "file-name": lambda v: type(v) is str and name_bytes(v) is not None,
    "exhibit-name": lambda v: type(v) is str and 1 <= len(name_bytes(v) or b"") <= 1024}

def unbase64(text):
    try: raw = base64.b64decode(text, validate=True)
    except ValueError: return None
    return raw if base64.b64encode(raw).decode() == text else None

def instant(text):
    written = re.fullmatch(r"\d{4}(-\d\d){2}T([01]\d|2[0-3])(:\d\d){2}\.\d{3}Z", text, re.A)
    try: return written and datetime.datetime.fromisoformat(text[:-1])
    except ValueError: return None

def name_bytes(name):
    """The bytes of a file name, or None when it should be written in another way."""
    if not name.startswith("base64:"): return name.encode()
    raw = unbase64(name[7:])
    valid = raw is None or (raw.decode(errors="replace").encode() == raw and not raw.startswith(b"base64:"))
    return None if valid else raw

def fits(value, kind):
    if kind[0] == "[": return type(value) is list and all(fits(v, kind[1:-1]) for v in value)
    if kind in TESTS: return TESTS[kind](value)
    if kind in PATTERNS: return type(value) is str and re.fullmatch(PATTERNS[kind], value, re.A) is not None
    fields = {name.rstrip("?"): (test or "text", name.count("?"))
              for name, _, test in (word.partition(":") for word in FORMS[kind.replace("-", " ")].split())}
    if kind == "log entry" and type(value) is dict and "sha256" in value and "length" not in value: return False
    return type(value) is dict and value.keys() <= fields.keys() and all(
        fits(value[n], test) and (optional != 1 or value[n] not in ("", 0, [], {}, {"bucket": "", "key": "", "version": ""}))
        if n in value else optional for n, (test, optional) in fields.items())

def once(pairs):
    need(len({key for key, _ in pairs}) == len(pairs), M, "a key is there twice")
    return dict(sorted(pairs, key=lambda pair: pair[0].encode("utf-16-be")))

def encode(value): return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

def integer(text):
    need(abs(int(text)) < 2**53, M, "a number is too large")
    return int(text)

@functools.lru_cache(maxsize=200000)
def read(text, *kinds):
    """The value of canonical JSON of one of the kinds, and which. It must not be changed: it is remembered."""
    try:
        value = json.loads(text.decode(), object_pairs_hook=once, parse_int=integer, parse_float=integer)
        kind = next((k for k in kinds if fits(value, k)), None)
        if kind and encode(value) == text and len(text) <= 1 << 20: return value, kind
    except (ValueError, RecursionError, Bad): pass
    raise Bad(M, "it is not canonical JSON of the form " + " or ".join(kinds))

# ---- What a request asks to withhold (section 5.8): runs (first, last, reason) in order.
def runs(text):
    need(fits(text, "runs"), M, "these are no runs of numbers")
    found = [(int(first), int(last or first)) for first, _, last in (run.partition("-") for run in text.split(","))]
    need(all(f < l or "-" not in run for (f, l), run in zip(found, text.split(","))), M, "a range has no end")
    need(all(a[1] + 1 < b[0] for a, b in zip(found, found[1:])), M, "runs do not ascend")
    return found

def withholdings(details, name):
    groups = read(details.get(name, "[]").encode(), "[withholding]")[0]
    runs_of = sorted((*run, group["reason"]) for group in groups for run in runs(group["numbers"]))
    return once_each(runs_of)

def once_each(runs):
    need(all(a[1] < b[0] for a, b in zip(runs, runs[1:])), M, "a request names something twice")
    return runs

def reason_for(runs, number):
    at = bisect.bisect_right(runs, number, key=lambda run: run[0]) - 1
    return runs[at][2] if at >= 0 and number <= runs[at][1] else None

def count_in(runs): return sum(last - first + 1 for first, last, _ in runs)

def asked_in(details):
    """Exhibits, entries, and entries about these exhibits that a request asks to withhold; how many exhibits and entries there were."""
    need(all(fits(details.get(n, ""), "number") for n in ("exhibits", "log_size")), M, "a request does not say how many there were")
    return (withholdings(details, "withheld"), withholdings(details, "withheld_entries"),
            [(*run, "") for run in runs(details["withheld_with"])] if "withheld_with" in details else [],
            int(details["exhibits"]), int(details["log_size"]))

# ---- The tree (section 5.1): RFC 6962 sections 2.1, 2.1.1, 2.1.2. A proof is used up from its end.
def node(left, right): return sha(b"\x01", left, right)

def half(n): return 1 << (n - 1).bit_length() - 1

def root_of(leaves):
    if not leaves: return sha()
    return leaves[0] if len(leaves) == 1 else node(root_of(leaves[:half(len(leaves))]), root_of(leaves[half(len(leaves)):]))

def root_by_path(leaf, index, size, path):
    if size == 1: return leaf if not path else None
    if not path: return None
    k, last = half(size), path[-1]
    below = root_by_path(leaf, index % k if index < k else index - k, k if index < k else size - k, path[:-1])
    return below and (node(below, last) if index < k else node(last, below))

def roots_by_proof(old, new, path, old_root):
    """The roots of the first old and of all new leaves as a consistency proof gives them, or None."""
    if old == new:
        if old_root: return (old_root, old_root) if not path else None
        return (path[0], path[0]) if len(path) == 1 else None
    if not path: return None
    k, last = half(new), path[-1]
    both = roots_by_proof(old, k, path[:-1], old_root) if old <= k else roots_by_proof(old - k, new - k, path[:-1], None)
    return both and ((both[0], node(both[1], last)) if old <= k else (node(last, both[0]), node(last, both[1])))

# ---- Keys, signatures, checkpoints (sections 5.3 to 5.5).
@functools.lru_cache(maxsize=200000)
def good(public, message, signature):
    """Whether an Ed25519 signature is good, as openssl finds."""
    if len(signature or b"") != 64: return False
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("key", "message", "signature")]
        for path, content in zip(paths, (bytes.fromhex("302a300506032b6570032100") + public, message, signature)):
            with open(path, "wb") as f: f.write(content)
        return not subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", paths[0], "-rawin",
            "-in", paths[1],
                                   "-sigfile", paths[2]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode

class Key:
    def __init__(self, written, algorithm=1):
        name, _, rest = written.partition("+")
        raw = unbase64(rest[9:]) or b" "
        self.written, self.name, self.id, self.algorithm, self.public = written, name, name + "+" + rest[:8], raw[0], raw[1:]
        need(len(raw) == 33 and raw[0] == algorithm and re.fullmatch(r"\S+",
            name) and rest[8] == "+" and rest[:8] == self.tag(name).hex(),
             M, "this is no key")
        role = re.fullmatch(r"(?:(.*)/person/([^/]+)|(.*)/(log|seal|worker))/v([1-9]\d*)", name, re.A)
        self.agency, self.person, self.role, self.version = None, None, None, 0
        if role: self.agency, self.person = role[1] if role[2] else role[3], role[2]
        if role: self.role, self.version = role[4] or "person", int(role[5]) if len(role[5]) < 19 else None

    def tag(self, name): return sha(name.encode(), b"\n", bytes([self.algorithm]), self.public)[:4]

def introduced(d):
    """Old and new key of an entry "key" that proves itself (section 5.4)."""
    old, new = Key(d.get("old", "")), Key(d.get("new", ""))
    need(old.role and old.name.rpartition("/v")[0] == new.name.rpartition("/v")[0] and (
        new.written == old.written or new.version > old.version), M, "the two keys do not follow each other")
    text = f"sealcase/key/v1\n{old.written}\n{new.written}\n".encode()
    need(good(old.public, text, unbase64(d.get("old_sig", ""))) and good(new.public, text, unbase64(d.get("new_sig", ""))),
         T, "an introduction of a key is not signed by both")
    return old, new

class Note:
    def __init__(self, raw):
        try: found = re.fullmatch("(([^\\s+]+)\n(0|[1-9][0-9]{0,15})\n(.{44})\n)\n((?:\u2014 [^\\s+]+ [^\\s]+\n)+)", raw.decode())
        except UnicodeDecodeError: found = None
        need(found and not re.search(r"[\0-\t\x0b-\x1f]", found[0]) and len(unbase64(found[4]) or "") == 32 and len(found[2].encode()) < 256 and len(raw) <= 128 << 10, M,
            "this is no checkpoint")
        self.text, self.origin, self.size, self.root = found[1].encode(), found[2], int(found[3]), unbase64(found[4])
        self.lines = [(line.split(" ")[1], unbase64(line.split(" ")[2]) or b"") for line in found[5][:-1].split("\n")]
        need(all(len(sig) > 4 for _, sig in self.lines) and len({(n, sig[:4]) for n, sig in self.lines}) == len(self.lines), M,
             "a signature line is wrong or there twice")

    def signers(self, keys):
        """The trusted log keys that signed it."""
        named = [(k, sig[4:]) for n, sig in self.lines for k in keys.values() if k.role == "log" and n == self.origin
            and sig[:4] == k.tag(n)]
        need(named, U, "no key that you trust has signed it")
        need(all(good(k.public, self.text, sig) for k, sig in named), T, "a signature by a trusted key is not good")
        return [k for k, _ in named]

# ---- The container (section 2).
def u(*sizes_and_values): return b"".join(v.to_bytes(n, "little") for n, v in zip(sizes_and_values[::2], sizes_and_values[1::2]))

class Container:
    """A bundle in its zip: its members, and what was found wrong with it."""
    def __init__(self, data): self.data, self.problems = data, []

    def expect(self, condition, code, where, what):
        if not condition: self.problems.append((code, str(where), what))
        return condition

    def attempt(self, where, work, *args):
        """What work returns, or None when it finds something wrong."""
        try: return work(*args)
        except Bad as bad: self.expect(False, bad.args[0], where, bad.args[1])
        except UNREADABLE as error: self.expect(False, M, where, f"it cannot be read: {error!r}")

    def content(self, name): return bytes(self.data[self.place[name][0]:sum(self.place[name])]) if name in self.place else None

    def line(self, name, kind):
        """The value of a member that is one line of JSON."""
        need(name in self.place, I, "it is missing")
        need(self.content(name)[-1:] == b"\n", M, "it is not a line")
        return read(self.content(name)[:-1], kind)[0]

    def lines(self, name):
        text = self.content(name) or b""
        self.expect(text[-1:] in (b"", b"\n"), M, name, "its last line does not end")
        return text.split(b"\n")[:-1] if text[-1:] == b"\n" else text.split(b"\n") if text else []

    def container(self):
        d, top = self.data, 0xFFFFFFFF
        end = len(d) - 22
        need(end >= 0 and d[end:end + 4] == b"PK\5\6", M, "the zip has no end")
        n, size, at, p, records = *struct.unpack_from("<HII", d, end + 10), 0, []
        if n == 0xFFFF or size == top or at == top:
            need(d[end - 76:end - 72] == b"PK\6\6", M, "the zip has no second end")
            n, size, at, end = *struct.unpack_from("<QQQ", d, end - 44), end - 76
        stop = at + size
        need(0 < n <= 1 << 20 and stop <= end, M, "the directory is not where the end says")
        stamp = bytes(d[at + 12:at + 16])
        for _ in range(n):  # name, length, CRC-32, offset of the content
            need(at + 46 <= stop and d[at:at + 4] == b"PK\1\2", M, "the directory cannot be read")
            crc, _, length, *more = struct.unpack_from("<IIIHHH", d, at + 16)
            name = bytes(d[at + 46:at + 46 + more[0]])
            need(at + 46 + sum(more) <= stop and more[0] <= 255 and more[1] <= 28 and not more[2]
                and re.fullmatch(rb"[A-Za-z0-9._/-]*", name), M, "the directory cannot be read")
            if length == top: length = int.from_bytes(d[at + 50 + more[0]:at + 58 + more[0]], "little")
            records.append((name, length, crc, p + 30 + more[0] + 20 * (length >= top)))
            at, p = at + 46 + sum(more), records[-1][3] + length + 16 + 8 * (length >= top)
        need(at == stop, M, "the directory has more in it than the end says")
        self.base, self.members, self.place, central, p = records[0][0].decode("latin-1").partition("/")[0] + "/", [], {}, b"", 0
        for name, length, _, at in records:  # the time that all headers have
            if not name.endswith(b"/case/disclosure.json"): continue
            try: when = instant(read(bytes(d[at:at + length - 1]), "disclosure file")[0]["at"])
            except Bad: continue
            time, date = when.hour << 11 | when.minute << 5 | when.second // 2, when.year - 1980 << 9 | when.month << 5 | when.day
            stamp = u(2, time, 2, date)
        for name, length, crc, at in records:
            large = length >= top
            local = (b"PK\3\4\x2d\0\x08\x08\0\0" + stamp + u(4, 0, 4, top * large, 4, top * large, 2, len(name), 2, 20 * large)
                     + name + b"\1\0\x10\0".ljust(20, b"\0") * large)
            there = bytes(d[p:p + len(local)])
            need(there[:4] == local[:4] and there[18:] == local[18:] and at + length <= len(d), M, "members cannot be told apart")
            self.expect(there == local, M, name, "its local header is another")
            digest, real = hashlib.sha256(), 0
            for i in range(at, at + length, 1 << 20):
                digest.update(d[i:min(i + (1 << 20), at + length)]); real = zlib.crc32(d[i:min(i + (1 << 20), at + length)], real)
            tail = [b"PK\7\x08" + u(4, c, 4 + 4 * large, length, 4 + 4 * large, length) for c in (real, crc)]
            there, p0, p = bytes(d[at + length:at + length + len(tail[0])]), p, at + length + len(tail[0])
            if crc != real and there == tail[1]: self.expect(False, T, name, "its content is not what was written")
            else: self.expect(there == tail[0] and crc == real, M, name, "its descriptor is another"); crc = real
            extra = (u(8, length, 8, length) if large else b"") + (u(8, p0) if p0 >= top else b"")
            extra = u(2, 1, 2, len(extra)) + extra if extra else b""
            short = min(length, top)
            central += (b"PK\1\2\x2d\3\x2d\0\x08\x08\0\0" + stamp + u(4, crc, 4, short, 4, short, 2, len(name), 2, len(extra), 6, 0)
                        + b"\0\0\x24\x81" + u(4, min(p0, top)) + name + extra)
            name = name.decode("latin-1")
            self.expect(re.fullmatch(r"[A-Za-z0-9._/-]{1,255}", name) and name.startswith(self.base), M, name,
                "its name is not allowed")
            name = name.removeprefix(self.base)
            self.expect(name not in self.place, M, name, "it is there twice")
            self.members.append((name, digest.hexdigest())); self.place.setdefault(name, (at, length))
        n, size = len(records), len(central)
        if n >= 0xFFFF or p >= top or size >= top:
            central += b"PK\6\6" + u(8, 44) + b"\x2d\3\x2d\0" + u(8, 0, 8, n, 8, n, 8, size, 8, p) + b"PK\6\7" + u(4, 0, 8,
                p + size, 4, 1)
        central += b"PK\5\6" + u(4, 0, 2, min(n, 0xFFFF), 2, min(n, 0xFFFF), 4, min(size, top), 4, min(p, top), 2, 0)
        self.expect(d[p:] == central, M, "central directory", "it is another, or something comes after it")

def safe_name(name):
    """Section 4.4."""
    name = re.sub(r"[^A-Za-z0-9._-]", "_", re.split(rb"[/\\]", name)[-1].decode(errors="surrogateescape"))
    dot = name.rfind(".")
    ending = name[dot:] if 0 <= len(name) - dot <= 12 and dot >= 0 else ""
    if len(name) > 100: name = name[:100 - len(ending)] + ending
    return name.lstrip(".") or "unnamed"

def file_digest(data):
    digest = hashlib.sha256()
    for i in range(0, len(data), 1 << 20): digest.update(data[i:i + (1 << 20)])
    return digest.hexdigest()
