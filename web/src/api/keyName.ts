/** What a key of the agency is for, as its name says (package attest, RoleOf). */
export type KeyRole = 'log' | 'seal' | 'worker' | 'person';

/** The parts of a key's identifier, "name+hash". */
export interface KeyName {
  role: KeyRole;
  /** Whose it is, when it is a person's. */
  person?: string;
  /** "v1", "v2", …: which version of the key. */
  version: string;
  /** The last part of the identifier: what people compare. */
  hash: string;
}

/** Reads the identifier of a key, or its verifier key "name+hash+base64"; undefined for a key of no known role. */
export function readKeyName(id: string): KeyName | undefined {
  const [name = '', hash = ''] = id.split('+');
  const parts = name.split('/');
  const [before, last, version] = [parts.at(-3), parts.at(-2), parts.at(-1)];
  if (!before || !last || !version || !/^v[1-9]\d*$/.test(version)) return undefined;
  if (before === 'person' && parts.length > 3) return { role: 'person', person: last, version, hash };
  return isAgency(last) ? { role: last, version, hash } : undefined;
}

function isAgency(role: string): role is Exclude<KeyRole, 'person'> {
  return ['log', 'seal', 'worker'].includes(role);
}
