import { expect, test, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expectAccessible } from './accessible';
import { folder, randomFile, seizure, sha256 } from './files';
import { desk, personWith } from './people';
import { tamper } from './store';

// The main job as three people, on real servers: each test goes on where the one before ended.
test.describe.configure({ mode: 'serial' });

const title = `Main job ${new Date().toISOString()}`;
const dir = folder();
let casePath = '';
let item = '';

/** Watches how a resumed upload goes on: where its first request with bytes begins. */
function offsets(page: Page): number[] {
  const seen: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') seen.push(Number(request.headers()['upload-offset']));
  });
  return seen;
}

test('an investigator opens a case and adds an examiner and a prosecutor', async ({ browser }) => {
  const { page, complaints } = await desk(browser, 'investigator');
  await page.getByRole('link', { name: 'New case' }).first().click();
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Summary').fill('Synthetic: made by the browser test.');
  await page.getByLabel('Members').fill(personWith('examiner').login);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText(personWith('examiner').name)).toBeVisible();
  await page.getByRole('button', { name: 'Open the case' }).click();
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
  casePath = new URL(page.url()).pathname;

  await page.getByRole('button', { name: 'Add member' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Members').fill('nobody-by-this-name');
  await dialog.getByLabel('Members').press('Enter');
  await expect(dialog.getByText(/nobody-by-this-name|no such/i).first()).toBeVisible();
  await dialog.getByLabel('Members').fill(personWith('prosecutor').login);
  await dialog.getByLabel('Members').press('Enter');
  await expect(dialog.getByText(personWith('prosecutor').name)).toBeVisible();
  await dialog.getByRole('button', { name: 'Add to the case' }).click();
  await expect(dialog).toBeHidden();

  await page.getByRole('button', { name: 'To open' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('The report is confirmed');
  await page.getByRole('button', { name: 'Put on record' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByText('Under investigation.', { exact: true })).toBeVisible();
  await expectAccessible(page);
  expect(complaints).toEqual([]);
});

test('an examiner uploads a folder and gets a receipt', async ({ browser }) => {
  const { page, complaints } = await desk(browser, 'examiner');
  await page.goto(`${casePath}/evidence`);
  await page.getByRole('link', { name: 'Add evidence' }).click();
  await page.getByLabel('Source').fill('Laptop seized at the office');
  await page.getByLabel('Authority').fill('Warrant 26-mj-1123');
  await page.getByLabel('Folder', { exact: true }).setInputFiles(seizure(dir));
  await expect(page.getByText('1 file has zero bytes')).toBeVisible();
  await expect(page.getByText('invoice\\u{202e}fdp.exe')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Start: 3 files' }).click();
  await expect(page.locator('[data-receipt=sealed]')).toBeVisible({ timeout: 60_000 });
  const rows = page.getByRole('region', { name: 'Exhibits of this delivery' }).getByRole('row');
  await expect(rows).toHaveCount(4);
  await expect(rows.getByText('Sealed')).toHaveCount(3);
  await expect(page.getByText(sha256(join(dir, 'seized', 'session.txt')))).toBeVisible();
  await expect(page.getByText('empty file')).toBeVisible();
  await expectAccessible(page);
  expect(complaints).toEqual([]);
});

test('an upload that a reload broke off goes on where it was', async ({ browser }) => {
  test.setTimeout(240_000);
  const { page, complaints } = await desk(browser, 'examiner');
  page.on('dialog', (dialog) => void dialog.accept());
  const image = randomFile(dir, 'disk.img', 160);
  await page.goto(`${casePath}/evidence/add`);
  await page.getByLabel('Source').fill('Image of a disk');
  await page.getByLabel('Files', { exact: true }).setInputFiles(image);
  const network = await page.context().newCDPSession(page);
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 16 << 20 });
  const first = page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok(), { timeout: 90_000 });
  await page.getByRole('button', { name: 'Start: 1 file' }).click();
  await first;
  await page.reload();

  await page.goto(`${casePath}/evidence`);
  await expect(page.getByText('A delivery was interrupted')).toBeVisible();
  await expectAccessible(page);
  const seen = offsets(page);
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await page.getByRole('link', { name: 'Carry on' }).click();
  await expect(page.getByText('Choose the same files or folder again')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Files', { exact: true }).setInputFiles(image);
  await expect(page.locator('[data-receipt=sealed]')).toBeVisible({ timeout: 120_000 });
  expect(seen[0]).toBeGreaterThanOrEqual(64 << 20);
  await expect(page.getByText(sha256(image))).toBeVisible();
  await page.goto(`${casePath}/evidence`);
  await expect(page.getByRole('region', { name: 'Evidence' }).getByText('disk.img')).toHaveCount(1);
  expect(complaints).toEqual([]);
});

test('an item shows its custody, and verifies green', async ({ browser }) => {
  const { page, complaints } = await desk(browser, 'examiner');
  await page.goto(`${casePath}/evidence`);
  const row = page.getByRole('row').filter({ hasText: 'session.txt' });
  await row.getByRole('link').first().click();
  item = new URL(page.url()).pathname.split('/').pop() ?? '';
  await expect(page.locator('[data-act=received]')).toBeVisible();
  await expect(page.locator('[data-act=sealed]')).toBeVisible();
  await expect(page.locator('[data-act=analysed]')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('203.0.113.77')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Verify now' }).click();
  await expect(page.locator('[data-verification=ok]')).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('[data-act=verified]')).toBeVisible();
  await expectAccessible(page);

  // The examiner signed the receipt with a key of their own, the worker what the machine did.
  await expect(page.locator('[data-act=sealed] [data-signed-by=worker]')).toBeVisible();
  await page.locator('[data-act=received] [data-signed-by=self]').click();
  await expect(page.getByRole('dialog', { name: 'Signature' }).getByText(/\/person\/[^/]+\/v1\+[0-9a-f]{8}$/)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Signature' })).toBeHidden();

  await page.getByRole('button', { name: 'Download', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Purpose').fill('Examination');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Put on record and download' }).click();
  expect(sha256(await (await download).path())).toBe(sha256(join(dir, 'seized', 'session.txt')));
  await expect(page.locator('[data-act=downloaded]')).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a prosecutor exports a bundle that verifies offline', async ({ browser }) => {
  test.setTimeout(300_000);
  const { page, complaints } = await desk(browser, 'prosecutor');
  await page.goto(`${casePath}/disclosure`);
  await page.getByRole('link', { name: 'Export a bundle' }).click();
  await page.getByRole('row').filter({ hasText: 'empty.log' }).getByRole('checkbox').uncheck();
  await expect(page.getByRole('button', { name: 'Next', exact: true })).toBeDisabled();
  await page.getByRole('row').filter({ hasText: 'empty.log' }).getByRole('textbox').fill('Not relevant');
  await expect(page.getByText(/\d+ entries go with it: .*received and locked/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  const entries = page.getByRole('region', { name: 'Entries of the log' }).getByRole('row');
  await expect(entries.filter({ hasText: 'Case opened' }).getByRole('checkbox')).toBeDisabled();
  await expect(entries.filter({ hasText: 'goes with its exhibit: Not relevant' }).first()).toBeVisible();
  await entries.filter({ hasText: 'Downloaded' }).getByRole('checkbox').uncheck();
  await expect(page.getByRole('button', { name: 'Next', exact: true })).toBeDisabled();
  await entries.filter({ hasText: 'Downloaded' }).getByRole('textbox').fill('Names an informant');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByLabel('Title').fill('First disclosure');
  await page.getByLabel('Recipient').fill('Counsel for the defence');
  await page.getByLabel('Purpose').fill('Rule 16');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await expect(page.getByText(/empty\.log.*Not relevant/)).toBeVisible();
  await expect(page.getByText(/entry \d+, downloaded by .*: Names an informant/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Make the bundle' }).click();
  await expect(page.getByText('How to verify')).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page);

  const save = async (name: RegExp, as: string, role: 'link' | 'button' = 'link') => {
    const download = page.waitForEvent('download');
    await page.getByRole('main').getByRole(role, { name }).click();
    const path = join(dir, as);
    await (await download).saveAs(path);
    return path;
  };
  const bundle = await save(/Download the bundle/, 'bundle.zip', 'button');
  const keys = await save(/^Public keys$/, 'agency.vkey');
  await expect(page.locator('[data-registered=witnessed]')).toBeVisible({ timeout: 150_000 });
  await expectAccessible(page);
  const proof = await save(/^Proof$/, 'bundle.proof');
  await expect(page.getByText(sha256(bundle))).toBeVisible();
  const report = execFileSync('go', ['run', './cmd/sealcase-verify', '-key', keys, '-proof', proof, bundle], { cwd: join(import.meta.dirname, '..', '..'), encoding: 'utf8' });
  expect(report).toContain('Names an informant');
  expect(complaints).toEqual([]);
});

test('a tampered item verifies red, and says what differs', async ({ browser }) => {
  const { page, complaints } = await desk(browser, 'prosecutor');
  const { item: { data } } = await (await page.request.get(`/api/v1/evidence/${item}`)).json() as { item: { data: { bucket: string; key: string } } };
  tamper(data.bucket, data.key);
  await page.goto(`${casePath}/evidence/${item}`);
  await page.getByRole('button', { name: 'Verify now' }).click();
  const outcome = page.locator('[data-verification=failed]');
  await expect(outcome).toBeVisible({ timeout: 60_000 });
  await expect(outcome.getByRole('listitem').first()).not.toBeEmpty();
  await expect(page.getByText('Verified: differs').first()).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${casePath}/custody`);
  const log = page.getByRole('region', { name: 'Log' });
  await expect(log.getByText('Verified: differs')).toBeVisible();
  await expect(log.locator('[data-signed-by=self]').first()).toBeVisible();
  await expect(log.locator('[data-signed-by=nobody], [data-signed-by=stranger]')).toHaveCount(0);
  await expect(log.getByRole('row').filter({ hasText: 'People and keys' }).last()).toContainText(personWith('investigator').name);
  await expectAccessible(page);
  expect(complaints).toEqual([]);
});
