import { expect, test, type BrowserContextOptions, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { desk, listen, personWith, signIn } from './people';

// A supervisor seals a case by order; a member asks for it to be unsealed; the supervisor confirms it; who is no member sees nothing of it.

const looks: Record<string, BrowserContextOptions> = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 780 } },
};

/** Opens a dialog by its button, gives the reason, and puts it on record. */
async function put(page: Page, button: string, reason: string, look?: (dialog: string) => Promise<void>) {
  await page.getByRole('button', { name: button }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(reason);
  await look?.(button);
  await dialog.getByRole('button', { name: 'Put on record' }).click();
  await expect(dialog).toBeHidden();
}

for (const [look, options] of Object.entries(looks)) {
  test(`a case is sealed by order and unsealed by two people, ${look}`, async ({ browser }) => {
    const title = `Informant, ${look} ${new Date().toISOString()}`;
    const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage();
    const complaints = listen(page);
    const check = async (name: string) => {
      await page.screenshot({ path: `test-results/looks/${look}-class-${name}.png`, fullPage: true });
      await expectAccessible(page);
    };
    await signIn(page, 'supervisor');
    await page.goto('/cases/new');
    await page.getByLabel('Title').fill(title);
    await page.getByRole('radio', { name: 'Sealed by order' }).check();
    await expect(page.getByRole('button', { name: 'Open the case' })).toBeDisabled();
    await page.getByRole('textbox', { name: 'Order' }).fill('Order 26-mc-7');
    await page.getByLabel('Members').fill(personWith('investigator').login);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByLabel('Chosen members')).toBeVisible();
    await check('new');
    await page.getByRole('button', { name: 'Open the case' }).click();
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
    await expect(page.locator('[data-class=sealed]').first()).toHaveText('Sealed by order');
    await expect(page.getByRole('button', { name: 'Add member' })).toBeVisible();
    await check('sealed');
    const { pathname } = new URL(page.url());

    const { page: examiner } = await desk(browser, 'examiner');
    await expect(examiner.getByText(title)).toHaveCount(0);
    await examiner.goto(pathname);
    await expect(examiner.getByRole('alert')).toBeVisible();
    await expect(examiner.getByText(title)).toHaveCount(0);

    const { page: investigator, person } = await desk(browser, 'investigator');
    await expect(investigator.getByRole('row').filter({ hasText: title })).toContainText('Sealed by order');
    await investigator.goto(pathname);
    await expect(investigator.getByRole('region', { name: 'Class of the case' })).toBeVisible();
    await expect(investigator.getByRole('button', { name: 'Add member' })).toHaveCount(0);
    await put(investigator, 'Ask to unseal to ordinary', 'Charges were filed');
    await expect(investigator.locator('[data-class-request=ordinary]')).toContainText('Charges were filed');
    await expect(investigator.locator('[data-class=sealed]').first()).toBeVisible();

    await expect(page.locator('[data-class-request=ordinary]')).toContainText(`${person.name} asks for it to become ordinary`); // by itself
    await check('asked');
    await put(page, 'Confirm: unseal to ordinary', 'The order was lifted', async () => {
      await expect(page.getByRole('dialog')).toContainText('You are the second person');
      await check('confirm');
    });
    await expect(page.locator('[data-class=ordinary]').first()).toBeVisible();
    await expect(investigator.getByRole('button', { name: 'Add member' })).toBeVisible();
    await put(page, 'Make restricted', 'A leak', async () => { await check('restrict'); });
    await expect(page.locator('[data-class=restricted]').first()).toBeVisible();
    await page.goto('/cases');
    await expect(page.getByRole('row').filter({ hasText: title })).toContainText('Restricted');
    await check('list');
    await page.goto(`${pathname}/custody`);
    await expect(page.getByRole('tabpanel').getByText('Class changed')).toHaveCount(2);
    await check('custody');
    expect(complaints).toEqual([]);
  });
}
