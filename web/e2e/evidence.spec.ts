import { expect, test, type Locator, type Page, type Request } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from './accessible';
import { folder } from './files';
import { desk } from './people';

// One case with more exhibits than two pages hold: each test goes on where the one before ended.
test.describe.configure({ mode: 'serial' });

const total = 101;
const title = `Pages ${new Date().toISOString()}`;
let casePath = '';

const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const table = (page: Page) => page.getByRole('region', { name: 'Evidence' });
const pager = (page: Page) => page.getByRole('navigation', { name: 'Pages of the evidence' });

/** The exhibits on the screen, once the label says which they are. */
async function exhibits(page: Page, label: string): Promise<number[]> {
  await expect(pager(page).getByRole('status')).toHaveText(label);
  const links = await table(page).getByRole('link', { name: /^Exhibit / }).allTextContents();
  return links.map((text) => Number(text.replace('E-', '')));
}

/** A row of the table, by exhibit. */
const row = (page: Page, exhibit: number): Locator => table(page).getByRole('row').filter({ hasText: `E-${String(exhibit).padStart(5, '0')}` });

/** The name of the exhibit in a row. Files come in side by side, so which it is differs. */
const nameIn = (of: Locator): Locator => of.getByText(/^\d{3}\.txt$/);

test('a hundred and one files come in', async ({ browser }) => {
  test.setTimeout(240_000);
  const { page, complaints } = await desk(browser, 'supervisor');
  await page.goto('/cases/new');
  await page.getByLabel('Title').fill(title);
  await page.getByRole('button', { name: 'Open the case' }).click();
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
  casePath = new URL(page.url()).pathname;
  const files = join(folder(), 'many');
  mkdirSync(files);
  for (const n of run(1, total)) writeFileSync(join(files, `${String(n).padStart(3, '0')}.txt`), String(n));
  await page.goto(`${casePath}/evidence/add`);
  await page.getByLabel('Source').fill('Synthetic');
  await page.getByLabel('Folder', { exact: true }).setInputFiles(files);
  await page.getByRole('button', { name: `Start: ${String(total)} files` }).click();
  await expect(page.locator('[data-receipt=sealed]')).toBeVisible({ timeout: 200_000 });
  expect(complaints).toEqual([]);
});

test('every exhibit is on one page of the table, in order, forwards and back', async ({ browser }) => {
  const { page, complaints } = await desk(browser, 'supervisor');
  await page.goto(`${casePath}/evidence`);
  const pages: [string, number[]][] = [[`1–50 of ${String(total)}`, run(1, 50)], [`51–100 of ${String(total)}`, run(51, 100)], [`101–101 of ${String(total)}`, [101]]];
  for (const [label, want] of pages) {
    expect(await exhibits(page, label)).toEqual(want);
    const next = pager(page).getByRole('button', { name: 'Next' });
    if (want.includes(total)) await expect(next).toBeDisabled();
    else await next.click();
  }
  await expectAccessible(page);
  for (const [label, want] of pages.toReversed()) {
    expect(await exhibits(page, label)).toEqual(want);
    if (!want.includes(1)) await pager(page).getByRole('button', { name: 'Previous' }).click();
  }
  await page.getByLabel('Go to exhibit number').fill('75');
  await page.getByRole('button', { name: 'Go', exact: true }).click();
  expect(await exhibits(page, `75–101 of ${String(total)}`)).toEqual(run(75, 101));
  await page.goBack();
  expect(await exhibits(page, `1–50 of ${String(total)}`)).toEqual(run(1, 50));
  expect(complaints).toEqual([]);
});

test('a row opens on a click anywhere and by keyboard, and its text can be selected', async ({ browser }) => {
  const { page, complaints } = await desk(browser, 'supervisor');
  const all = `${casePath}/evidence`;
  await page.goto(all);
  await row(page, 7).getByText('text/plain').or(row(page, 7).getByText('not identified')).click();
  await expect(page).toHaveURL(/\/evidence\/item-/);
  await page.goto(all);
  await row(page, 8).getByRole('link', { name: /^Exhibit / }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/evidence\/item-/);

  await page.goto(all);
  const name = nameIn(row(page, 9));
  await name.evaluate((cell) => { cell.scrollIntoView({ block: 'center' }); }); // at an edge, dragging scrolls
  const box = await name.boundingBox();
  if (!box) throw new Error('the name is not on the screen');
  await page.mouse.move(box.x + 1, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 30, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  expect(await page.evaluate(() => window.getSelection()?.toString())).toMatch(/^\d{1,3}\.?t?x?t?$/);
  await expect(page).toHaveURL(new RegExp(`${all}$`));
  await row(page, 10).getByRole('button', { name: /SHA-256/ }).click();
  await expect(page).toHaveURL(new RegExp(`${all}$`));

  const [tab] = await Promise.all([page.context().waitForEvent('page'), nameIn(row(page, 11)).click({ modifiers: ['ControlOrMeta'] })]);
  await expect(tab).toHaveURL(/\/evidence\/item-/);
  await tab.close();

  await page.goto('/cases');
  await page.getByRole('row').filter({ hasText: title }).getByRole('cell').first().click();
  await expect(page).toHaveURL(new RegExp(`${casePath}$`));
  expect(complaints).toEqual([]);
});

test('a page of another site puts nothing on record', async ({ browser }) => {
  const { page } = await desk(browser, 'supervisor');
  await page.goto(`${casePath}/evidence`);
  await row(page, 1).getByRole('link', { name: /^Exhibit / }).click();
  await expect(page.locator('[data-act=received]')).toBeVisible();
  const item = new URL(page.url()).pathname.split('/').pop() ?? '';
  const base = new URL(page.url()).origin;
  let asked = 0; // the browser keeps the answers from a page that they are not for
  const count = (request: Request) => { if (request.url().startsWith(`${base}/api/v1/evidence/${item}/`)) asked += 1; };
  const other = await page.context().newPage();
  other.on('requestfinished', count);
  other.on('requestfailed', count);
  // A page of the same host on another port: for browsers it is the same site.
  const sibling = base.replace(/:\d+$/, ':8099');
  await other.route(`${sibling}/**`, (route) => route.fulfill({ contentType: 'text/html', body: `<img src="${base}/api/v1/evidence/${item}/content?purpose=planted">` }));
  await other.goto(`${sibling}/planted`);
  await expect.poll(() => asked).toBe(1);
  await other.evaluate(async ([to]) => {
    await fetch(to ?? '', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"purpose":"planted"}' }).catch(() => undefined);
  }, [`${base}/api/v1/evidence/${item}/tickets`]);
  await expect.poll(() => asked).toBe(2);
  await page.reload();
  await expect(page.locator('[data-act=received]')).toBeVisible();
  await expect(page.locator('[data-act=downloaded], [data-act=viewed]')).toHaveCount(0);
});
