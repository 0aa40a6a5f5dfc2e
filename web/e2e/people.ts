import { expect, type Browser, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';

interface Login { login: string; password: string; name: string; roles: string[] }

/** The people of the station under test: a JSON file that the harness names. */
function people(): Login[] {
  const file = process.env.SEALCASE_PEOPLE;
  if (!file) throw new Error('SEALCASE_PEOPLE must name the JSON file with the logins of the station under test');
  return JSON.parse(readFileSync(file, 'utf8')) as Login[];
}

/** Somebody who holds a role. */
export function personWith(role: string): Login {
  const found = people().find(({ roles }) => roles.includes(role));
  if (!found) throw new Error(`nobody in SEALCASE_PEOPLE is ${role}`);
  return found;
}

/** Signs somebody in as they would: by the page. */
export async function signIn(page: Page, role: string): Promise<Login> {
  const person = personWith(role);
  await page.goto('/sign-in');
  await page.getByLabel('Login').fill(person.login);
  await page.getByRole('textbox', { name: 'Password' }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'My cases' })).toBeVisible();
  return person;
}

/** A page of somebody's own browser, which fails the test on what a browser complains of. */
export async function desk(browser: Browser, role: string): Promise<{ page: Page; complaints: string[]; person: Login }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints = listen(page);
  const person = await signIn(page, role);
  return { page, complaints, person };
}

/** Collects errors of the page and violations of its policy. Answers with a status are none. */
export function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  return complaints;
}
