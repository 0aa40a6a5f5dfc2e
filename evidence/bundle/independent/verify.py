#!/usr/bin/env python3
"""An independent verifier of case bundles (sealcase/bundle/v2), for experts who do not want to rely on the agency's program.

It was written from FORMAT.md alone ("section n" below), with nothing but Python's standard library and the command openssl.

  verify.py BUNDLE.zip -key KEYS.vkey [-proof PROOF.json] [-witness KEYS]     the exit codes are those of section 6
  verify.py --batch     every line of standard input is such a command line; the answer is one outcome a line
"""
import sys
sys.dont_write_bytecode = True
import base64, hashlib, json, mmap, os, re, shlex
from bundleformat import (EXIT, T, M, U, I, UNREADABLE, Bad, Container, Key, Note, asked_in, count_in, encode, file_digest,
                          fits, good, introduced, name_bytes, need, read, reason_for, root_by_path, root_of, roots_by_proof, safe_name,
                          sha, unbase64)

FIXED = {"bagit.txt": "1712ecfb074bf29c4188ad3421032509159a09739fd604f8fe57038b4ddefcc9",
         "VERIFY.txt": "f53069b8a2a37c96e4112c1b52e2c8e5b86658632b016c3581486ed4d5e6f019"}
MACHINE = "roster sealed quarantined intake-closed verified analysed extended disclosed head alarm".split()
REGISTER = "case-t7mscd72h4xjmfguksdgkqwzrq"

class Verifier(Container):
    """One verification. Each method is a check of section 6, in its order; expect() collects what is wrong."""
    def __init__(self, data, keys, proof=None, witnesses=()):
        super().__init__(data)
        self.proof, self.witnesses = proof, witnesses
        self.keys = {k.id: k for k in keys if k.role in ("log", "seal", "worker")}
        self.given, self.introductions = {}, set()  # by rosters: person -> keys; by entries "key": new versions

    def run(self):
        try:
            for check in (self.container, self.fixity, self.contents, self.log, self.acts, self.signature, self.earlier,
                          self.items, self.disclosure): check()
        except Bad as stop: self.expect(False, stop.args[0], "stopped", stop.args[1])
        except UNREADABLE as error: self.expect(False, M, "stopped", f"it cannot be read: {error!r}")
        return min((code for code, _, _ in self.problems), key=list(EXIT).index, default="ok")

    def fixity(self):
        for manifest in "manifest-sha256.txt", "tagmanifest-sha256.txt":
            mine = {n: h for n, h in self.members if n.startswith("data/") == (manifest[0] == "m")
                and n != "tagmanifest-sha256.txt"}
            if not self.expect(manifest in self.place, I, manifest, "it is missing"): continue
            lines = [re.fullmatch(r"(.{64})  (.+)", line.decode("latin-1")) for line in self.lines(manifest)]
            listed = {line[2]: line[1] for line in lines if line}
            self.expect(len(listed) == len(lines), M, manifest, "a line is no line of a manifest, or is there twice")
            self.expect([n for n in listed if n in mine] == [n for n in mine if n in listed], M, manifest, "the order is another")
            for n in listed: self.expect(n in mine, M if n in self.place else I, n, "it is listed and not there")
            for n in mine:
                self.expect(n in listed, M, n, "it is not listed")
                self.expect(listed.get(n, mine[n]) == mine[n], T, n, "its SHA-256 differs")

    def contents(self):
        self.expected = ["bagit.txt", "bag-info.txt", "VERIFY.txt", "case/case.json", "case/disclosure.json",
            "custody/keys.vkey", "custody/checkpoint.note"]
        raw = self.content("case/disclosure.json") or b""
        try: kind = json.loads(raw).get("type")
        except (ValueError, AttributeError, RecursionError): kind = None
        need(not isinstance(kind, str) or kind == "sealcase/bundle/v2", M, "the bundle is of another type")
        case = self.attempt("case/case.json", self.line, "case/case.json", "case file")
        cover = self.cover = self.attempt("case/disclosure.json", self.line, "case/disclosure.json", "disclosure file")
        need(case or self.cover, M, "neither says what the bundle is")
        self.case, self.number = (case["id"], case["number"]) if case else (self.cover["case"], self.cover["case_number"])
        digests = dict(self.members)
        if cover:
            self.expect((cover["case"], cover["case_number"]) == (self.case, self.number), T, "case/disclosure.json",
                "it is of another case")
            self.expect(self.base == cover["id"] + "/", M, self.base, "the base directory is another")
            info = (f"Bag-Software-Agent: {cover['generator']}\nBagging-Date: {cover['at'][:10]}\nExternal-Identifier: {cover['id']}\n"
                    f"Payload-Oxum: {cover['bytes']}.{cover['items']}\nSealcase-Format: sealcase/bundle/v2\n")
            self.expect(self.content("bag-info.txt") in (None, info.encode()), T, "bag-info.txt", "it has another text")
            if "page_sha256" in cover:
                self.expect(digests.get("verify.html", cover["page_sha256"]) == cover["page_sha256"], T, "verify.html",
                    "it is another")
        if "page_sha256" in cover if cover else "verify.html" in self.place: self.expected.insert(3, "verify.html")
        for name, digest in FIXED.items(): self.expect(digests.get(name, digest) == digest, T, name, "it has another text")
        for name in self.expected: self.expect(name in self.place, I, name, "it is missing")
        lines = [self.attempt("custody/keys.vkey", Key, line.decode("latin-1")) for line in self.lines("custody/keys.vkey")]
        self.listed = {k.id for k in lines if k}
        self.expect(len(self.listed) == len(lines), M, "custody/keys.vkey", "a key is there twice")
        need("custody/checkpoint.note" in self.place, I, "without the checkpoint nothing can be checked")
        self.head = Note(self.content("custody/checkpoint.note"))
        origin = self.head.origin
        self.agency = origin.rpartition("/case/")[0] if "/case/" in origin else origin
        self.keys = {i: k for i, k in self.keys.items() if k.agency == self.agency}  # others are not looked at

    def log(self):
        self.leaves, self.entries, self.about, self.withheld, ids = [], [], {}, 0, set()
        self.reasons, self.requests, self.asked = {}, 0, None  # of withheld entries; what asks for this bundle
        for tile in range(min((self.head.size + 255) // 256, len(self.members) + 1)):
            name, lines = f"custody/entries/{tile:05}.jsonl", []
            self.expected.append(name)
            if self.expect(name in self.place, I, name, "it is missing"): lines = self.lines(name)
            want = min(256, self.head.size - 256 * tile)
            self.expect(len(lines) >= want, I, name, "it has fewer lines than it must")
            self.expect(len(lines) <= want, T, name, "it has more")
            for raw in lines:
                where = f"entry {len(self.leaves)}"
                found = self.attempt(where, read, raw, "log entry", "withheld entry")
                withheld = found and found[1] == "withheld entry"
                self.leaves.append(bytes.fromhex(found[0]["leaf"]) if withheld else sha(b"\0", raw))
                if withheld: self.reasons[len(self.leaves) - 1] = found[0]["reason"]
                self.withheld += bool(withheld)
                if found and not withheld: self.entry(where, found[0], ids)
        self.expect(len(self.leaves) == self.head.size and root_of(self.leaves) == self.head.root, T, "log",
            "the root is not the signed one")
        first = self.entries[:1]
        self.expect(first and first[0][0] == "entry 0" and first[0][1]["act"] == "roster", I, "entry 0", "it is no roster")
        opened = [e for _, e in self.entries if e["act"] == "opened"]
        self.expect(opened, I, "log", "no entry says that the case was opened")
        self.expect(len(opened) < 2, T, "log", "the case was opened twice")
        for e in opened: self.expect(e.get("details", {}).get("number") == self.number, T, "log", "the case has another number")
        if not self.cover: return
        self.count(self.withheld, "withheld_entries", T, I)
        self.expect(self.requests, I, "log", "no entry asks for this bundle")
        if not self.asked: return
        exhibits, entries, together, _, size = self.asked
        reasons, done = {r for _, _, r in exhibits}, 0
        for i, reason in self.reasons.items():
            asked, named = reason_for(entries, i), reason_for(together, i) is not None
            good = reason == asked if asked else reason in reasons
            self.expect(good and (asked or named or i >= size), T, f"entry {i}", "it is withheld and nobody asked for that")
            done += bool(good and (asked or named))
        self.expect(done == count_in(entries) + count_in(together), T, "log", "not all is withheld that should be")

    def count(self, found, name, fewer, more):
        self.expect(found >= self.cover[name], fewer, name, "there are fewer than announced")
        self.expect(found <= self.cover[name], more, name, "there are more than announced")

    def entry(self, where, e, ids):
        def expect(condition, what): self.expect(condition, T, where, what)
        expect(e["case"] == self.case, "it is of another case"); expect(e["id"] not in ids, "its id is there twice")
        ids.add(e["id"]); self.entries.append((where, e))
        act, details, known = e["act"], e.get("details", {}), self.about.setdefault(e.get("item"), {})
        if act in ("received", "sealed", "quarantined"):
            fields = "exhibit", "sha256", "length", "name"
            expect("item" in e and (act == "quarantined" or all(f in e for f in fields[:3])), "it does not say which exhibit")
            expect((act == "received") != ("received" in known), "received twice, or not before this")
            if act == "sealed":
                expect(all(e.get(f) == known.get("received", e).get(f) for f in fields), "sealed is not what was received")
                if "seal_sha256" in details:
                    known["seal"] = details["seal_sha256"]
                    expect(fits(known["seal"], "digest"), "its seal_sha256 is no digest")
            known.setdefault(act, e)
        known.setdefault("any", e)
        if act == "disclosure-requested" and self.cover and details.get("disclosure") == self.cover["id"]:
            self.requests += 1
            if self.requests > 1: return expect(False, "the bundle was asked for twice")
            expect("service" not in e["actor"] and (e["actor"]["id"], e.get("purpose", ""), details.get("title", ""),
                   details.get("recipient", "")) == tuple(self.cover[f] for f in ("by", "purpose", "title", "recipient")),
                   "another disclosure was asked for")
            self.asked = self.attempt(where, asked_in, details)
            if self.asked: expect(self.asked[4] <= len(self.leaves) - 1, "it speaks of entries that were not there")

    def acts(self):
        for _, e in self.entries:
            if e["act"] == "key":
                try: old, new = introduced(e.get("details", {}))
                except Bad: continue
                if old.id in self.keys and self.keys[old.id].written == old.written: self.keys[new.id] = new
        for where, e in self.entries: self.attempt(where, self.act, e)

    def act(self, e):
        """Section 5.3, "who may sign what"."""
        need("signature" in e, M, "it is not signed")
        s, actor, details = e["signature"], e["actor"], e.get("details", {})
        need(("service" in actor) == actor["id"].startswith("service:"), T, "machine and person take each other's name")
        need("service" in actor or e["act"] not in MACHINE, T, "a person did what only the machine does")
        if e["act"] == "key":
            old, new = introduced(details)
            need(("service" in actor) if old.role != "person" else ("service" not in actor and actor["id"] == old.person), T,
                "it introduces another's key")
            if old.written in self.given.get(old.person, ()): self.introductions.add(new.written)
        if "service" in actor:
            key = self.keys.get(s["key"])
            need(key and key.role == "worker", U, "signed with no trusted key of the worker")
        else:
            key = next((k for person in self.given.values() for k in person.values() if k.id == s["key"]), None)
            need(key, U, "signed with a key that no roster gave")
            need(key.person == actor["id"], T, "signed by somebody else")
        sig, path = unbase64(s["sig"]), [bytes.fromhex(h) for h in s.get("path", [])]
        size, index = s.get("size", 1), s.get("index", 0)
        alone = "size" not in s and not index and not path
        need(len(sig) == 64 and (alone or 2 <= size <= 256 and index < size), M, "its signature is not whole")
        root = root_by_path(sha(b"\0", encode({k: v for k, v in e.items() if k != "signature"})), index, size, path)
        need(root, T, "its path has another length")
        need(good(key.public, f"sealcase/entries/v1\n{size}\n{base64.b64encode(root).decode()}\n".encode(), sig), T,
            "its signature is not good")
        if e["act"] == "roster": self.roster(details)

    def roster(self, details):
        people = [(p["id"], [Key(k) for k in p.get("keys", [])]) for p in read(details.get("people", "").encode(), "[person]")[0]]
        need(all(k.role == "person" and k.person == who for who, keys in people for k in keys), M,
            "a roster gives somebody another's key")
        agency = [Key(k).role for k in details["keys"].split(" ")] if "keys" in details else []
        need(all(role in ("log", "seal", "worker") for role in agency), M, "a roster names no keys of the agency")
        for who, keys in people:
            first = not self.given.get(who)
            for k in [k for k in keys if k.agency == self.agency]:
                mine = self.given.setdefault(who, {})
                need(k.written in mine or first or k.written in self.introductions, T,
                    "a roster gives a further key that nobody introduced")
                mine[k.written] = k

    def signature(self):
        signers = self.attempt("custody/checkpoint.note", self.head.signers, self.keys) or []
        self.expect({k.id for k in signers} <= self.listed, I, "custody/keys.vkey", "a key is missing")
        self.expect(self.head.origin.endswith("/case/" + self.case), T, "custody/checkpoint.note", "it is of another case")
        if self.cover:
            head = {"log_origin": self.head.origin, "log_size": self.head.size, "log_root": self.head.root.hex()}
            self.expect(all(self.cover[f] == v for f, v in head.items()), T, "case/disclosure.json", "it names another head")

    def earlier(self):
        name, last, sizes = "custody/earlier.jsonl", (-2**53, ""), {}
        if self.cover["earlier"] if self.cover else name in self.place:
            self.expected.append(name)
            self.expect(name in self.place, I, name, "it is missing")
        lines = self.lines(name) if name in self.expected else []
        if self.cover: self.count(len(lines), "earlier", I, T)
        for raw in lines: last = self.attempt(name, self.earlier_line, raw, last, sizes) or last
        disclosed = [e.get("details", {}) for _, e in self.entries if e["act"] == "disclosed"]
        for d in disclosed:
            size = sizes.get(d.get("disclosure"))
            self.expect(size, I, name, "an earlier disclosure is missing")
            self.expect(not size or d.get("log_size") == str(size), T, name, "its size is another")
        silent = sizes.keys() - {d.get("disclosure") for d in disclosed}
        self.expect(len(silent) <= self.withheld, T, name, "there are more lines than entries")

    def earlier_line(self, raw, last, sizes):
        line = read(raw, "earlier")[0]
        place = line["size"], line["disclosure"]
        need(place > last and place[1] not in sizes and place[1] != (self.cover or {}).get("id"), M, "its order is another")
        sizes[place[1]] = place[0]
        note = Note(line["checkpoint"].encode())
        self.attempt("custody/earlier.jsonl", note.signers, self.keys)
        need(note.origin == self.head.origin and note.size == place[0] and 1 <= note.size <= len(self.leaves), T,
            "it is of another log or size")
        need(root_of(self.leaves[:note.size]) == note.root, T, "this log does not continue the earlier one")
        return place

    def items(self):
        """Seals, evidence, completeness, and that the members are those that must be there, in their order."""
        name, number, seen, matched, self.total = "case/items.jsonl", 0, set(), 0, 0
        count = {"disclosed": 0, "quarantined": 0, "withheld": 0}
        self.expected.append(name)
        self.expect(name in self.place, I, name, "it is missing")
        for raw in self.lines(name):
            found = self.attempt(name, read, raw, "disclosed", "quarantined", "withheld")
            if not found: continue
            line, kind = found
            it = line.get("item", line)
            where, count[kind] = f"E-{it['exhibit']:05}", count[kind] + 1
            self.expect(it["exhibit"] > number, T, where, "its number is not higher than the one before")
            self.expect(it["exhibit"] <= number + 1, I, where, "an exhibit before it is not listed")
            self.expect(it["id"] not in seen, T, where, "it is listed twice")
            number, known = it["exhibit"], self.about.get(it["id"], {})
            asked = reason_for(self.asked[0], number) if self.asked else None
            matched += asked is not None
            if self.asked: self.expect(line.get("withheld") == asked if asked else kind != "withheld", T, where,
                "what is withheld is not what should be")
            seen.add(it["id"])
            if kind == "withheld": self.expect(not known, M, where, "it is withheld, and an entry about it is shown")
            else: self.item(where, it, line, kind, known)
        if self.asked and name in self.place:
            self.expect(matched >= count_in(self.asked[0]), I, name, "an exhibit that should be withheld is not listed")
            there = sum(count.values()) - self.asked[3]
            self.expect(not there, I if there < 0 else T, name, "there were more exhibits or fewer when somebody asked")
        self.expect(count["withheld"] <= self.withheld, T, name, "more exhibits are withheld than entries")
        for item, known in self.about.items():
            self.expect("received" not in known or item in seen, I, name, f"{item} is not listed")
        self.expected += ["manifest-sha256.txt", "tagmanifest-sha256.txt"]
        for n in self.expected[-2:]: self.expect(n in self.place, I, n, "it is missing")
        unlisted = () if name in self.place else ("custody/seals/", "data/")  # what the missing list would name
        for n in self.place: self.expect(n in self.expected or n.startswith(unlisted), M, n, "it should not be there")
        self.expect([n for n in self.place if n in self.expected] == [n for n in self.expected if n in self.place], M,
            "members", "the order is another")
        if self.cover and not unlisted:
            self.count(count["disclosed"], "items", I, T)
            self.count(count["quarantined"] + count["withheld"], "withheld", I, T)
            self.expect(count["disclosed"] != self.cover["items"] or self.total == self.cover["bytes"], T, name,
                "the number of bytes is another")

    def item(self, where, it, line, kind, known):
        received = known.get("received", {})
        self.expect(it["case"] == self.case, T, where, "it is of another case")
        self.expect(it["state"] == {"disclosed": "sealed", "quarantined": "quarantined"}[kind], I, where, "its state is another")
        self.expect(all(it[f] == received.get(f) for f in ("sha256", "length", "exhibit", "name")), T, where,
            "it is not what was received")
        if kind == "quarantined":
            self.expect("quarantined" in known, T, where, "the log does not say that it is quarantined")
            return
        self.total += it["length"]
        self.expect("sealed" in known, I, where, "the log does not say that it was sealed")
        self.expect("quarantined" not in known, T, where, "the log says that it is quarantined")
        seal, member = f"custody/seals/{where}.dsse.json", f"data/evidence/{where}/{safe_name(name_bytes(it['name']))}"
        self.expected += [seal, member]
        self.expect(line["member"] == member, M, where, "its member is another")
        if self.expect(member in self.place, I, where, "its bytes are missing"):
            self.expect((self.place[member][1], dict(self.members)[member]) == (it["length"], it["sha256"]), T, where,
                "its bytes are others")
        if self.expect(seal in self.place, I, where, "its seal is missing"):
            self.attempt(seal, self.seal, self.content(seal), it, known)

    def seal(self, raw, it, known):
        need(known.get("seal", hashlib.sha256(raw).hexdigest()) == hashlib.sha256(raw).hexdigest(), T,
            "it is not the seal of the log")
        envelope = read(raw, "envelope")[0]
        need(len(envelope["signatures"]) == 1 and len(raw) <= 64 << 10, M, "it has not one signature")
        payload, (signature,), media = unbase64(envelope["payload"]), envelope["signatures"], envelope["payloadType"]
        key = self.keys.get(signature["keyid"])
        need(key and key.role == "seal", U, "no key that you trust has sealed it")
        need(good(key.public, f"DSSEv1 {len(media)} {media} {len(payload)} ".encode() + payload, unbase64(signature["sig"])),
            T, "its signature is not good")
        s = read(payload, "seal")[0]
        same = all(s.get(f) == it.get(f) for f in "case exhibit intake name path length sha256 received_at received_by".split())
        same = same and (s["case_number"], s["item"], s["object"]) == (self.number, it["id"], it["data"])
        need(same and s["sealed_at"] == it.get("sealed_at", s["sealed_at"]) and it["locked_until"] >= s["locked_until"], T,
            "it says something else than the list")

    def disclosure(self):
        """The proof (section 7.1) and the register (section 7.2)."""
        proof = None
        if self.proof is not None: proof = self.attempt("proof", self.logged)
        self.expect(not self.witnesses or (proof and "register" in proof), I, "witnesses",
            "no register, so no witness has seen it")
        if proof and "register" in proof: self.attempt("register", self.registered, proof["register"], proof["checkpoint"])

    def logged(self):
        need(self.proof[-1:] == b"\n", M, "the proof is not a line")
        proof = read(self.proof[:-1], "proof")[0]
        for d in proof.get("keys", []):
            old, new = introduced(d)
            if old.id in self.keys and self.keys[old.id].written == old.written: self.keys[new.id] = new
        note, raw = Note(proof["checkpoint"].encode()), proof["entry"].encode()
        note.signers(self.keys)
        need(note.origin == self.head.origin and self.head.size <= proof["index"] < note.size, T,
            "the proof is of another log, or older")
        roots = roots_by_proof(self.head.size, note.size, [bytes.fromhex(h) for h in proof["consistency"]], self.head.root)
        self.expect(roots == (self.head.root, note.root), T, "proof", "the log of the proof does not continue that of the bundle")
        self.included(proof, note, raw)
        e = read(raw, "log entry")[0]
        self.expect(e["case"] == self.case and e["act"] == "disclosed", T, "proof", "the entry is of another case or act")
        self.attempt("proof", self.act, e)
        d, tag = e.get("details", {}), hashlib.sha256(self.content("tagmanifest-sha256.txt") or b"").hexdigest()
        self.expect((d.get("disclosure"), d.get("tagmanifest_sha256"), d.get("log_size", str(self.head.size))) ==
                    (self.base[:-1], tag, str(self.head.size)), T, "proof", "the log records another bundle")
        self.expect("bundle_sha256" not in d or d["bundle_sha256"] == file_digest(self.data), M, "proof",
            "the file is not the one that was recorded")
        return proof

    def included(self, part, note, raw):
        root = root_by_path(sha(b"\0", raw), part["index"], note.size, [bytes.fromhex(h) for h in part["inclusion"]])
        self.expect(root == note.root, T, "proof", "the entry is not in that log")

    def registered(self, part, checkpoint):
        head, head_digest = Note(checkpoint.encode()), hashlib.sha256(checkpoint.encode()).hexdigest()
        note, raw = Note(part["checkpoint"].encode()), part["entry"].encode()
        note.signers(self.keys)
        need(note.origin == head.origin.removesuffix("/case/" + self.case) + "/register" and part["index"] < note.size, T,
            "it is of another register")
        self.included(part, note, raw)
        e = read(raw, "log entry")[0]
        d = e.get("details", {})
        self.expect((e["case"], e["act"], e["actor"].get("service")) == (REGISTER, "head", True), T, "register",
            "the entry is no head")
        self.attempt("register", self.act, e)
        says = {"case": self.case, "origin": head.origin, "size": str(head.size), "root": head.root.hex()}
        self.expect(all(d.get(f) == v for f, v in says.items()) and d.get("note_sha256", head_digest) == head_digest, T,
            "register", "it is the head of another log")
        seen = 0
        for w in self.witnesses:
            for sig in [sig for name, sig in note.lines if name == w.name and sig[:4] == w.tag(name)]:
                time, seen = int.from_bytes(sig[4:12], "big"), seen + 1
                text = f"cosignature/v1\ntime {time}\n".encode() + note.text
                self.expect(time < 253402300800 and good(w.public, text, sig[12:]), T, w.name, "its cosignature is not good")
        self.expect(seen or not self.witnesses, I, "witnesses", "none of them has cosigned")

def keys_in(path, algorithm=1):
    text = path if "+" in path and not os.path.exists(path) else open(path, encoding="utf-8").read()
    return [Key(line.strip(), algorithm) for line in text.splitlines() if line.strip()]

def verify(arguments):
    options, files = {"-key": [], "-proof": [], "-witness": []}, []
    for a in (rest := iter(arguments)): options["-" + a.strip("-")].append(next(rest)) if a.startswith("-") else files.append(a)
    if len(files) != 1 or not options["-key"]: raise KeyError("usage")
    keys = [k for path in options["-key"] for k in keys_in(path)]
    witnesses = [k for path in options["-witness"] for k in keys_in(path, 4)]
    proof = open(options["-proof"][0], "rb").read() if options["-proof"] else None
    with open(files[0], "rb") as f:
        data = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) if os.path.getsize(files[0]) else b""
        v = Verifier(data, keys, proof, witnesses)
        return v.run(), v.problems

def main(arguments):
    if arguments == ["--batch"]:
        for line in sys.stdin: print(verify(shlex.split(line))[0], flush=True)
        return 0
    try: outcome, problems = verify(arguments)
    except (KeyError, StopIteration, ValueError, Bad): print(__doc__, file=sys.stderr); return 64
    except OSError as error: print(error, file=sys.stderr); return 74
    print(outcome.upper())
    for code, where, what in problems: print(f"  {code}: {ascii(where)[1:-1]}: {ascii(what)[1:-1]}")
    return EXIT[outcome]

if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
