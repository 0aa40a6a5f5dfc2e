import { expect, type Page } from '@playwright/test';
import { keptAddress, keptJSON } from './station';

interface Keys { keys_base64: string[]; root_token: string }

/** Seals the station's Vault, as an alarmed keeper would. */
export async function sealVault(): Promise<void> {
  await put('seal', {}, keptJSON<Keys>('vault', 'keys.json').root_token);
}

/** Unseals it, and waits until the program notices. */
export async function unsealVault(page: Page): Promise<void> {
  for (const key of keptJSON<Keys>('vault', 'keys.json').keys_base64) await put('unseal', { key });
  await expect(async () => { expect((await page.request.get('/readyz')).ok()).toBe(true); }).toPass({ timeout: 60_000 });
}

async function put(what: string, body: object, token?: string): Promise<void> {
  const address = process.env.SEALCASE_VAULT_ADDR ?? `http://${keptAddress('vault')}`;
  const response = await fetch(`${address}/v1/sys/${what}`, { method: 'PUT', body: JSON.stringify(body), headers: token ? { 'X-Vault-Token': token } : {} });
  if (!response.ok) throw new Error(`${what}: ${String(response.status)} ${await response.text()}`);
}
