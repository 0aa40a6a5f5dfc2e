import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible';
import { folder, randomFile } from './files';
import { desk } from './people';
import { sealVault, unsealVault } from './vault';

test('what was typed outlasts a sealed Vault, and nothing happens that is not on record', async ({ browser }) => {
  test.setTimeout(240_000);
  const { page, complaints } = await desk(browser, 'supervisor');
  await page.goto('/cases/new');
  await page.getByLabel('Title').fill('Under a sealed Vault');
  await page.getByRole('button', { name: 'Open the case' }).click();
  await page.getByRole('tab', { name: 'Evidence' }).click();
  await page.getByRole('link', { name: 'Add evidence' }).first().click();
  await page.getByLabel('Source').fill('A stick');
  await page.getByLabel('Files', { exact: true }).setInputFiles(randomFile(folder(), 'stick.img', 1));
  await page.getByRole('button', { name: 'Start: 1 file' }).click();
  await expect(page.locator('[data-receipt=sealed]')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('link', { name: 'All evidence' }).click();
  await page.getByRole('row').filter({ hasText: 'stick.img' }).getByRole('link').first().click();
  const purpose = page.getByRole('dialog').getByLabel('Purpose');
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  await purpose.fill('A purpose that took long to write');

  await sealVault();
  try {
    await page.getByRole('button', { name: 'Put on record and download' }).click();
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Vault is sealed');
    await expect(purpose).toHaveValue('A purpose that took long to write');
    await expectAccessible(page);
    await page.screenshot({ path: 'test-results/looks/light-vault-sealed.png', fullPage: true });
    await page.getByRole('button', { name: 'Cancel' }).click();

    await page.getByRole('tab', { name: 'Summary' }).click();
    await page.getByRole('button', { name: 'To open' }).click();
    const reason = page.getByRole('dialog').getByLabel('Reason');
    await reason.fill('A reason that took long to write');
    await page.getByRole('button', { name: 'Put on record' }).click();
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Vault is sealed');
    await expect(reason).toHaveValue('A reason that took long to write');

    await unsealVault(page);
    await page.getByRole('button', { name: 'Put on record' }).click();
    await expect(page.getByRole('dialog')).toBeHidden({ timeout: 60_000 });
    await expect(page.getByText('Under investigation.', { exact: true })).toBeVisible();
  } finally {
    await unsealVault(page);
  }
  expect(complaints).toEqual([]);
});
