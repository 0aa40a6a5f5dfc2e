import { setNonce } from 'get-nonce';

/**
 * The nonce that this response's policy allows for style elements. The server
 * writes it into the page (web/embed.go); "npm run dev" has none.
 */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
}

/** Hands the nonce to what the component kit's dialogues use to hold the page still behind them. */
export function shareStyleNonce(): void {
  const nonce = styleNonce();
  if (nonce) setNonce(nonce);
}
