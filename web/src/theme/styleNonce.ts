/**
 * The nonce that this response's policy allows for style elements. The server
 * writes it into the page (web/embed.go); "npm run dev" has none.
 */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
}
