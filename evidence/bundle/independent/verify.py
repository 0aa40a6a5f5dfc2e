#!/usr/bin/env python3
"""verify.py BUNDLE.zip -key KEYS.vkey [-proof PROOF.json] [-witness KEYS]     exit codes: FORMAT.md section 6
verify.py -member PROOF.json [FILE] -key KEYS.vkey      collection/FORMAT.md section 5

An independent verifier of case bundles (sealcase/bundle/v2), for experts who do not want to rely on the agency's. It is
written from FORMAT.md alone, whose sections it names, with Python's standard library and the command openssl."""
import base64, bisect, collections, contextlib, datetime, functools, hashlib, json, mmap, os, re, struct
import subprocess, sys, tempfile, zlib

T, M, U, I = "tampered", "malformed", "untrusted-key", "incomplete"
EXIT = {T: 1, M: 4, U: 3, I: 2, "ok": 0}  # the worst outcome first
UNREADABLE = ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error
problems, places, notes = [], [], []  # what was found: code, where, what; where we are; what is no problem
class Bad(Exception): """A fault, its code and words, which ends the part of a check that comes upon it."""
def need(condition, code, what):
    if not condition: raise Bad(code, what)
def expect(condition, code, what, where=None):
    if not condition: problems.append((code, where or places[-1], what))
    return condition
def same(there, wanted, code=T, where=None):
    for name, value in wanted.items():
        expect(there.get(name) == value, code, f"{name} is {there.get(name)!r}, and not {value!r}", where)
def count(what, found, wanted, fewer=I, more=T):
    expect(found == wanted, fewer if found < wanted else more, f"{found} {what}, and not {wanted}")
@contextlib.contextmanager
def part(where):  # a part of a check; what Python cannot read is malformed
    places.append(where)
    try: yield
    except Bad as fault: expect(False, *fault.args)
    except UNREADABLE as error: expect(False, M, f"it cannot be read: {error!r}")
    finally: places.pop()

# ---- JSON (section 4). A kind of value is a test, or a regular expression of its canonical JSON, or a form, which has
# an object's fields as "name:kind". Without a kind it is the one of the field's name, or "text". "name?" may be absent
# and is not empty, "name~" may be absent. "[kind]" is an array. Any other kind is one string: its name.
RULES = 2  # the version of the rules (section 5.9) that follow, which have those before them
ACTS = """  # who signs each, in which log it stands, how it is withheld, what a person needs, whether in a live case,
# what a person needs in a closed case instead, since which version
opened person case never open-cases - open-closed; member-added person case never manage-case - close-case;
member-removed person case never manage-case; transitioned person case never move-case;
class-requested person case never move-case - - 2; class-changed person case never close-case - - 2;
intake-opened person case alone bring-in live; intake-closed machine case alone;
received either case with-exhibit bring-in live; rejected person case alone bring-in;
sealed machine case with-exhibit; quarantined machine case with-exhibit; viewed person case alone read-evidence;
downloaded person case alone read-evidence; verified machine case alone; analysed machine case alone;
extended machine case alone; disclosure-requested person case alone disclose; disclosed machine case alone;
bundle-fetched person case alone read-evidence; corrected person case alone contribute; key either any never;
keys-stated machine any never; roster machine any never; role-changed machine any never;
head machine register alone; alarm machine register alone; alarm-acknowledged person register alone note-alarms;
audited machine register alone"""
ALLOWANCES = """  # the roles, any of which has the permission, and the grant that the member needs
open-cases investigator supervisor : ; open-closed supervisor : ; close-case supervisor : manage;
manage-case investigator supervisor : manage;
move-case investigator prosecutor supervisor : contribute; bring-in investigator examiner supervisor : contribute;
contribute investigator examiner prosecutor supervisor : contribute;
see-case investigator examiner prosecutor supervisor auditor administrator : read;
read-evidence investigator examiner prosecutor supervisor : read; disclose prosecutor supervisor : contribute;
see-alarms supervisor auditor administrator : ; note-alarms supervisor : ;
see-register auditor administrator : """
STATES = """  # of a case, and which may follow
intake open closed; open referred charged closed; referred open charged closed; charged open trial closed;
trial charged closed; closed open archived; archived"""
def rows(table): return {name: rest for name, *rest in map(str.split, re.sub("#.*", "", table).split(";"))}
Rule = collections.namedtuple("Rule", "signer log withheld permission live closed since", defaults=[""] * 4)
ACTS, STATES = {name: Rule(*(one.strip("-") for one in row)) for name, row in rows(ACTS).items()}, rows(STATES)
ALLOWANCES = {name: (row[:row.index(":")], "".join(row[row.index(":") + 1:])) for name, row in rows(ALLOWANCES).items()}
GRANTS = ["read", "contribute", "manage"]  # each includes those before it
CLASSES = ["ordinary", "restricted", "sealed"]  # of cases; one that is not ordinary is closed
KINDS = {
    "text": '".*"', "some": '".+"', "true": "true", "integer": r"-?\d+", "count": r"\d+", "length": r"\d+",
    "positive": r"[1-9]\d*", "exhibit": r"[1-9]\d*", "decimal": r'"(0|[1-9]\d{0,14})"', "hash": '"[0-9a-f]{64}"',
    "sha256": '"(?!0{64})[0-9a-f]{64}"', "nonce": '"[0-9a-f]{32}"', "generator": r'"([ !#-\[\]-~]|\\["\\]){1,100}"',
    "base64": '"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?"',
    **{name: f'"{name}-[a-z2-7]{{25}}[aeimquy4]"' for name in ("case", "item", "entry", "intake", "disclosure")},
    "act": '"[a-z][a-z0-9-]{0,63}"', "details": lambda v: all(type(x) is str for x in v.values()),
    "at": lambda v: moment(v), "zip-time": lambda v: moment(v) and "1980" <= v[:4] <= "2107",
    "file": lambda v: name_bytes(v), "exhibit-name": lambda v: 1 <= len(name_bytes(v)) <= 1024,
    "kind": '"(file|folder|link|pipe|socket|block|char|other)"', "reading": '"(whole|grown|mixed|short|error)"',
    "time": r'"(0|-?[1-9]\d{0,30})"', "octal": '"[0-7]{1,12}"', "crc32": '"[0-9a-f]{8}"',
    "sha1": '"(?!0{40})[0-9a-f]{40}"', "md5": '"(?!0{32})[0-9a-f]{32}"',
    "entry-line": lambda v: fits(v, "entry-file") and ("length" in v or "sha256" not in v)}
FORMS = """
case-file = id number version:integer title summary? state time_zone opened_at:at opened_by at by;
cover = type:sealcase/bundle/v2 id:disclosure case case_number title recipient purpose by requested_at:at at:zip-time
    generator items:count bytes:count withheld:count withheld_entries:count earlier:count page_sha256?:sha256
    log_origin log_size:positive log_root:hash;
disclosed = item:item-file member; quarantined = item:item-file withheld:some; withheld = exhibit id:item withheld:some;
item-file = id:item case exhibit version:integer intake name:exhibit-name path?:file length sha256 state media_type?
    collection?:collection
    custodian received_at:at received_by modified_at?:at data:reference seal?:reference sealed_at?:at locked_until:at
    observed_sha256?:sha256 at; reference = bucket key version;
entry-file = type:sealcase/entry/v1 id:entry case act at actor:actor item? exhibit? name?:file sha256? length~ purpose?
    authority? tool?:tool details? nonce signature?:signature; tool = name version parameters?;
actor = id:some name roles?:[text] service?:true from? client?; leaf-line = leaf:hash reason:some;
signature = index?:count key path?:[hash] sig:base64 size?:count; person = id:some keys?:[text] name roles?:[text];
withholding = numbers reason:some; earlier = checkpoint disclosure size:integer; introduction = new new_sig old old_sig;
envelope = payload:base64 payloadType:application/vnd.sealcase.seal+json signatures:[dsse]; dsse = keyid sig:base64;
collection = root:sha256 leaves:positive manifest:count;
manifest-head = type:sealcase/collection/v1 tool:tool sources:[file] host? started_at:at clock:clock entries:count
    continues?:item nonce; clock = source precision; xattr = name:file value:base64;
manifest-line = path:file kind:kind nonce member? length~ sha256? sha1?:sha1 md5?:md5 crc32?:crc32 state?:reading
    got? mtime?:time atime?:time ctime?:time btime?:time mode?:octal uid~:integer gid~:integer links?:positive inode?
    device? target?:file entries~:count xattrs?:[xattr] failure? remark?;
member-proof = type:sealcase/member/v1 seal line:text index:positive path:[hash];
seal = type:sealcase/seal/v1 case case_number item exhibit intake name:exhibit-name path?:file length sha256
    collection?:collection
    authority? received_at:at received_by:some object:full-reference locked_until:at sealed_at:at;
full-reference = bucket:some key:some version:some;
proof = type:sealcase/proof/v2 entry:text index:count checkpoint inclusion:[hash] consistency:[hash]
    keys?:[introduction] stated?:[signed] register?:register; signed = root sig statement;
statement = agency:some at keys:[stated-key] next? serial:positive type:sealcase/keys/v1;
stated-key = from:at key revoked?:revocation; revocation = from:at reason:some;
register = entry:text index:count inclusion:[hash] checkpoint timestamps?:[base64];"""
EMPTY = "", 0, [], {}, {"bucket": "", "key": "", "version": ""}
FORMS = {form: {name: (mark, kind or (name if name in KINDS else "text"))
                for name, mark, kind in re.findall(r"(\w+)([?~]?):?(\S*)", fields)}
         for form, fields in re.findall(r"([\w-]+) = ([^;]+);", FORMS)}

def moment(instant):  # Python has no year 0, which has the days of the year 2000
    text = re.sub("^0000", "2000", instant)
    when = datetime.datetime.fromisoformat(text[:-1])
    real = text == when.isoformat(timespec="milliseconds") + "Z" and not when.tzinfo
    return when if real and text != "0001-01-01T00:00:00.000Z" else None
def name_bytes(name):  # of a file name, which is written in the one way that there is
    raw = unbase64(name[7:]) if name.startswith("base64:") else name.encode()
    text = raw.decode(errors="replace")
    if text.encode() != raw or text.startswith("base64:"): text = "base64:" + base64.b64encode(raw).decode()
    need(name == text, M, "a file name is written in another way")
    return raw
def safe_name(raw):  # section 4.4
    name = re.sub(r"[^A-Za-z0-9._-]", "_", re.split(rb"[/\\]", raw)[-1].decode(errors="surrogateescape"))
    ending = re.search(r"(\.[^.]{0,11})?$", name)[0]
    name = (name if len(name) <= 100 else name[:100 - len(ending)] + ending).strip(".") or "unnamed"
    device = re.fullmatch(r"(con|prn|aux|nul|(com|lpt)[0-9])(\..*)?", name, re.I)
    return ("_" + name)[:100].rstrip(".") if device else name
def unbase64(text): return base64.b64decode(text) if fits(text, "base64") else b""
def encode(value): return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
def fits(value, kind):
    if kind[0] == "[": return type(value) is list and all(fits(one, kind[1:-1]) for one in value)
    if kind in FORMS:
        return type(value) is dict and value.keys() <= FORMS[kind].keys() and all(
            fits(value[name], of) and (mark != "?" or value[name] not in EMPTY) if name in value else mark
            for name, (mark, of) in FORMS[kind].items())
    test = KINDS.get(kind, f'"{re.escape(kind)}"')
    return test(value) if callable(test) else re.fullmatch(test, encode(value).decode(), re.A | re.S)
def read(text, *kinds):  # canonical JSON (RFC 8785) of one of the kinds; a key that is there twice is another text
    def ordered(pairs): return dict(sorted(pairs, key=lambda pair: pair[0].encode("utf-16-be")))
    def integer(digits): return int(digits) if abs(int(digits)) < 2**53 else None
    with contextlib.suppress(Bad, *UNREADABLE):
        value = json.loads(text.decode(), object_pairs_hook=ordered, parse_int=integer)
        if len(text) <= 1 << 20 and any(fits(value, kind) for kind in kinds) and encode(value) == text: return value
    raise Bad(M, "it is not canonical JSON of the form " + " or ".join(kinds))

# ---- The tree (section 5.1).
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def node(left, right): return sha(b"\1", left, right)
def half(size): return 1 << (size - 1).bit_length() - 1
def root_of(leaves):
    if len(leaves) < 2: return leaves[0] if leaves else sha()
    return node(root_of(leaves[:half(len(leaves))]), root_of(leaves[half(len(leaves)):]))
def roots_by(path, index, size, known, audit):
    """The roots of the first index + 1 and of all `size` leaves, by the audit path of the leaf with that index, which
    is known, or by a consistency proof, where the first root is (RFC 6962 sections 2.1.1 and 2.1.2, from the end)."""
    bottom = size == 1 if audit else index == size - 1
    need(len(path) == (known is None) if bottom else path, T, "a path in the tree has another length")
    if bottom: return [known or path[0]] * 2
    left, (*path, last) = half(size), path
    if index >= left:
        return [node(last, one) for one in roots_by(path, index - left, size - left, known if audit else None, audit)]
    first, every = roots_by(path, index, left, known, audit)
    return [first, node(every, last)]

# ---- Keys, signatures, checkpoints (sections 5.3 to 5.5).
Key = collections.namedtuple("Key", "written id name raw agency person role version")  # a person's has no role
Note = collections.namedtuple("Note", "text origin size root lines")  # lines: (name, key ID) -> signature
def key_id(name, raw): return sha(name.encode(), b"\n", raw)[:4]
def key_of(written, algorithm=1):  # algorithm 4 is that of witnesses (section 7.2)
    form = r"(([^\s+\0-\x1f\x7f-\x9f]+)\+([0-9a-f]{8}))\+(\S+)|.*"
    ident, name, tag, public = re.fullmatch(form, written, re.S).groups()
    raw = unbase64(public)
    need(len(raw) == 33 and raw[0] == algorithm and tag == key_id(name, raw).hex(), M, "this is no key")
    role = re.fullmatch(r"(.*?)/(?:person/([^/]+)|(log|seal|worker|root))/v([1-9]\d*)|.*", name, re.A).groups()
    return Key(written, ident, name, raw, *role[:3], (len(role[3]), role[3]) if role[3] else None)
@functools.lru_cache(maxsize=1 << 16)
def good(key, text, signature):  # whether an Ed25519 signature is good, as openssl finds
    command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER"]
    der = bytes.fromhex("302a300506032b6570032100") + key.raw[1:]
    with tempfile.TemporaryDirectory() as folder:
        for option, content in ("-inkey", der), ("-in", text), ("-sigfile", signature):
            command += [option, os.path.join(folder, option)]
            with open(command[-1], "wb") as file: file.write(content)
        return subprocess.run(command, capture_output=True).returncode == 0
def introduced(details):  # the old and the new key of an entry "key" that proves itself (section 5.4)
    old, new = key_of(details.get("old", "")), key_of(details.get("new", ""))
    follows = old.version and new.version and old.name.rpartition("/v")[0] == new.name.rpartition("/v")[0]
    follows = follows and old.role != "root"
    need(follows and (old == new or old.version < new.version), M, "the two keys do not follow each other")
    text, sigs = f"sealcase/key/v1\n{old.written}\n{new.written}\n".encode(), ((old, "old_sig"), (new, "new_sig"))
    need(all(good(key, text, unbase64(details.get(sig))) for key, sig in sigs), T, "the two keys have not both signed")
    return old, new
END = float("inf")  # an index behind every entry
class Trust:
    """Which keys of an agency count (section 5.4): those that are given and those that they introduce or, when a root
    is given, those that its statements name. Of each: the key, from and until when, and behind which entry no more."""
    def __init__(self, agency, given):
        own = [key for key in reversed(given) if key.role and key.agency == agency]
        self.roots, self.agency = {key.id: key for key in own if key.role == "root"}, agency
        self.rooted, self.serial, self.taken = bool(self.roots), 0, {}
        self.keys = {} if self.rooted else {key.id: (key, "", "~", END) for key in own}
    def introduce(self, details):  # whoever trusts the old key of an entry "key" trusts the new one
        old, new = introduced(details)
        known = not self.rooted and self.keys.get(old.id, (None,))[0] == old
        if known: self.keys.setdefault(new.id, (new, "", "~", END))
        return old, new
    def take(self, index, details):  # the statement of an entry, once; and its fault each time
        if index not in self.taken:
            self.taken[index] = None
            try: self.state(index, details)
            except (Bad, *UNREADABLE) as fault: self.taken[index] = fault
        if self.taken[index]: raise self.taken[index]
    def state(self, index, details):
        written = details.get("statement", "")
        says = read(written.encode(), "statement")
        keys, after = [key_of(one["key"]) for one in says["keys"]], key_of(says["next"]) if "next" in says else None
        own = all(key.agency == says["agency"] and key.role != "root" for key in keys) and says["agency"] == self.agency
        own = own and (not after or (after.agency, after.role) == (self.agency, "root"))
        once = keys and len({key.id for key in keys}) == len(keys)
        need(once and own, M, "it states no keys, one twice, or not only its agency's")
        root = self.roots.get(details.get("root"))
        if not root: return  # nobody whom we trust
        text, sig = f"sealcase/keys/v1\n{written}\n".encode(), unbase64(details.get("sig", ""))
        need(good(root, text, sig), T, "the root has not signed it")
        need(says["serial"] > self.serial, T, "an older statement comes after a newer one")
        self.serial = says["serial"]
        if after: self.roots = {after.id: after}
        for key, one in zip(keys, says["keys"]):
            known, since, until, behind = self.keys.get(key.id, (key, one["from"], "~", END))
            if "revoked" in one: until, behind = min(until, one["revoked"]["from"]), min(behind, index)
            self.keys[key.id] = known, min(since, one["from"]), until, behind
    def states(self, key): return self.rooted and self.keys.get(key.id, (None,))[0] == key
    def check(self, name, index, at):  # whether statements let a key count at an index, for what bears that time
        _, since, until, behind = self.keys.get(name, (None, "", "~", END))
        need(since <= at < until and index <= behind, U, f"{name} is revoked, or not stated for that time")
    def count(self, role, index):  # at an index: of heads, how many entries they cover
        return {name: key for name, (key, _, _, behind) in self.keys.items() if key.role == role and index <= behind}
def note_of(raw):  # a checkpoint
    name = r"[^\s+\0-\x1f]+"
    found = re.fullmatch(rf"(({name})\n(0|[1-9][0-9]{{0,15}})\n(\S{{44}})\n)\n((?:\u2014 {name} \S+\n)+)", raw.decode())
    need(found and len(found[2].encode()) < 256 and len(raw) <= 128 << 10, M, "this is no checkpoint")
    signed = [(line.split()[1], unbase64(line.split()[2])) for line in found[5].splitlines()]
    lines, root = {(name, sig[:4]): sig[4:] for name, sig in signed}, unbase64(found[4])
    need(len(root) == 32 and all(lines.values()) and len(lines) == len(signed), M, "its root or a line is wrong")
    return Note(found[1].encode(), found[2], int(found[3]), root, lines)

# ---- What a request asks to withhold (section 5.8). Numbers are runs, (first, last, reason), in their order.
def named(groups):
    every = []
    for group in groups:
        pairs = [run.partition("-") for run in group["numbers"].split(",")]
        runs = [(int(first), int(last or first), group["reason"]) for first, _, last in pairs]
        text = ",".join(f"{first}-{last}" if first < last else f"{first}" for first, last, _ in runs)
        apart = all(one[1] + 1 < two[0] for one, two in zip(runs, runs[1:])) and runs[-1][1] < 10**15
        need(group["numbers"] == text and apart, M, "these are no runs of numbers")
        every = sorted(every + runs)
    need(all(one[1] < two[0] for one, two in zip(every, every[1:])), M, "a number is named twice")
    return every
def reason_for(number, runs):
    place = bisect.bisect(runs, (number + 1,)) - 1
    return runs[place][2] if place >= 0 and number <= runs[place][1] else None
def how_many(runs): return sum(last - first + 1 for first, last, _ in runs)
def request_of(details):  # exhibits, single entries, entries with exhibits; how many exhibits and entries there were
    need(all(fits(details.get(name), "decimal") for name in ("exhibits", "log_size")), M, "it lacks a number")
    joint = [{"numbers": details["withheld_with"], "reason": "joint"}] if "withheld_with" in details else []
    lists = [read(details.get(name, "[]").encode(), "[withholding]") for name in ("withheld", "withheld_entries")]
    return *map(named, [*lists, joint]), int(details["exhibits"]), int(details["log_size"])

# ---- Who may do what (section 5.9).
class Rules:
    """What the entries so far say of people, members and the case, and whether the next may follow."""
    def __init__(self):
        self.version = self.unjudged = self.number = 0
        self.state, self.class_, self.roles, self.times, self.grants = "", CLASSES[0], {}, collections.Counter(), {}
        self.asked = {}  # who asked to unseal the case: with which entry, and to make it what
    def has(self, permission, person, grant):  # None is somebody who is no member
        roles, least = ALLOWANCES[permission]
        return not {*roles}.isdisjoint(self.roles.get(person, ())) and (
            not least or grant in GRANTS[GRANTS.index(least):])
    def judge(self, index, e):
        act, actor, rule = e["act"], e["actor"], ACTS.get(e["act"])
        if rule and int(rule.since or 1) <= self.version <= RULES:
            need(rule.log != "register" or e["case"] == REGISTER, T, "such an act stands in the register only")
            need(rule.log != "case" or e["case"] != REGISTER, T, "such an act stands in the log of a case only")
            need("service" not in actor or rule.signer != "person", T, "the machine did what only a person does")
            if "service" not in actor:
                need(rule.signer != "machine", T, "a person did what only the machine does")
                need(not rule.live or self.state not in ("", "closed", "archived"), T, "the case takes no evidence")
                class_ = self.class_in(e.get("details", {})) if act == "opened" else self.class_
                needed = rule.closed if rule.closed and class_ in CLASSES[1:] else rule.permission
                able = not needed or self.has(needed, actor["id"], self.grants.get(actor["id"]))
                need(able, T, f"{actor['id']} may not do this")
            need(CONDITIONS.get(act, lambda *_: True)(self, index, e.get("details", {}), e), T, "it cannot follow here")
        elif rule and act != "roster": self.unjudged += 1
        MEANINGS.get(act, lambda *_: None)(self, e, e.get("details", {}))
    def class_in(self, says):  # with which a case is opened
        return self.version >= 2 and {"number", "title", "time_zone"} <= says.keys() and says.get("class") or CLASSES[0]
    def can_open(self, index, says, e):
        class_ = self.class_in(says)
        return not self.number and class_ in CLASSES and (class_ != "sealed" or "authority" in e)
    def can_ask(self, index, says, e):
        return self.class_ == "sealed" and says.get("to") in CLASSES[:2] and says.get("version") == str(self.number + 1)
    def can_change(self, index, says, e):
        to, others = says.get("to"), {by: said for by, said in self.asked.items() if by != e["actor"]["id"]}
        may = [said for by, said in others.items() if self.has("move-case", by, self.grants.get(by))]
        asked = (says.get("request"), to) in may
        fits = to in CLASSES and says.get("from") == self.class_ != to and says.get("version") == str(self.number + 1)
        return fits and (asked if self.class_ == "sealed" else to != "sealed" or "authority" in e)
    def can_add(self, index, says, e):
        who, grant = says.get("person"), says.get("grant")
        return who is not None and whole(says, "time", 0) and (not grant or grant in GRANTS) and (
            who not in self.grants and max(int(says.get("time", 1)), 1) == self.times[who] + 1)
    def can_remove(self, index, says, e):
        who = says.get("person")
        needed = "manage-case" if self.class_ == CLASSES[0] else "close-case"
        others = any(self.has(needed, *other) for other in self.grants.items() if other[0] != who)
        return who in self.grants and whole(says, "time", 0) and (
            max(int(says.get("time", 1)), 1) == self.times[who] and (others or self.grants[who] != "manage"))
    def can_move(self, index, says, e):
        return {"from", "to", "version"} <= says.keys() and says["from"] == self.state and (
            says["version"] == str(self.number + 1) and says["to"] in STATES.get(self.state, []))
    def can_correct(self, index, says, e):
        return "entry" in says and whole(says, "index") and 0 <= int(says["index"]) < index
    def open(self, e, says):
        if self.number or not {"number", "title", "time_zone"} <= says.keys(): return
        class_ = self.class_in(says)
        self.state, self.number, self.class_ = "intake", 1, class_ if class_ in CLASSES else CLASSES[0]
        if e["actor"]["id"] not in self.grants: self.add(e, {"person": e["actor"]["id"]})
    def add(self, e, says):
        if not whole(says, "time", 0) or says.get("person") is None or says["person"] in self.grants: return
        self.grants[says["person"]] = says.get("grant") or "manage"
        self.times[says["person"]] += 1
    def remove(self, e, says):
        if whole(says, "time", 0): self.grants.pop(says.get("person"), None)
    def move(self, e, says):
        if self.number and {"from", "to"} <= says.keys() and whole(says, "version"):
            self.state, self.number, self.asked = says["to"], self.number + 1, {}
    def ask(self, e, says):
        if self.version >= 2 and "to" in says and whole(says, "version"):
            self.asked[e["actor"]["id"]] = e["id"], says["to"]
    def reclass(self, e, says):
        read = self.version >= 2 and self.number and "from" in says and whole(says, "version")
        if read and says.get("to") in CLASSES: self.class_, self.number, self.asked = says["to"], self.number + 1, {}
    def roster(self, e, says):
        if re.fullmatch(r"[1-9]\d{,18}", says.get("rules", ""), re.A) and int(says["rules"]) < 2**63:
            self.version = max(self.version, int(says["rules"]))
        self.roles.update((person["id"], person.get("roles", [])) for person in json.loads(says["people"]))
    def change(self, e, says):
        roles = says["roles"].split(" ") if "roles" in says else []
        if says.get("person") in self.roles and "name" in says and "" not in roles: self.roles[says["person"]] = roles
def whole(says, name, absent=None):  # whether a detail is a whole number, or may be and is absent
    if name not in says: return absent is not None
    return bool(re.fullmatch(r"0|-?[1-9]\d{,18}", says[name], re.A)) and -2**63 <= int(says[name]) < 2**63
REGISTER = "case-t7mscd72h4xjmfguksdgkqwzrq"
CONDITIONS = {"opened": Rules.can_open, "class-requested": Rules.can_ask, "class-changed": Rules.can_change,
              "member-added": Rules.can_add,
              "member-removed": Rules.can_remove, "transitioned": Rules.can_move, "corrected": Rules.can_correct}
MEANINGS = {"opened": Rules.open, "member-added": Rules.add, "member-removed": Rules.remove, "roster": Rules.roster,
            "transitioned": Rules.move, "role-changed": Rules.change, "class-requested": Rules.ask,
            "class-changed": Rules.reclass}

# ---- The zip (section 2).
def unzip(data):
    """The base directory, the members, the time of all. Every byte beside the contents is made anew and compared."""
    end, records, members, offset, tail, limit = len(data) - 22, [], {}, 0, bytearray(), 0xFFFFFFFF
    need(end >= 0 and data[end:end + 4] == b"PK\5\6", M, "the zip has no end")
    number, size, place = struct.unpack_from("<HII", data, end + 10)
    if number == 0xFFFF or limit in (size, place):
        end -= 76
        number, size, place = struct.unpack_from("<QQQ", data, max(end, 0) + 32)
    stop, stamp = place + size, bytes(data[place + 12:place + 16])
    need(1 <= number <= 1 << 20 and stop <= end, M, "the central directory is not where the end says")
    for _ in range(number):
        magic, crc, length, names, extra, comment = struct.unpack_from("<4s12xI4xIHHH12x", data, place)
        name, place = bytes(data[place + 46:place + 46 + names]), place + 46 + names
        known = magic == b"PK\1\2" and extra <= 28 and not comment and re.fullmatch(rb"[A-Za-z0-9._/-]{,255}", name)
        need(known, M, "the central directory cannot be read")
        if length == limit: length, = struct.unpack_from("<Q", data, place + 4)
        records.append((name, length, crc))
        place += extra
    need(place == stop, M, "the central directory does not end where the end says")
    base, common = records[0][0].decode().partition("/")[0] + "/", b"\x2d\0\x08\x08\0\0" + stamp
    for name, length, crc in records:
        large, least, where = length >= limit, min(length, limit), name.decode()
        local = struct.pack("<4s10sIQHH", b"PK\3\4", common, 0, (1 << 64) - 1 if large else 0, len(name), 20 * large)
        local += name + (b"\1\0\x10\0" + bytes(16)) * large
        begin = offset + len(local)
        there, content, rest = data[offset:begin], data[begin:begin + length], data[begin + length:]
        named = there[26:30 + len(name)] == local[26:30 + len(name)]
        need(there[:4] == local[:4] and named and len(content) == length, M, f"{where} cannot be told apart")
        descriptor = struct.pack("<4sIQQ" if large else "<4sIII", b"PK\7\x08", crc, length, length)
        agree = expect(rest[:len(descriptor)] == descriptor, M, "its descriptor is another", where)
        expect(zlib.crc32(content) == crc, T if agree else M, "its content has another CRC-32", where)
        unique = where.startswith(base) and where.removeprefix(base) not in members
        expect(there == local and unique, M, "its local header is another, or it is there twice or elsewhere", where)
        members.setdefault(where.removeprefix(base), content)
        extra = struct.pack("<QQ", length, length) * large + struct.pack("<Q", offset) * (offset >= limit)
        extra = struct.pack("<HH", 1, len(extra)) + extra if extra else b""
        tail += struct.pack("<4sH10sIIIHHHHHII", b"PK\1\2", 0x32d, common, crc, least, least, len(name), len(extra),
                            0, 0, 0, 0x81240000, min(offset, limit)) + name + extra
        offset = begin + length + len(descriptor)
    number, size = len(records), len(tail)
    if number >= 0xFFFF or max(offset, size) >= limit:
        tail += struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 0x32d, 45, 0, 0, number, number, size, offset)
        tail += struct.pack("<4sIQI", b"PK\6\7", 0, offset + size, 1)
    number, size, start = min(number, 0xFFFF), min(size, limit), min(offset, limit)
    tail += struct.pack("<4sIHHIIH", b"PK\5\6", 0, number, number, size, start, 0)
    expect(data[offset:] == tail, M, "the central directory is another, or something stands beside it")
    return base, members, stamp

def detail(entry, name, other=None): return entry.get("details", {}).get(name, other)
# ---- Collections (../../collection/FORMAT.md).
LONG, NAMES = 16 << 20, b"._- ()+,=@" + bytes(range(48, 58)) + bytes(range(65, 91)) + bytes(range(97, 123))
def zip_name(path, index):  # section 2 there
    names = []
    for name in path.split(b"/"):
        stem, end = name.split(b".")[0], len(name) - 1
        device = re.fullmatch(rb"(con|prn|aux|nul|(com|lpt)[0-9]) *", stem, re.I)
        names.append("".join(
            chr(c) if c in NAMES and not (at == 0 and device) and not (at == end and c in b". ") else f"%{c:02X}"
            for at, c in enumerate(name)))
    whole = "data/" + "/".join(names)
    fits_in = len(whole) <= 240 and all(len(name) <= 120 for name in names)
    return whole if fits_in else f"data/~/{index}/{safe_name(path)}"
def check_line(text, index, last=b""):  # section 1 there: a line of a manifest, what it is sorted by
    l = read(text, "manifest-line")
    path, place = name_bytes(l["path"]), name_bytes(l["path"]).replace(b"/", b"\0")
    ok = 1 <= len(path) <= 1 << 16 and b"\0" not in path and not {b"", b".", b".."} & set(path.split(b"/"))
    need(ok and place > last, T, "a path is none, or not in its place")
    need(("target" in l) == (l["kind"] == "link") or l["kind"] == "link" and "failure" in l, T, "a link leads nowhere")
    need("entries" not in l or l["kind"] == "folder", T, "something else than a folder has entries")
    of_bytes = {"member", "length", "sha256", "sha1", "md5", "crc32", "state", "got"} & l.keys()
    need(len(of_bytes) in (0, 8) and (not of_bytes or l["kind"] == "file"), T, "what it says of bytes is not whole")
    need(of_bytes or l["kind"] != "file" or "failure" in l, T, "it does not say why a file is not there")
    if of_bytes:
        digits = re.fullmatch(r"\d+", l["got"], re.A) and len(l["got"]) == len(str(l["length"]))
        need(l["member"] == zip_name(path, index) and digits, T, "its member or what it got is not right")
        got, least = int(l["got"]), 0 if l["state"] in ("short", "error") else l["length"]
        need(least <= got <= l["length"], T, "it got more or fewer bytes than it can have")
    return l, place
def check_collection(data, of):
    """That data is the collection that a receipt speaks of. Every byte of it is made anew and compared."""
    texts, at, limit = [], of["manifest"], 0xFFFFFFFF
    for _ in range(of["leaves"]):
        end = re.compile(b"\n").search(data, at)
        need(end and end.start() - at <= 1 << 20, T, "the manifest is not where it should be")
        texts.append(bytes(data[at:end.start()]))
        at = end.end()
    need(root_of([sha(b"\0", text) for text in texts]).hex() == of["root"], T, "its manifest is another one")
    head = read(texts[0], "manifest-head")
    ok = head["entries"] == of["leaves"] - 1 and head["sources"] and head["tool"]["name"]
    need(ok, T, "the first line of the manifest is not right")
    place, central, count, last = 0, bytearray(), 0, b""
    def expect_here(wanted):
        nonlocal place
        need(data[place:place + len(wanted)] == wanted, T, f"what is at {place} is not what must be there")
        place += len(wanted)
    def member(name, length, crc, check):
        nonlocal place, count
        long, start = length > LONG, place
        common = struct.pack("<HHIH", 45, 0x808 if long else 0x800, 0, 33)
        sizes = struct.pack("<III", 0 if long else crc, *[limit if long else length] * 2)
        expect_here(b"PK\3\4" + common + sizes + struct.pack("<HH", len(name), 20 * long) + name
                    + (b"\1\0\x10\0" + bytes(16)) * long)
        content = data[place:place + length]
        need(len(content) == length, T, "it ends too early")
        check(content)
        place += length
        if long: expect_here(b"PK\7\x08" + struct.pack("<IQQ", crc, length, length))
        far = start >= limit
        extra = struct.pack("<QQ", length, length) * long + struct.pack("<Q", start) * far
        extra = struct.pack("<HH", 1, len(extra)) + extra if extra else b""
        central.extend(b"PK\1\2" + struct.pack("<H", 0x032d) + common
                       + struct.pack("<III", crc, *[limit if long else length] * 2)
                       + struct.pack("<HH", len(name), len(extra)) + bytes(6) + b"\0\0\x24\x81"
                       + struct.pack("<I", min(start, limit)) + name + extra)
        count += 1
    def of_line(l):
        def check(content):
            for name in "sha256", "sha1", "md5":
                need(hashlib.new(name, content).hexdigest() == l[name], T, f"{l['member']} has another {name}")
            need(f"{zlib.crc32(content):08x}" == l["crc32"], T, f"{l['member']} has another CRC-32")
            need(not any(content[int(l["got"]):]), T, f"{l['member']} goes on where the source gave nothing")
        return check
    for index, text in enumerate(texts[1:], 1):
        l, last = check_line(text, index, last)
        if "member" in l: member(l["member"].encode(), l["length"], int(l["crc32"], 16), of_line(l))
    manifest = data[of["manifest"]:at]
    def here(content): need(place == of["manifest"], T, "the manifest does not follow the members")
    member(b"manifest.jsonl", len(manifest), zlib.crc32(manifest), here)
    start, size = place, len(central)
    expect_here(bytes(central))
    if count >= 0xFFFF or limit <= max(start, size):
        expect_here(b"PK\6\6" + struct.pack("<QHHQQQQQ", 44, 0x032d, 45, 0, count, count, size, start)
                    + b"PK\6\7" + struct.pack("<IQI", 0, start + size, 1))
    least = [min(count, 0xFFFF)] * 2 + [min(size, limit), min(start, limit)]
    expect_here(b"PK\5\6" + struct.pack("<IHHIIH", 0, *least, 0))
    need(place == len(data), T, "something follows its end")
def collection_of(entry):  # what a receipt says of a collection, if it does
    said = {name: detail(entry, "collection_" + name) for name in ("root", "leaves", "manifest")}
    if set(said.values()) == {None}: return None
    for name in "leaves", "manifest":
        need(said[name] and fits(said[name], "decimal"), T, "it does not say which collection it is")
        said[name] = int(said[name])
    need(said["root"] and fits(said, "collection"), T, "it does not say which collection it is")
    return said

def facts_of(entry): return {name: entry.get(name) for name in ("exhibit", "sha256", "length", "name")}
CASE, COVER, KEYS, HEAD = "case/case.json", "case/disclosure.json", "custody/keys.vkey", "custody/checkpoint.note"
EARLIER, ITEMS = "custody/earlier.jsonl", "case/items.jsonl"
PAYLOAD, TAGS, NONE = "manifest-sha256.txt", "tagmanifest-sha256.txt", "data/none.txt"
FIXED = {NONE: "f8d12cf8e0f6d3799ffbf2037911a3eef6ea82c36e480dd7100f2fb5aa63ed21",
         "bagit.txt": "1712ecfb074bf29c4188ad3421032509159a09739fd604f8fe57038b4ddefcc9",
         "VERIFY.txt": "f53069b8a2a37c96e4112c1b52e2c8e5b86658632b016c3581486ed4d5e6f019"}
ABOUT = {"received": {"item", "exhibit", "sha256"}, "sealed": {"item"}, "quarantined": {"item"}}  # what they must name

def verify(data, keys, proof=None, witnesses=()):
    """Section 6, in its order."""
    base, members, stamp = unzip(data)  # 1. container
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    def content(name): return bytes(members.get(name, b""))
    def lines(name):
        *whole, rest = content(name).split(b"\n")
        expect(not rest, M, "its last line does not end", name)
        return whole + [rest] * bool(rest)
    def value(name, form):  # of a member that is one line of JSON
        with part(name): return read(b"\n".join(lines(name)), form) if name in members else None

    for manifest in PAYLOAD, TAGS:  # 2. fixity
        if not expect(manifest in members, I, "it is missing", manifest): continue
        mine = {name: digest for name, digest in digests.items()
                if name.startswith("data/") == (manifest == PAYLOAD) and name != TAGS}
        listed = re.findall("(.{64})  (.+)\n", content(manifest).decode("latin-1"))
        whole = content(manifest).decode("latin-1") == "".join(f"{digest}  {name}\n" for digest, name in listed)
        in_order = [name for _, name in listed if name in mine] == list(mine)
        expect(whole and in_order, M, "it does not list what is there, in its order", manifest)
        for name, digest in {name: digest for digest, name in reversed(listed)}.items():
            expect(name in mine, I, "it is listed, and not there", name)
            expect(mine.get(name, digest) == digest, T, "its SHA-256 is not the one listed", name)

    kind = None  # 3. contents
    with contextlib.suppress(*UNREADABLE): kind = json.loads(content(COVER))["type"]
    need(type(kind) is not str or kind == "sealcase/bundle/v2", M, f"a verifier for {kind} is needed")
    case, cover = value(CASE, "case-file"), value(COVER, "cover")
    need(case or cover, M, "neither file says what the bundle is")
    case, number = (case["id"], case["number"]) if case else (cover["case"], cover["case_number"])
    own = cover["id"] if cover else base[:-1]  # the bundle
    page = ["verify.html"] * ("page_sha256" in cover if cover else "verify.html" in members)
    none = [NONE] * (not cover["items"] if cover else NONE in members)
    called_for, texts = ["bagit.txt", "bag-info.txt", "VERIFY.txt", *page, CASE, COVER, KEYS, HEAD], dict(FIXED)
    if cover:
        at = moment(cover["at"])
        dos = at.hour << 11 | at.minute << 5 | at.second // 2, at.year - 1980 << 9 | at.month << 5 | at.day
        oxum = f"{cover['bytes']}.{cover['items']}" if cover["items"] else "149.1"
        info = (f"Bag-Software-Agent: {cover['generator']}\nBagging-Date: {cover['at'][:10]}\nExternal-Identifier: "
                f"{cover['id']}\nPayload-Oxum: {oxum}\nSealcase-Format: {kind}\n").encode()
        texts.update({"bag-info.txt": hashlib.sha256(info).hexdigest(), "verify.html": cover.get("page_sha256")})
        same(cover, {"case": case, "case_number": number}, T, COVER)
        same({"directory": base, "time": stamp}, {"directory": own + "/", "time": struct.pack("<HH", *dos)}, M)
    same(digests, {name: texts[name] for name in texts if name in members and name in called_for + none})
    listed = []
    for line in lines(KEYS):
        with part(KEYS): listed.append(key_of(line.decode()))
    expect(listed and len(set(listed)) == len(listed), M, "no key is there, or one twice", KEYS)
    need(HEAD in members, I, "without the checkpoint nothing can be checked")
    head = note_of(content(HEAD))
    agency = head.origin[:head.origin.rfind("/case/")] if "/case/" in head.origin else head.origin
    trust = Trust(agency, keys)

    leaves, entries, withheld, items, asked, done = [], {}, {}, {}, None, 0  # 4. log
    for tile in range(min(-(-head.size // 256), len(members) + 1)):
        called_for.append(f"custody/entries/{tile:05}.jsonl")
        found = lines(called_for[-1])
        with part(called_for[-1]): count("lines", len(found), min(256, head.size - 256 * tile))
        for index, line in enumerate(found, len(leaves)):
            leaves.append(sha(b"\0", line))
            with part(f"entry {index}"):
                e = read(line, "entry-line", "leaf-line")
                if "leaf" in e: leaves[index], withheld[index] = bytes.fromhex(e["leaf"]), e["reason"]
                else: entries[index] = e
    for index, e in entries.items():
        act, known = e["act"], items.setdefault(e.get("item"), {})
        with part(f"entry {index}"):
            expect(e["case"] == case, T, "it is of another case")
            expect(ABOUT.get(act, set()) <= e.keys(), T, "it does not say what it is about")
            expect(act not in ABOUT or (act == "received") != ("received" in known), T, "received twice, or not before")
            known.setdefault(act, e)  # the first of each act
            if act == "received": collection_of(e)
            if act == "sealed":
                same(e, facts_of(known.get("received", e)))
                known["seal"] = detail(e, "seal_sha256", known.get("seal"))  # the last one
                if "seal_sha256" in e.get("details", {}): known["at"] = index
                expect(known["seal"] is None or fits(known["seal"], "sha256"), T, "its seal_sha256 is no digest")
    with part("log"):
        opened = [detail(e, "number") for e in entries.values() if e["act"] == "opened"]
        expect((len(leaves), root_of(leaves)) == (head.size, head.root), T, "its root is not the one that was signed")
        expect(entries.get(0, {}).get("act") == "roster", I, "it does not begin with a roster")
        count("entries that open the case", len(opened), 1)
        expect(set(opened) <= {number}, T, "the case has another number")
        expect(len({e["id"] for e in entries.values()}) == len(entries), T, "an id is there twice")
        asking = [index for index, e in entries.items()
                  if cover and e["act"] == "disclosure-requested" and detail(e, "disclosure") == own]
        if cover: count("entries that ask for this bundle", len(asking), 1)
        if cover: count("withheld entries", len(withheld), cover["withheld_entries"], fewer=T, more=I)
    for index in asking[:1]:
        with part(f"entry {index}"):
            e, wanted = entries[index], {name: cover[name] for name in ("by", "purpose", "title", "recipient")}
            by, purpose = e["actor"]["id"], e.get("purpose", "")
            says = {"title": "", "recipient": "", **e["details"], "by": by, "purpose": purpose}
            same({**says, "service": e["actor"].get("service", False)}, {**wanted, "service": False})
            asked = exhibits, single, joint, _, size = request_of(e["details"])
            expect(size <= index, T, "it speaks of entries that were not there")
            reasons = {reason for _, _, reason in exhibits}
            for i, reason in withheld.items():
                alone, together = reason_for(i, single), reason_for(i, joint)
                allowed = {alone} if alone else reasons if together or i >= size else ()
                agree = expect(reason in allowed, T, "nobody asked to withhold it", f"entry {i}")
                done += bool(agree and (alone or together))
            expect(done == how_many(single) + how_many(joint), T, "not all is withheld that it names, or named twice")

    people, introductions = {}, set()  # 5. acts: keys of people by rosters, and keys that entries "key" introduced
    def check_act(e, index):  # section 5.3, "Who may sign what": the first fault
        need("signature" in e, M, "it is not signed")  # 1
        signature, actor, details = e["signature"], e["actor"]["id"], e.get("details", {})
        person = None if "service" in e["actor"] else actor
        need((person is None) == actor.startswith("service:"), T, "machine and person take each other's name")  # 2
        alone = e["act"] in ACTS and ACTS[e["act"]].signer == "machine"
        need(person is None or not alone, T, "a person did what only the machine does")
        if e["act"] == "key":  # 3
            old, new = trust.introduce(details)
            need(old.person == person, T, "it introduces another's key")
            if people.get(old.id) == old: introductions.add(new)
        if e["act"] == "keys-stated": trust.take(index, details)
        key = (people if person else trust.count("worker", index)).get(signature["key"])
        need(key, U, "it is signed with no trusted key")  # 4, 5
        need(key.person == person, T, "it is signed by somebody else")
        trust.check(key.id, index, e["at"])
        sig, path = unbase64(signature["sig"]), [bytes.fromhex(one) for one in signature.get("path", [])]
        index, size = signature.get("index", 0), signature.get("size", 1)
        whole = index < size and 2 <= size <= 256 if "size" in signature else not index and not path
        need(len(sig) == 64 and whole, M, "its signature is not whole")  # 6
        leaf = sha(b"\0", encode({name: value for name, value in e.items() if name != "signature"}))
        root = base64.b64encode(roots_by(path, index, size, leaf, audit=True)[1]).decode()
        need(good(key, f"sealcase/entries/v1\n{size}\n{root}\n".encode(), sig), T, "its signature is not good")  # 7
        if e["act"] == "roster": take_in(details)  # 8
    def take_in(roster):
        listed = [(person["id"], [key_of(key) for key in person.get("keys", [])])
                  for person in read(roster.get("people", "").encode(), "[person]")]
        others = [key for who, keys in listed for key in keys if key.person != who]
        others += [key for key in roster.get("keys", "").split(" ") if "keys" in roster and not key_of(key).role]
        need(not others, M, "a roster has a key that is somebody else's")
        for who, keys in listed:
            first = not any(key.person == who for key in people.values())
            for key in (key for key in keys if key.agency == agency):
                known = people.get(key.id) == key or key in introductions or trust.states(key)
                need(first or known, T, "a roster gives a key that nobody introduced")
                people[key.id] = key
    for index, e in entries.items():
        with contextlib.suppress(Bad, *UNREADABLE):
            if e["act"] == "key": trust.introduce(e.get("details", {}))
            if e["act"] == "keys-stated": trust.take(index, e.get("details", {}))
    if trust.rooted: notes.append(f"the newest statement of the root here is number {trust.serial}: is it the last?")
    rules = Rules()
    for index, e in entries.items():
        with part(f"entry {index}"):
            check_act(e, index)
            rules.judge(index, e)
    later = collections.Counter(e["act"] for e in entries.values() if e["act"] not in ACTS)
    kinds = ", ".join(f"{act} ({number})" for act, number in later.items())
    if later: notes.append(f"{sum(later.values())} entries of kinds that this verifier does not know: {kinds}")
    words = f"the log says version {rules.version} of the rules, and this verifier knows {RULES}"
    if rules.unjudged: notes.append(f"who may do what was not checked of {rules.unjudged} entries: {words}")

    def signers(note, size):  # 6. signature: the trusted keys that signed a checkpoint
        able = trust.count("log", size).values()
        named = {key: note.lines.get((note.origin, key_id(note.origin, key.raw))) for key in able}
        named = {key: sig for key, sig in named.items() if sig}
        need(named, U, "no key that you trust has signed it")
        need(all(good(key, note.text, sig) for key, sig in named.items()), T, "a trusted key's signature is not good")
        return set(named)
    with part(HEAD):
        expect(head.origin.endswith("/case/" + case), T, "it is of another case")
        if cover: same(cover, {"log_origin": head.origin, "log_size": head.size, "log_root": head.root.hex()})
        expect(signers(head, head.size) <= set(listed), I, "a key that signed is missing", KEYS)

    with part(EARLIER):  # 7. earlier
        if cover["earlier"] if cover else EARLIER in members: called_for.append(EARLIER)
        found, rows = lines(EARLIER) if EARLIER in called_for else [], []
        if cover: count("lines", len(found), cover["earlier"])
        for line in found:
            with part(EARLIER):
                rows.append(read(line, "earlier"))
                size, note = rows[-1]["size"], note_of(rows[-1]["checkpoint"].encode())
                with part(EARLIER): signers(note, note.size)
                need((note.origin, note.size) == (head.origin, size), T, "a checkpoint is of another log or size")
                need(1 <= size <= head.size and root_of(leaves[:size]) == note.root, T, "the log does not continue it")
        order = [(row["size"], row["disclosure"]) for row in rows]
        sizes = {disclosure: size for size, disclosure in order}
        expect(order == sorted(order) and len(sizes) == len(rows) and own not in sizes, M, "its order is another")
        shown = [e.get("details", {}) for e in entries.values() if e["act"] == "disclosed"]
        for details in shown:
            if expect(details.get("disclosure") in sizes, I, "an earlier disclosure is missing"):
                same(details, {"log_size": str(sizes[details["disclosure"]])})
        hidden = sizes.keys() - {details.get("disclosure") for details in shown}
        expect(len(hidden) <= len(withheld), T, "there are more disclosures than the log can hide")

    def check_seal(raw, it, logged, index):  # 8. seals
        need(logged in (None, hashlib.sha256(raw).hexdigest()), T, "it is not the one that the log names")
        envelope = read(raw if len(raw) <= 64 << 10 else b"", "envelope")
        (signature,), payload, kind = envelope["signatures"], unbase64(envelope["payload"]), envelope["payloadType"]
        key = trust.count("seal", index).get(signature["keyid"])
        text = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
        need(key, U, "no key that you trust has sealed it")
        need(good(key, text, unbase64(signature["sig"])), T, "its signature is not good")
        says = read(payload, "seal")
        trust.check(key.id, index, says["sealed_at"])
        fields = "case exhibit intake name path length sha256 received_at received_by"
        same(says, {name: it.get(name) for name in [*fields.split(), "collection"]})
        same(says, {"case_number": number, "item": it["id"], "object": it["data"]})
        same({"sealed_at": says["sealed_at"], **it}, {"sealed_at": says["sealed_at"]})
        need(says["locked_until"] <= it["locked_until"], T, "it was locked for longer")
    last, seen, totals = 0, set(), collections.Counter()  # 9. evidence
    called_for.append(ITEMS)
    for line in lines(ITEMS):
        with part(ITEMS):
            says = read(line, "disclosed", "quarantined", "withheld")
            it, disclosed = says.get("item", says), "member" in says
            known, where = items.get(it["id"], {}), f"E-{it['exhibit']:05}"
            reason = reason_for(it["exhibit"], asked[0]) if asked else None
            totals.update(lines=1, items=disclosed, withheld=not disclosed, hidden=it is says, named=bool(reason),
                          bytes=it["length"] if disclosed else 0)
            places[-1] = where  # from here on
            expect(it["exhibit"] > last and it["id"] not in seen, T, "it is listed twice, or not in order")
            expect(it["exhibit"] <= last + 1, I, "an exhibit before it is not listed")
            last = it["exhibit"]
            seen.add(it["id"])
            agree = says.get("withheld") == reason if reason else it is not says or not asked
            expect(agree, T, "what is withheld is not what was asked for")
            expect(it is not says or not known, M, "it is withheld, and an entry about it is shown")
            if it is says: continue
            same(it, {"case": case, **facts_of(known.get("received", {}))})
            with part(where): same(it, {"collection": collection_of(known.get("received", {}))})
            same(it, {"state": "sealed" if disclosed else "quarantined"}, I)
            expect(("quarantined" in known) != disclosed, T, "the log says otherwise of a quarantine")
            if not disclosed: continue
            expect("sealed" in known, I, "the log does not say that it was sealed")
            seal, name = f"custody/seals/{where}.dsse.json", safe_name(name_bytes(it["name"]))
            member = f"data/evidence/{where}/{name}"
            called_for += [seal, member]
            same(says, {"member": member}, M)
            if member in members:
                same(it, {"length": len(members[member]), "sha256": digests[member]})
                if "collection" in it and digests[member] == it["sha256"]:
                    try: check_collection(members[member], it["collection"])
                    except (Bad, *UNREADABLE) as fault: expect(False, T, f"it is not the collection received: {fault}")
            with part(seal):
                if seal in members: check_seal(content(seal), it, known.get("seal"), known.get("at", END))
    with part(ITEMS):
        if ITEMS in members and cover:
            for what in "items", "withheld": count(what, totals[what], cover[what])
            if totals["items"] == cover["items"]: same({"bytes": totals["bytes"]}, {"bytes": cover["bytes"]})
        if ITEMS in members and asked:
            count("exhibits when the bundle was asked for", totals["lines"], asked[3])
            expect(totals["named"] >= how_many(asked[0]), I, "an exhibit that should be withheld is not listed")
        expect(totals["hidden"] <= len(withheld), T, "more exhibits are withheld than entries")
        missing = [item for item, known in items.items() if "received" in known and item not in seen]
        expect(not missing, I, f"received, and not listed: {missing}")  # 10. completeness

    called_for = dict.fromkeys([*called_for, *none, PAYLOAD, TAGS])  # 3. again: the members
    there = {name: 1 for name in members if ITEMS in members or not name.startswith(("custody/seals/", "data/"))}
    for name in called_for: expect(name in members, I, "it is missing", name)
    for name in there: expect(name in called_for, M, "nothing calls for it", name)
    in_order = [name for name in there if name in called_for] == [name for name in called_for if name in there]
    expect(in_order, M, "the members are in another order")

    def recorded(says, origin, first, place, entry_is, details_are, optional):
        """The checkpoint of a proof, and the details of the entry that it shows in there; keys count as at a place."""
        note, raw = note_of(says["checkpoint"].encode()), says["entry"].encode()
        signers(note, END)
        need(note.origin == origin and first <= says["index"] < note.size, T, "it is of another log, or older")
        with part(places[-1]):
            path = [bytes.fromhex(one) for one in says["inclusion"]]
            roots = roots_by(path, says["index"], note.size, sha(b"\0", raw), audit=True)
            need(roots[1] == note.root, T, "its entry is not in that log")
        details = {}
        with part(places[-1]):
            e = read(raw, "entry-line")
            details = e.get("details", {})
            same({**e, **e["actor"]}, entry_is)
            same({**optional, **details}, {**details_are, **optional})
            check_act(e, place)
        return note, details
    register = None
    with part("proof"):  # 11. disclosure
        if proof is not None:
            need(proof[-1:] == b"\n", M, "it is not a line")
            shown = read(proof[:-1], "proof")
            for details in shown.get("keys", []):
                with part("proof"): trust.introduce(details)
            for details in shown.get("stated", []):
                with part("proof"): trust.state(2**62, details)
            bundle = {"disclosure": own, "tagmanifest_sha256": digests.get(TAGS)}
            size, act = {"log_size": str(head.size)}, {"case": case, "act": "disclosed"}
            later, details = recorded(shown, head.origin, head.size, shown["index"], act, bundle, size)
            if "bundle_sha256" in details: same(details, {"bundle_sha256": hashlib.sha256(data).hexdigest()}, M)
            register, path = shown.get("register"), [bytes.fromhex(one) for one in shown["consistency"]]
            roots = roots_by(path, head.size - 1, later.size, head.root, audit=False)
            need(roots == [head.root, later.root], T, "its log does not continue that of the bundle")
    with part("register"):  # 12. register
        expect(register or not witnesses, I, "there is none that witnesses could have seen")
        if register:
            act = {"case": REGISTER, "act": "head", "service": True}
            of_case = {"case": case, "origin": later.origin, "size": str(later.size), "root": later.root.hex()}
            digest = {"note_sha256": hashlib.sha256(shown["checkpoint"].encode()).hexdigest()}
            origin = head.origin.removesuffix("/case/" + case) + "/register"
            note, _ = recorded(register, origin, 0, END, act, of_case, digest)
            cosigned = {key: note.lines.get((key.name, key_id(key.name, key.raw))) for key in witnesses}
            expect(any(cosigned.values()) or not witnesses, I, "none of the witnesses has cosigned")
            for key, sig in [(key, sig) for key, sig in cosigned.items() if sig]:
                time = int.from_bytes(sig[:8], "big")
                text = f"cosignature/v1\ntime {time}\n".encode() + note.text
                expect(time < 253402300800 and good(key, text, sig[8:]), T, f"the line of {key.name} is not good")

def verify_member(proof, keys, path=None):  # ../../collection/FORMAT.md section 5
    need(proof[-1:] == b"\n", M, "it is not a line")
    says = read(proof[:-1], "member-proof")
    envelope = read(says["seal"].encode(), "envelope")
    (signature,), payload, kind = envelope["signatures"], unbase64(envelope["payload"]), envelope["payloadType"]
    trusted = {key.id: key for key in keys if key.role == "seal"}
    key, text = trusted.get(signature["keyid"]), f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    need(key, U, "no key that you trust has sealed it")
    need(good(key, text, unbase64(signature["sig"])), T, "the signature of the seal is not good")
    of = read(payload, "seal").get("collection")
    need(of and says["index"] < of["leaves"], T, "the exhibit is no collection, or has fewer lines")
    steps, line = [bytes.fromhex(one) for one in says["path"]], says["line"].encode()
    roots = roots_by(steps, says["index"], of["leaves"], sha(b"\0", line), audit=True)
    need(roots[1].hex() == of["root"], T, "the line is not in the manifest")
    says, _ = check_line(line, says["index"])
    if path:
        need("member" in says, T, "its bytes were not received")
        with open(path, "rb") as file: digest = hashlib.file_digest(file, "sha256").hexdigest()
        need((digest, os.path.getsize(path)) == (says["sha256"], says["length"]), T, "the file is not that member")

def keys_in(source, algorithm=1):  # of a file, one a line (section 5.4); or a key itself
    raw = source.encode() if "+" in source and not os.path.exists(source) else open(source, "rb").read()
    lines = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig").splitlines()
    return [key_of(line.strip(), algorithm) for line in lines if line.strip() and line.strip()[0] != "#"]
def judge(arguments):  # the outcome for a command line
    options, rest = collections.defaultdict(list), iter(arguments)
    for word in rest:
        if word.startswith("-"): options[word.lstrip("-")].append(next(rest))
        else: options[""].append(word)
    keys = [key for source in options["key"] for key in keys_in(source)]
    witnesses = [key for source in options["witness"] for key in keys_in(source, 4)]
    proof = open(options["proof"][0], "rb").read() if options["proof"] else None
    for found in problems, notes: found.clear()
    if options["member"]:
        need(keys and len(options[""]) <= 1, M, "usage")
        with part("member"): verify_member(open(options["member"][0], "rb").read(), keys, *options[""])
        return min((code for code, _, _ in problems), key=list(EXIT).index, default="ok")
    del options["member"]
    need(keys and len(options[""]) == 1 and options.keys() <= {"", "key", "proof", "witness"}, M, "usage")
    with open(options[""][0], "rb") as file, part("bundle"):
        verify(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), keys, proof, witnesses)
    return min((code for code, _, _ in problems), key=list(EXIT).index, default="ok")
def main():
    try: outcome = judge(sys.argv[1:])
    except (Bad, UnicodeDecodeError, StopIteration): return print(__doc__, file=sys.stderr) or 64
    except OSError as error: return print(error, file=sys.stderr) or 74
    print(outcome.upper())
    for code, where, what in problems: print(f"  {code}: {ascii(where)[1:-1]}: {ascii(what)[1:-1]}")
    for note in notes: print(f"  to note: {note}")
    return EXIT[outcome]
if __name__ == "__main__": sys.exit(main())
