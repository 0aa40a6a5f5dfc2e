import { expect, test, type BrowserContextOptions, type Page } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expectAccessible } from './accessible';

// The page verify.html as it lies in a bundle: opened from a file, without a server.
const root = join(import.meta.dirname, '..', '..');
const address = pathToFileURL(join(root, 'cmd', 'sealcase-verify', 'page', 'dist', 'verify.html')).href;
const golden = (name: string) => join(root, 'evidence', 'bundle', 'testdata', `golden.${name}`);

/** Opens the page and collects every address that it asks for beside itself. */
async function open(page: Page): Promise<string[]> {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => asked.push(`error: ${error.message}`));
  page.on('console', (message) => asked.push(`console: ${message.text()}`));
  await page.goto(address);
  return asked;
}

/** Only the page itself, and the worker that it makes out of its own text. */
function expectNoNetwork(asked: string[]) {
  expect(asked.filter((url) => url !== address && !url.startsWith('blob:'))).toEqual([]);
}

async function check(page: Page, bundle: string) {
  await page.getByLabel('1. The bundle').setInputFiles(bundle);
  await page.getByLabel('File with the agency’s public keys').setInputFiles(golden('vkey'));
  await page.getByRole('button', { name: 'Check the bundle' }).click();
}

const looks: Record<string, BrowserContextOptions> = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 780 } },
};

for (const [look, options] of Object.entries(looks)) {
  test(`a good bundle is found good without a network, ${look}`, async ({ browser }) => {
    const page = await (await browser.newContext(options)).newPage();
    const asked = await open(page);
    await page.screenshot({ path: `test-results/looks/${look}-verify-form.png`, fullPage: true });
    await expectAccessible(page);
    await page.getByLabel('3. The proof of disclosure').setInputFiles(golden('proof.json'));
    await page.getByText('4. Keys of witnesses').click();
    await page.getByLabel('Keys of witnesses whom you trust').fill(readFileSync(golden('witness'), 'utf8'));
    await check(page, golden('zip'));
    await expect(page.getByRole('heading', { name: 'Nothing was changed' })).toBeFocused();
    await expect(page.getByRole('row', { name: /passed disclosure 1/ })).toBeVisible();
    await expect(page.getByRole('row', { name: /witness witness\.example/ })).toBeVisible();
    await page.screenshot({ path: `test-results/looks/${look}-verify-ok.png`, fullPage: true });
    await expectAccessible(page);
    expectNoNetwork(asked);
  });
}

test('the timeline follows an exhibit, and shows hostile names as text', async ({ page }) => {
  const asked = await open(page);
  await check(page, golden('zip'));
  await page.getByRole('button', { name: '2026-0007/E-00003' }).click();
  const entries = page.locator('ol.timeline > li');
  await expect(entries.filter({ hasText: 'received exhibit E-00003' })).toContainText('\\u{202e}txt');
  await expect(entries.filter({ hasText: 'E-00001' })).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Show' }).selectOption('');
  await page.getByRole('searchbox', { name: 'Find' }).fill('informant');
  await expect(entries).toHaveCount(2); // the withheld one, and the request that asked for it with this reason
  await expect(entries.filter({ hasText: 'Withheld. Identity of an informant' })).toHaveCount(1);
  expectNoNetwork(asked);
});

test('a changed bundle is found changed, and says where', async ({ page }, info) => {
  const bytes = readFileSync(golden('zip'));
  const at = bytes.indexOf('enumerate the payroll');
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const tampered = info.outputPath('tampered.zip');
  writeFileSync(tampered, bytes);
  const asked = await open(page);
  await check(page, tampered);
  await expect(page.getByRole('heading', { name: 'Something was changed' })).toBeVisible();
  await expect(page.locator('#verdict-text')).toContainText('TAMPERED: something is not what was signed');
  await expect(page.getByRole('listitem').filter({ hasText: 'data/evidence/E-00001/notes_of_the_agent.md' }).first()).toBeVisible();
  await expect(page.getByText('nothing below is proven')).toBeVisible();
  await expectAccessible(page);
  expectNoNetwork(asked);
});

test('the keys in the bundle are offered for comparison, and prove nothing', async ({ page }) => {
  await open(page);
  await page.getByLabel('1. The bundle').setInputFiles(golden('zip'));
  await page.getByRole('button', { name: 'Check the bundle' }).click();
  await expect(page.getByRole('alert')).toContainText('Give the agency’s public keys');
  await page.getByText('I have no keys').click();
  await page.getByRole('button', { name: 'Show the keys in the bundle' }).click();
  await expect(page.locator('#inside-list li').first()).toContainText('agency.example/log/v1+');
  await expect(page.getByLabel('2. The agency’s public keys')).toHaveValue('');
  await page.getByLabel('Check with the keys in the bundle').check();
  await page.getByRole('button', { name: 'Check the bundle' }).click();
  await expect(page.getByRole('heading', { name: 'The bundle agrees with itself' })).toBeVisible();
});
