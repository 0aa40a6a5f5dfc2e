import { readKeyName } from '../api/keyName';
import type { Entry } from '../api/types';

/** Who signed an entry, as the entry itself says. */
export type SignedBy = 'self' | 'worker' | 'stranger' | 'nobody';

/** What is shown of an entry's signature. */
export interface SignatureLook {
  by: SignedBy;
  /** In a few words. */
  label: string;
  /** What that means, in a sentence. */
  meaning: string;
  /** The identifier of the key; empty when nobody signed. */
  key: string;
}

/**
 * Who signed an entry. The pages only read what the entry says: whether the
 * signature is good is checked by the server before it answers, and by every
 * verifier of a bundle.
 */
export function signatureOf({ actor, signature }: Pick<Entry, 'actor' | 'signature'>): SignatureLook {
  if (!signature) return { by: 'nobody', label: 'not signed', meaning: 'The entry carries no signature: a verifier refuses it.', key: '' };
  const { key, size = 1 } = signature;
  const name = readKeyName(key);
  const hash = name?.hash ?? key;
  if (actor.service && name?.role === 'worker') {
    return {
      by: 'worker', key, label: size > 1 ? `worker, batch of ${size.toLocaleString('en')}` : `worker ${hash}`,
      meaning: `Signed with the worker's key${size > 1 ? `, together with ${(size - 1).toLocaleString('en')} more acts of the machine` : ''}.`,
    };
  }
  if (!actor.service && name?.person === actor.id) {
    return { by: 'self', key, label: `own key ${hash}`, meaning: `Signed with ${actor.name}'s own key, which only their own sign-in can use. No program can sign in their place.` };
  }
  return { by: 'stranger', key, label: `another's key ${hash}`, meaning: `Signed with a key that is not ${actor.service ? "the worker's" : `${actor.name}'s`} by its name: a verifier refuses it.` };
}
