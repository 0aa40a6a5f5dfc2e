// The parts of FORMAT.md: canonical JSON, the zip, keys, checkpoints, seals and
// the tree. verify.mjs puts them together.
import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";

const order = ["tampered", "malformed", "untrusted-key", "incomplete", "ok"];
const verifyText = "acbc616a83d8200fe0d1398b42d9664c7bf4116388b7f063b2d8085dd32602be";
const LIMIT32 = 0xffffffff;
const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), createHash("sha256")).digest();
const hex = (bytes) => Buffer.from(bytes).toString("hex");

const crcTable = Int32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

function crc32(content) {
  let c = -1;
  for (const b of content) c = (c >>> 8) ^ crcTable[(c ^ b) & 255];
  return (c ^ -1) >>> 0;
}

/** Report collects problems; the worst is the outcome. */
class Report {
  problems = [];
  add(code, where, what) {
    this.problems.push({ code, where, what });
  }
  get outcome() {
    return order.find((code) => code === "ok" || this.problems.some((p) => p.code === code));
  }
}

/** Stop ends a verification that cannot go on. */
class Stop extends Error {}

// --- JSON (section 4)

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((k) => `${JSON.stringify(k)}:${canonical(value[k])}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error("not an integer");
  if (value === null) throw new Error("null");
  return JSON.stringify(value);
}

// shapes lists the keys of each object; "?" marks one that may be missing.
const shapes = {
  case: "id number version title summary? state time_zone opened_at opened_by at by",
  cover:
    "type id case case_number title recipient purpose by requested_at at generator items bytes withheld " +
    "log_origin log_size log_root people",
  line: "item member? withheld?",
  item:
    "id case exhibit version intake name path? length sha256 state media_type? custodian received_at received_by " +
    "modified_at? data seal? sealed_at? locked_until observed_sha256? at",
  entry: "type id case act at actor item? exhibit? name? sha256? length? purpose? authority? tool? details? nonce",
  envelope: "payload payloadType signatures",
  statement:
    "type case case_number item exhibit intake name path? length sha256 authority? received_at received_by object " +
    "locked_until sealed_at",
  proof: "type entry index checkpoint inclusion consistency",
};

function parse(bytes, shape) {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const value = JSON.parse(text);
  if (canonical(value) !== text) throw new Error("not canonical");
  const allowed = shapes[shape].split(" ");
  for (const key of Object.keys(value)) {
    if (!allowed.includes(key) && !allowed.includes(`${key}?`)) throw new Error(`unknown key ${key}`);
  }
  for (const key of allowed) if (!key.endsWith("?") && !(key in value)) throw new Error(`no ${key}`);
  return value;
}

/** line parses a member that is one line. */
function parseLine(bytes, shape) {
  if (bytes.at(-1) !== 10) throw new Error("the line does not end");
  return parse(bytes.subarray(0, -1), shape);
}

const isID = (kind, s) => typeof s === "string" && new RegExp(`^${kind}-[a-z2-7]{26}$`).test(s);
const instant = (s) => (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(s) ? Date.parse(s) : NaN);
const nameBytes = (s) => (s.startsWith("base64:") ? Buffer.from(s.slice(7), "base64") : Buffer.from(s));

// --- zip (section 2)

const u16 = (n) => Buffer.from([n & 255, (n >> 8) & 255]);
const u32 = (n) => {
  const b = Buffer.alloc(4);
  b.writeUInt32LE(n >>> 0);
  return b;
};
const u64 = (n) => {
  const b = Buffer.alloc(8);
  b.writeBigUInt64LE(BigInt(n));
  return b;
};
const bytes = (text) => Buffer.from(text.replaceAll(" ", ""), "hex");

function stamp(at) {
  const d = new Date(at);
  const time = (d.getUTCHours() << 11) | (d.getUTCMinutes() << 5) | (d.getUTCSeconds() >> 1);
  const date = ((d.getUTCFullYear() - 1980) << 9) | ((d.getUTCMonth() + 1) << 5) | d.getUTCDate();
  return Buffer.concat([u16(time), u16(date)]);
}

const large = (m) => m.length >= LIMIT32;

function localHeader(m, when) {
  const size = u32(large(m) ? LIMIT32 : 0);
  return Buffer.concat([
    bytes("50 4b 03 04 2d 00 08 08 00 00"), when, u32(0), size, size, u16(m.name.length), u16(large(m) ? 20 : 0),
    Buffer.from(m.name), large(m) ? Buffer.concat([bytes("01 00 10 00"), Buffer.alloc(16)]) : Buffer.alloc(0),
  ]);
}

function descriptor(m) {
  const size = large(m) ? u64(m.length) : u32(m.length);
  return Buffer.concat([bytes("50 4b 07 08"), u32(m.crc), size, size]);
}

function centralRecord(m, when) {
  const far = m.offset >= LIMIT32;
  const values = [...(large(m) ? [u64(m.length), u64(m.length)] : []), ...(far ? [u64(m.offset)] : [])];
  const extra = values.length ? Buffer.concat([bytes("01 00"), u16(8 * values.length), ...values]) : Buffer.alloc(0);
  const size = u32(large(m) ? LIMIT32 : m.length);
  return Buffer.concat([
    bytes("50 4b 01 02 2d 03 2d 00 08 08 00 00"), when, u32(m.crc), size, size, u16(m.name.length), u16(extra.length),
    Buffer.alloc(6), bytes("00 00 24 81"), u32(far ? LIMIT32 : m.offset), Buffer.from(m.name), extra,
  ]);
}

function end(count, start, size) {
  const parts = [];
  if (count >= 0xffff || start >= LIMIT32 || size >= LIMIT32) {
    parts.push(bytes("50 4b 06 06"), u64(44), bytes("2d 03 2d 00"), Buffer.alloc(8), u64(count), u64(count), u64(size), u64(start));
    parts.push(bytes("50 4b 06 07"), u32(0), u64(start + size), u32(1));
  }
  const n = u16(Math.min(count, 0xffff));
  parts.push(bytes("50 4b 05 06"), Buffer.alloc(4), n, n, u32(Math.min(size, LIMIT32)), u32(Math.min(start, LIMIT32)), u16(0));
  return Buffer.concat(parts);
}

/** readDirectory returns the members that the central directory claims. */
function readDirectory(file) {
  const tail = file.length - 22;
  if (tail < 0 || file.readUInt32LE(tail) !== 0x06054b50) throw new Stop("the file does not end as a zip");
  let [count, size, start] = [file.readUInt16LE(tail + 10), file.readUInt32LE(tail + 12), file.readUInt32LE(tail + 16)];
  if (count === 0xffff || size === LIMIT32 || start === LIMIT32) {
    if (tail < 76) throw new Stop("no zip64 end");
    [count, size, start] = [32, 40, 48].map((at) => Number(file.readBigUInt64LE(tail - 76 + at)));
  }
  if (start + size > tail || count === 0) throw new Stop("no directory");
  const members = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > start + size || file.readUInt32LE(at) !== 0x02014b50) throw new Stop("not a record");
    const [nameLength, extraLength] = [file.readUInt16LE(at + 28), file.readUInt16LE(at + 30)];
    const name = file.toString("latin1", at + 46, at + 46 + nameLength);
    if (!/^[A-Za-z0-9._\/-]{1,255}$/.test(name)) throw new Stop("not a name");
    let length = file.readUInt32LE(at + 24);
    if (length === LIMIT32 && extraLength >= 20) length = Number(file.readBigUInt64LE(at + 46 + nameLength + 4));
    members.push({ name, length, crc: file.readUInt32LE(at + 16), when: file.subarray(at + 12, at + 16) });
    at += 46 + nameLength + extraLength;
  }
  if (at !== start + size) throw new Stop("more records than announced");
  return members;
}

/** walk compares every byte of the frame, and hashes the contents. */
function walk(file, members, when, report) {
  let at = 0;
  const compare = (want, where) => {
    const got = file.subarray(at, at + want.length);
    at += want.length;
    if (got.equals(want)) return true;
    report.add("malformed", where, `the frame differs before offset ${at}`);
    return false;
  };
  for (const m of members) {
    m.offset = at;
    const header = localHeader(m, when);
    if (!compare(header, m.name)) {
      const got = file.subarray(m.offset, at);
      const same = (from, to) => got.subarray(from, to).equals(header.subarray(from, to));
      if (!same(0, 4) || !same(26, header.length)) throw new Stop("another member");
    }
    if (at + m.length > file.length) throw new Stop("cut off");
    m.content = file.subarray(at, at + m.length);
    at += m.length;
    m.sum = hex(sha256(m.content));
    const claimed = m.crc;
    m.crc = crc32(m.content);
    if (m.crc !== claimed && file.subarray(at, at + (large(m) ? 24 : 16)).equals(descriptor({ ...m, crc: claimed }))) {
      report.add("tampered", m.name, "the CRC-32 differs");
      m.crc = claimed;
    }
    compare(descriptor(m), m.name);
  }
  const start = at;
  for (const m of members) compare(centralRecord(m, when), m.name);
  compare(end(members.length, start, at - start), "end");
  if (at !== file.length) report.add("malformed", "end", "bytes follow");
}

// --- signatures (section 5)

function parseKey(line) {
  const [, name, hash, body] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(line) ?? [, "", "", ""];
  const raw = Buffer.from(body, "base64");
  if (raw.length !== 33 || raw[0] !== 1 || keyHash(name, raw.subarray(1)) !== hash) throw new Error("not a key");
  return { name, id: `${name}+${hash}`, raw: raw.subarray(1) };
}

function keyHash(name, raw) {
  return hex(sha256(name, Buffer.from([10, 1]), raw).subarray(0, 4));
}

function good(key, message, signature) {
  const spki = Buffer.concat([bytes("302a300506032b6570032100"), key.raw]);
  return verifySignature(null, message, createPublicKey({ key: spki, format: "der", type: "spki" }), signature);
}

/** keysFor leaves out the keys that their names set aside for something else. */
function keysFor(role, keys) {
  return keys.filter((k) => {
    const match = /\/(log|seal)\/v[0-9]+$/.exec(k.name);
    return !match || match[1] === role;
  });
}

/** openNote returns the checkpoint and reports who did not sign it. */
function openNote(note, trusted, report, where) {
  const text = note.toString();
  const match = /^((\S+)\n(\d+)\n([A-Za-z0-9+\/]{43}=)\n)\n((?:\u2014 \S+ \S+\n)+)$/.exec(text);
  if (!match) {
    report.add("malformed", where, "not a checkpoint");
    return undefined;
  }
  const [, body, origin, size, root, lines] = match;
  const signers = [];
  for (const line of lines.trimEnd().split("\n")) {
    const [, name, base64] = line.split(" ");
    const raw = Buffer.from(base64, "base64");
    for (const key of keysFor("log", trusted)) {
      if (name !== origin || hex(raw.subarray(0, 4)) !== keyHash(origin, key.raw)) continue;
      if (good(key, Buffer.from(body), raw.subarray(4))) signers.push(key);
      else report.add("tampered", where, "a signature is not good");
    }
  }
  if (signers.length === 0 && !report.problems.some((p) => p.where === where)) {
    report.add("untrusted-key", where, "no trusted key signed it");
  }
  return { origin, size: Number(size), root: hex(Buffer.from(root, "base64")), signers };
}

/** openSeal returns the statement of a seal. */
function openSeal(envelope, trusted, report, where) {
  let statement;
  try {
    const e = parse(envelope, "envelope");
    const payload = Buffer.from(e.payload, "base64");
    if (e.payloadType !== "application/vnd.sealcase.seal+json" || e.signatures.length !== 1) throw new Error("another envelope");
    const key = keysFor("seal", trusted).find((k) => k.id === e.signatures[0].keyid);
    if (!key) {
      report.add("untrusted-key", where, "the seal is by a key that is not trusted");
      return undefined;
    }
    const pae = Buffer.from(`DSSEv1 ${e.payloadType.length} ${e.payloadType} ${payload.length} ${payload}`);
    if (!good(key, pae, Buffer.from(e.signatures[0].sig, "base64"))) {
      report.add("tampered", where, "the seal's signature is not good");
      return undefined;
    }
    statement = parse(payload, "statement");
  } catch (error) {
    report.add("malformed", where, `not a seal: ${error.message}`);
  }
  return statement;
}

// --- the tree (section 5.1)

const leafHash = (entry) => sha256(Buffer.from([0]), entry);
const nodeHash = (l, r) => sha256(Buffer.from([1]), l, r);

function rootOf(leaves) {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

/** inclusionRoot returns the root that an audit path leads to (RFC 9162 section 2.1.3.2). */
function inclusionRoot(leaf, index, size, path) {
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const p of path) {
    if (sn === 0) return undefined;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else r = nodeHash(r, p);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? r : undefined;
}

/** consistent checks a consistency proof (RFC 9162 section 2.1.4.2). */
function consistent(first, second, path, oldRoot, newRoot) {
  if (first === second) return path.length === 0 && oldRoot === newRoot;
  if (first === 0) return path.length === 0;
  const full = Number.isInteger(Math.log2(first)) ? [Buffer.from(oldRoot, "hex"), ...path] : path;
  if (full.length === 0) return false;
  let [fn, sn] = [first - 1, second - 1];
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  let [fr, sr] = [full[0], full[0]];
  for (const c of full.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [nodeHash(c, fr), nodeHash(c, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else sr = nodeHash(sr, c);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && hex(fr) === oldRoot && hex(sr) === newRoot;
}

export { Report, Stop, canonical, consistent, hex, inclusionRoot, instant, isID, leafHash, nameBytes, openNote, openSeal };
export { parse, parseKey, parseLine, readDirectory, rootOf, sha256, stamp, verifyText, walk };
