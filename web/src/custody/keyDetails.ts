import { readKeyName, type KeyRole } from '../api/keyName';
import type { DetailLine } from './details';

/** Somebody as a roster names them (attest.Listed). */
interface Listed { id: string; name: string; roles?: string[]; keys?: string[] }

const purposes: Record<KeyRole, string> = {
  log: 'signs the heads of logs', seal: 'signs seals', worker: 'signs acts of the machine', person: 'signs one person\'s acts',
};

/** What a roster says: who people are, and with which keys they and the agency sign. */
export function rosterLines(details: Record<string, string>): DetailLine[] {
  const people = readPeople(details.people ?? '');
  if (!people) return [{ label: 'People', text: details.people ?? '' }];
  const agency = (details.keys ?? '').split(' ').filter(Boolean);
  return [
    ...people.map(({ name, roles, keys }) => ({
      label: name,
      text: [roles?.join(', '), keys?.length ? `key ${keys.map(shortKey).join(', ')}` : 'no key before the first sign-in'].filter(Boolean).join(' · '),
    })),
    ...agency.map((key) => ({ label: 'The agency\'s key', text: describeKey(key) })),
    ...people.flatMap(({ name, keys = [] }) => keys.map((key) => ({ label: `${name}, key in full`, text: key, plumbing: true }))),
    ...agency.map((key) => ({ label: 'Key in full', text: key, plumbing: true })),
  ];
}

/** What a key entry says: which version ends, which begins, and that each vouches for the other. */
export function keyLines({ old = '', new: next = '', old_sig: oldSig = '', new_sig: newSig = '' }: Record<string, string>): DetailLine[] {
  const first = old === next;
  return [
    { label: first ? 'First key' : 'From now on', text: describeKey(next) },
    ...(first ? [] : [{ label: 'Until now', text: describeKey(old) }, { label: 'Vouched for', text: 'the old key signed the new one, and the new one the old' }]),
    ...(first ? [] : [{ label: 'Old key', text: old, plumbing: true }]),
    { label: 'New key', text: next, plumbing: true },
    { label: 'Signature by the old key', text: oldSig, plumbing: true },
    { label: 'Signature by the new key', text: newSig, plumbing: true },
  ];
}

/** A key in a few words: "v2 0a1b2c3d, signs seals". */
export function describeKey(key: string): string {
  const name = readKeyName(key);
  return name ? `${name.version} ${name.hash}, ${purposes[name.role]}` : key;
}

function shortKey(key: string): string {
  return readKeyName(key)?.hash ?? key;
}

function readPeople(text: string): Listed[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every(isListed) ? list : undefined;
  } catch {
    return undefined;
  }
}

function isListed(value: unknown): value is Listed {
  return typeof value === 'object' && value !== null && 'id' in value && 'name' in value && typeof value.name === 'string';
}
