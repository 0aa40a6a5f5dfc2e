import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { folder, randomFile } from './files';
import { desk } from './people';
import { hide, unhide } from './s3';

// An administrator of the object store hides an exhibit; an audit finds it; a supervisor takes note of it.
test.describe.configure({ mode: 'serial' });

const title = `Hidden exhibit ${new Date().toISOString()}`;
const reason = 'The storage administrator was asked; the marker is being removed';
let stored = { bucket: '', key: '' };
let marker = '';

test.afterAll(async () => {
  if (marker) await unhide(stored.bucket, stored.key, marker);
});

/** The alarms about the case of this test. */
function alarms(page: Page): Locator {
  return page.getByRole('article').filter({ hasText: title });
}

test('a supervisor has a case with a sealed exhibit, and no alarm about it', async ({ browser }) => {
  const { page, complaints } = await desk(browser, 'supervisor');
  await page.goto('/cases/new');
  await page.getByLabel('Title').fill(title);
  await page.getByRole('button', { name: 'Open the case' }).click();
  await page.getByRole('tab', { name: 'Evidence' }).click();
  await page.getByRole('link', { name: 'Add evidence' }).first().click();
  await page.getByLabel('Source').fill('Laptop seized at the office');
  await page.getByLabel('Files', { exact: true }).setInputFiles(randomFile(folder(), 'laptop.img', 1));
  await page.getByRole('button', { name: 'Start: 1 file' }).click();
  await expect(page.locator('[data-receipt=sealed]')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('link', { name: 'All evidence' }).click();
  await page.getByRole('row').filter({ hasText: 'laptop.img' }).getByRole('link').first().click();
  await expect(page.locator('[data-act=sealed]')).toBeVisible();
  const item = new URL(page.url()).pathname.split('/').pop() ?? '';
  ({ item: { data: stored } } = await (await page.request.get(`/api/v1/evidence/${item}`)).json() as { item: { data: typeof stored } });
  await page.goto('/alarms');
  await expect(alarms(page)).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('an audit finds what was hidden, and a supervisor is told on every page', async ({ browser }) => {
  test.setTimeout(240_000);
  marker = await hide(stored.bucket, stored.key);
  const { page, complaints } = await desk(browser, 'supervisor');
  await page.getByRole('link', { name: 'Alarms' }).click();
  await page.getByRole('button', { name: 'Audit now' }).click();
  await expect(page.locator('[data-audit=differs]')).toBeVisible({ timeout: 180_000 });
  const alarm = alarms(page).and(page.locator('[data-alarm=object]'));
  await expect(alarm).toHaveCount(1);
  await expect(alarm.getByRole('link', { name: 'the exhibit' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Rooms' }).getByLabel(/\d+ open/)).toBeVisible();
  await page.screenshot({ path: 'test-results/looks/light-alarm-open.png', fullPage: true });
  await expectAccessible(page);

  await alarm.getByRole('link', { name: title }).click();
  const banner = page.getByRole('region', { name: 'Open alarms' });
  await expect(banner).toBeVisible();
  await page.screenshot({ path: 'test-results/looks/light-alarm-banner.png', fullPage: true });
  await expectAccessible(page);
  await banner.getByRole('link', { name: 'See and acknowledge' }).click();
  await expect(alarm).toHaveCount(1);
  expect(complaints).toEqual([]);
});

test('others see alarms by their office, and only a supervisor can take note', async ({ browser }) => {
  const { page: auditor } = await desk(browser, 'auditor');
  await auditor.goto('/alarms');
  await expect(auditor.getByRole('article').first()).toContainText('not a member of');
  await expect(auditor.getByRole('button', { name: 'Acknowledge' })).toHaveCount(0);
  await expect(auditor.getByRole('region', { name: 'Open alarms' })).toHaveCount(0);
  await expectAccessible(auditor);
  const { page: examiner } = await desk(browser, 'examiner');
  await expect(examiner.getByRole('link', { name: 'Alarms' })).toHaveCount(0);
  await examiner.goto('/alarms');
  await expect(examiner.getByRole('alert')).toBeVisible();
  await expectAccessible(examiner);
});

test('a supervisor takes note of it, on record and signed', async ({ browser }) => {
  const { page, complaints, person } = await desk(browser, 'supervisor');
  await page.goto('/alarms');
  await alarms(page).getByRole('button', { name: 'Acknowledge' }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('signed with your own key');
  await expect(dialog.getByRole('button', { name: 'Put on record' })).toBeDisabled();
  await dialog.getByLabel('Reason').fill(reason);
  await expectAccessible(page);
  await page.screenshot({ path: 'test-results/looks/light-alarm-acknowledge.png' });
  await dialog.getByRole('button', { name: 'Put on record' }).click();
  await expect(dialog).toBeHidden();
  await expect(alarms(page).and(page.locator('[data-alarm=object]'))).toHaveCount(0);
  await page.getByText('All, with those acknowledged').click();
  const noted = alarms(page).and(page.locator('[data-alarm=object][data-open=false]'));
  await expect(noted).toContainText(reason);
  await expect(noted).toContainText(person.name);
  await page.screenshot({ path: 'test-results/looks/light-alarm-acknowledged.png', fullPage: true });
  await expectAccessible(page);
  expect(complaints).toEqual([]);
});
