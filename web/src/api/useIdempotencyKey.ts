import { useState } from 'react';

/**
 * A key that stays the same while a form does: sending the same again, after
 * an answer was lost, creates nothing twice; a changed form is a new request.
 */
export function useIdempotencyKey(form: unknown): string {
  const text = JSON.stringify(form);
  const [held, hold] = useState(() => ({ text, key: newKey() }));
  if (held.text === text) return held.key;
  const fresh = { text, key: newKey() };
  hold(fresh);
  return fresh.key;
}

/** A fresh key of 128 random bits. */
export function newKey(): string {
  // randomUUID exists in secure contexts only; getRandomValues everywhere.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
