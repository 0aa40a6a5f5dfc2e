import { expect, test, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { listen, personWith, signIn } from './people';

/** How the pages are looked at. */
const looks: Record<string, BrowserContextOptions> = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 780 } },
};

for (const [look, options] of Object.entries(looks)) {
  test(`every page is accessible, ${look}`, async ({ browser }) => {
    const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage();
    const complaints = listen(page);
    const check = async (name: string) => {
      await page.screenshot({ path: `test-results/looks/${look}-${name}.png`, fullPage: true });
      await expectAccessible(page);
    };
    await page.goto('/cases');
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await check('sign-in');
    await page.getByLabel('Login').fill('nobody');
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await check('sign-in-refused');

    await signIn(page, 'investigator');
    await expect(page.getByLabel('Loading the cases')).toBeHidden();
    await check('cases');
    await page.goto('/cases/new');
    await expect(page.getByLabel('Members')).toBeVisible();
    await check('new-case');
    await page.getByLabel('Title').fill(`Look, ${look}`);
    await page.getByRole('button', { name: 'Open the case' }).click();
    await expect(page.getByRole('heading', { name: 'Members' })).toBeVisible();
    await check('summary');
    for (const tab of ['Evidence', 'Disclosure', 'Custody']) {
      await page.getByRole('tab', { name: tab }).click();
      await expect(page.getByRole('tab', { name: tab })).toHaveAttribute('aria-selected', 'true');
      await expect(page.getByRole('tabpanel')).not.toBeEmpty();
      await check(tab.toLowerCase());
    }
    await page.goto('/keys');
    await expect(page.getByRole('region', { name: 'Keys' })).toBeVisible();
    await check('keys');
    await page.goto('/nowhere');
    await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
    await check('no-page');
    await page.goto('/cases/case-aaaaaaaaaaaaaaaaaaaaaaaaaa');
    await expect(page.getByRole('alert')).toBeVisible();
    await check('no-case');
    expect(complaints).toEqual([]);
  });

  test(`the rooms of a supervisor are accessible, ${look}`, async ({ browser }) => {
    const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage();
    const complaints = listen(page);
    const check = async (name: string) => {
      await page.screenshot({ path: `test-results/looks/${look}-${name}.png`, fullPage: true });
      await expectAccessible(page);
    };
    await signIn(page, 'supervisor');
    await page.goto('/alarms');
    await expect(page.getByRole('button', { name: 'Audit now' })).toBeVisible();
    await expect(page.getByRole('status', { name: 'Loading the alarms' })).toBeHidden();
    await check('alarms');
    await page.goto('/witnesses');
    await expect(page.getByRole('heading', { name: 'The register' })).toBeVisible();
    await expect(page.locator('[data-outsider=witness]')).toBeVisible();
    await check('witnesses');
    expect(complaints).toEqual([]);
  });
}

test('the keyboard alone signs in, skips the frame and walks the tabs', async ({ browser }) => {
  const page = await keyboardPage(browser);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();

  await page.getByRole('link', { name: 'New case' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Title').focus();
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  const summary = page.getByRole('tab', { name: 'Summary' });
  await expect(summary).toBeVisible();
  await summary.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Evidence' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/evidence$/);
});

test('an ended session leads to sign-in and back', async ({ browser }) => {
  const page = await keyboardPage(browser);
  await page.context().clearCookies();
  await page.goto('/keys');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  const { login, password } = personWith('investigator');
  await page.getByLabel('Login').fill(login);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Public keys' })).toBeVisible();
});

async function keyboardPage(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  const { login, password } = personWith('investigator');
  await page.goto('/sign-in');
  await page.getByLabel('Login').focus();
  await page.keyboard.type(login);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'My cases' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'My cases' })).toBeVisible();
  return page;
}
