// A second verifier of case bundles, written from FORMAT.md alone, with nothing
// but Node's standard library and no code of the first. It shows that the
// format can be checked by anybody; the tests hold the two against each other.
// It reads the whole file into memory: for large bundles use sealcase-verify.
//
//   node verify.mjs KEYS.vkey PROOF.json|- BUNDLE.zip...
//
// It prints a line of JSON a bundle; the exit code is that of the last.
import { readFileSync } from "node:fs";
import { argv, exit, stdout } from "node:process";
import {
  Report, Stop, consistent, hex, inclusionRoot, instant, isID, leafHash, nameBytes, openNote, openSeal, parse, parseKey,
  parseLine, readDirectory, rootOf, sha256, stamp, verifyText, walk,
} from "./format.mjs";

/** Bundle is one verification. */
class Bundle {
  report = new Report();
  byName = new Map();
  expected = [];

  constructor(file, trusted, proof) {
    Object.assign(this, { file, trusted, proof });
  }

  add(...problem) {
    this.report.add(...problem);
  }

  /** attempt returns what make returns; when it throws, that is malformed. */
  attempt(where, make) {
    try {
      return make();
    } catch (error) {
      this.add("malformed", where, error.message);
      return undefined;
    }
  }

  run() {
    try {
      this.container();
      this.fixity();
      this.cover();
      this.signature();
      this.log();
      this.items();
      this.members();
      if (this.proof) this.disclosure();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      if (this.report.outcome === "ok") this.add("malformed", "file", error.message);
    }
    return this.report;
  }

  container() {
    const fatal = (make) => {
      try {
        return make();
      } catch (error) {
        this.add("malformed", "file", error.message);
        throw new Stop();
      }
    };
    this.zip = fatal(() => readDirectory(this.file));
    // The time of every header is in a member: walk with it, once it is found.
    const at = /"at":"(\d{4}-\d\d-\d\dT[0-9:.]+Z)","by":"[^"]*","bytes"/.exec(this.file.toString("latin1"))?.[1];
    const when = this.zip.some((m) => m.name.endsWith("/case/disclosure.json")) && at ? stamp(at) : this.zip[0].when;
    fatal(() => walk(this.file, this.zip, when, this.report));
    this.base = `${this.zip[0].name.split("/")[0]}/`;
    for (const m of this.zip) {
      m.path = m.name.slice(this.base.length);
      if (!m.name.startsWith(this.base)) this.add("malformed", m.name, "another directory");
      else if (this.byName.has(m.path)) this.add("malformed", m.path, "twice");
      else this.byName.set(m.path, m);
    }
  }

  content(name) {
    return this.byName.get(name)?.content;
  }

  fixity() {
    const tag = "tagmanifest-sha256.txt";
    for (const [name, wanted] of [
      ["manifest-sha256.txt", (m) => m.path.startsWith("data/")],
      [tag, (m) => !m.path.startsWith("data/") && m.path !== tag],
    ]) {
      const got = this.content(name);
      const there = this.zip.filter(wanted);
      const want = there.map((m) => `${m.sum}  ${m.path}\n`).join("");
      if (!got) this.add("incomplete", name, "missing");
      else if (got.toString("latin1") !== want) this.compareManifest(name, got.toString("latin1"), there);
    }
  }

  compareManifest(name, text, there) {
    const before = this.report.problems.length;
    const listed = new Map();
    for (const line of text.split(/(?<=\n)/)) {
      const match = /^(.{64})  (.+)\n$/.exec(line);
      if (!match || listed.has(match[2])) this.add("malformed", name, "a line is not well-formed");
      else listed.set(match[2], match[1]);
    }
    for (const m of there) {
      if (!listed.has(m.path)) this.add("malformed", m.path, "not listed");
      else if (listed.get(m.path) !== m.sum) this.add("tampered", m.path, "the SHA-256 differs");
    }
    for (const path of listed.keys()) if (!there.some((m) => m.path === path)) this.add("incomplete", path, "listed and not there");
    if (this.report.problems.length === before) this.add("malformed", name, "another order");
  }

  cover() {
    const names = ["case/case.json", "case/disclosure.json"];
    this.expected.push("bagit.txt", "bag-info.txt", "VERIFY.txt", ...names, "custody/keys.vkey", "custody/checkpoint.note");
    const read = (name, shape) => this.byName.has(name) && this.attempt(name, () => parseLine(this.content(name), shape));
    let c = read(names[1], "cover");
    this.case = read(names[0], "case");
    const sound = c && c.type === "sealcase/bundle/v1" && isID("disclosure", c.id) && isID("case", c.case) && !Number.isNaN(instant(c.at));
    if (c && (!sound || !/^[ -~]{1,100}$/.test(c.generator))) {
      this.add("malformed", names[1], "not a cover");
      c = undefined;
    }
    if (!c && !this.case) throw new Stop("no case");
    this.disclosed = c;
    this.case ||= { id: c.case, number: c.case_number };
    if (!c) return;
    if (this.case.id !== c.case || this.case.number !== c.case_number) this.add("tampered", names[0], "another case");
    if (this.base !== `${c.id}/`) this.add("malformed", this.base, "another directory");
    const info = [
      `Bag-Software-Agent: ${c.generator}`, `Bagging-Date: ${c.at.slice(0, 10)}`, `External-Identifier: ${c.id}`,
      `Payload-Oxum: ${c.bytes}.${c.items}`, `Sealcase-Format: ${c.type}`, "",
    ].join("\n");
    const fixed = { "bagit.txt": hex(sha256("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")), "bag-info.txt": hex(sha256(info)), "VERIFY.txt": verifyText };
    for (const [name, sum] of Object.entries(fixed)) {
      if (this.byName.has(name) && this.byName.get(name).sum !== sum) this.add("tampered", name, "another text");
    }
  }

  signature() {
    const where = "custody/checkpoint.note";
    if (!this.byName.has(where)) {
      this.add("incomplete", where, "missing");
      throw new Stop();
    }
    this.head = openNote(this.content(where), this.trusted, this.report, where);
    if (!this.head) throw new Stop();
    if (!this.head.origin.endsWith(`/case/${this.case.id}`)) this.add("tampered", where, "another log");
    const c = this.disclosed;
    if (c && (c.log_origin !== this.head.origin || c.log_size !== this.head.size || c.log_root !== this.head.root)) {
      this.add("tampered", where, "another head than the cover's");
    }
    const shown = this.content("custody/keys.vkey")?.toString();
    if (shown === undefined) return;
    const keys = this.attempt("custody/keys.vkey", () => shown.trimEnd().split("\n").map(parseKey));
    for (const k of this.head.signers) if (keys && !keys.some((s) => s.id === k.id)) this.add("incomplete", "custody/keys.vkey", "a signer is missing");
  }

  log() {
    this.leaves = [];
    this.ids = new Set();
    this.received = new Map();
    for (let tile = 0; tile * 256 < this.head.size && tile <= this.zip.length; tile++) {
      const name = `custody/entries/${String(tile).padStart(5, "0")}.jsonl`;
      this.expected.push(name);
      const text = this.content(name);
      if (!text) continue;
      let at = 0;
      for (let to = text.indexOf(10); to >= 0; at = to + 1, to = text.indexOf(10, at)) this.entry(text.subarray(at, to));
      if (at !== text.length) this.add("malformed", name, "the last line does not end");
    }
    const whole = this.leaves.length === this.head.size && hex(rootOf(this.leaves)) === this.head.root;
    if (!whole) this.add("tampered", "custody/entries/", "these are not the entries that were signed");
    if (this.number !== undefined && this.number !== this.case.number) this.add("tampered", "case/case.json", "another number");
  }

  entry(raw) {
    const where = `entry ${this.leaves.length}`;
    this.leaves.push(leafHash(raw));
    const e = this.attempt(where, () => parse(raw, "entry"));
    if (!e) return;
    if (e.type !== "sealcase/entry/v1" || !isID("entry", e.id) || !isID("case", e.case) || e.nonce.length !== 32) {
      this.add("malformed", where, "not an entry");
      return;
    }
    if (e.case !== this.case.id || this.ids.has(e.id)) this.add("tampered", where, "another case's, or twice");
    this.ids.add(e.id);
    const seen = this.received.get(e.item);
    const same = seen && ["sha256", "length", "exhibit", "name"].every((k) => seen[k] === e[k]);
    if (e.act === "opened") this.number = e.details?.number;
    if (e.act === "received" && seen) this.add("tampered", where, "received twice");
    if (e.act === "received" && !seen) this.received.set(e.item, { ...e });
    if ((e.act === "sealed" && !same) || (e.act === "quarantined" && !seen)) this.add("tampered", where, "not as received");
    if (seen && e.act === "sealed") Object.assign(seen, { sealed: true, seal: e.details?.seal_sha256 ?? seen.seal });
    if (seen && e.act === "quarantined") seen.quarantined = true;
  }

  items() {
    const name = "case/items.jsonl";
    this.expected.push(name);
    const text = this.content(name);
    if (!text) return;
    const count = { items: 0, bytes: 0, withheld: 0 };
    let last = 0;
    if (text.length && text.at(-1) !== 10) this.add("malformed", name, "the last line does not end");
    for (const line of text.toString("utf8").split("\n").slice(0, -1)) {
      const l = this.attempt(name, () => parse(Buffer.from(line), "line"));
      const it = l && this.attempt(name, () => parse(Buffer.from(JSON.stringify(l.item)), "item"));
      if (!it) continue;
      if (it.exhibit <= last) this.add("tampered", name, "not in order");
      last = it.exhibit;
      this.item(l, count);
    }
    const c = this.disclosed;
    if (c && (count.items < c.items || count.withheld < c.withheld)) this.add("incomplete", name, "fewer than announced");
    else if (c && ["items", "bytes", "withheld"].some((k) => count[k] !== c[k])) this.add("tampered", name, "not what is announced");
    for (const r of this.received.values()) if (!r.listed) this.add("incomplete", `exhibit ${r.exhibit}`, "neither here nor withheld");
  }

  item({ item: it, member, withheld }, count) {
    const where = `E-${String(it.exhibit).padStart(5, "0")}`;
    if (it.case !== this.case.id) this.add("tampered", where, "another case's");
    if (!member === !withheld) this.add("malformed", where, "neither here nor withheld, or both");
    const seen = this.received.get(it.id);
    if (!seen || seen.listed || ["sha256", "length", "exhibit", "name"].some((k) => seen[k] !== it[k])) this.add("tampered", where, "not as received");
    if (seen) seen.listed = true;
    if (!member) {
      count.withheld++;
      return;
    }
    count.items++;
    count.bytes += it.length;
    if (seen?.quarantined) this.add("tampered", where, "quarantined");
    if (it.state !== "sealed" || (seen && !seen.sealed)) this.add("incomplete", where, "not sealed");
    const path = `data/evidence/${where}/${safeName(it.name)}`;
    if (member !== path) this.add("malformed", where, "another member");
    this.expected.push(`custody/seals/${where}.dsse.json`, path);
    this.seal(it, seen, where);
    const m = this.byName.get(path);
    if (!m) this.add("incomplete", where, "its bytes are missing");
    else if (m.length !== it.length || m.sum !== it.sha256) this.add("tampered", where, "its bytes differ");
  }

  seal(it, seen, where) {
    const m = this.byName.get(`custody/seals/${where}.dsse.json`);
    if (!m) {
      this.add("incomplete", where, "its seal is missing");
      return;
    }
    if (seen?.seal && seen.seal !== m.sum) this.add("tampered", where, "another seal than the log's");
    const s = openSeal(m.content, this.trusted, this.report, where);
    if (!s) return;
    const same = ["case", "exhibit", "intake", "name", "path", "length", "sha256", "received_at", "received_by", "sealed_at"];
    const object = JSON.stringify(s.object) === JSON.stringify(it.data);
    if (!object || s.item !== it.id || s.case_number !== this.case.number || same.some((k) => s[k] !== it[k]) || s.locked_until > it.locked_until) {
      this.add("tampered", where, "the seal says otherwise");
    }
  }

  members() {
    this.expected.push("manifest-sha256.txt", "tagmanifest-sha256.txt");
    const listed = this.byName.has("case/items.jsonl");
    const present = this.zip.map((m) => m.path);
    const missing = this.expected.filter((name) => !this.byName.has(name));
    const more = present.filter((p) => !this.expected.includes(p) && (listed || !/^(custody\/seals|data\/evidence)\//.test(p)));
    for (const name of missing) this.add("incomplete", name, "missing");
    for (const name of more) this.add("malformed", name, "one too many");
    if (!missing.length && !more.length && present.join() !== this.expected.join()) this.add("malformed", "members", "not in order");
  }

  disclosure() {
    const p = this.attempt("proof", () => parseLine(this.proof, "proof"));
    const head = p && openNote(Buffer.from(p.checkpoint), this.trusted, this.report, "proof");
    if (!head) return;
    const path = (hashes) => hashes.map((h) => Buffer.from(h, "hex"));
    const root = inclusionRoot(leafHash(Buffer.from(p.entry)), p.index, head.size, path(p.inclusion));
    const within = head.origin === this.head.origin && p.index >= this.head.size && p.index < head.size;
    const follows = consistent(this.head.size, head.size, path(p.consistency), this.head.root, head.root);
    if (!within || !follows || !root || hex(root) !== head.root) this.add("tampered", "proof", "the entry is not in that log");
    const e = this.attempt("proof", () => parse(Buffer.from(p.entry), "entry"));
    if (!e) return;
    const want = {
      disclosure: this.disclosed?.id, tagmanifest_sha256: this.byName.get("tagmanifest-sha256.txt")?.sum,
      bundle_sha256: hex(sha256(this.file)), log_size: String(this.head.size),
    };
    const d = e.details ?? {};
    if (e.act !== "disclosed" || e.case !== this.case.id) this.add("tampered", "proof", "it is about another act");
    for (const k of Object.keys(want)) {
      if (d[k] === want[k] || (!(k in d) && k !== "disclosure" && k !== "tagmanifest_sha256")) continue;
      this.add(k === "bundle_sha256" ? "malformed" : "tampered", "proof", `another ${k}`);
    }
  }
}

/** safeName is section 4.4. */
function safeName(name) {
  const raw = nameBytes(name);
  const tail = raw.subarray(Math.max(raw.lastIndexOf(47), raw.lastIndexOf(92)) + 1);
  let safe = "";
  for (let i = 0; i < tail.length; ) {
    // One character is the longest valid code point here, or one byte.
    const n = [4, 3, 2, 1].find((n) => i + n <= tail.length && isOneCharacter(tail.subarray(i, i + n))) ?? 1;
    const c = n === 1 ? String.fromCharCode(tail[i]) : "";
    safe += /^[A-Za-z0-9._-]$/.test(c) ? c : "_";
    i += n;
  }
  if (safe.length > 100) {
    const dot = safe.lastIndexOf(".");
    const ending = dot >= 0 && safe.length - dot <= 12 ? safe.slice(dot) : "";
    safe = safe.slice(0, 100 - ending.length) + ending;
  }
  return safe.replace(/^\.+/, "") || "unnamed";
}

function isOneCharacter(raw) {
  try {
    return [...new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw)].length === 1;
  } catch {
    return false;
  }
}

const [keyFile, proofFile, ...bundles] = argv.slice(2);
const trusted = readFileSync(keyFile, "utf8").split("\n").filter((l) => l.trim() && !l.startsWith("#")).map(parseKey);
const proof = proofFile === "-" ? undefined : readFileSync(proofFile);
let outcome = "ok";
for (const path of bundles) {
  const report = new Bundle(readFileSync(path), trusted, proof).run();
  outcome = report.outcome;
  stdout.write(`${JSON.stringify({ outcome, problems: report.problems.slice(0, 20) })}\n`);
}
exit({ ok: 0, tampered: 1, incomplete: 2, "untrusted-key": 3, malformed: 4 }[outcome]);
