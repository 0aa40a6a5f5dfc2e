import { defineConfig } from '@playwright/test';
import { findChromium } from './e2e/chromium';

/** Where the real program runs; "go run ./deploy/local test" sets it. */
const baseURL = process.env.SEALCASE_URL ?? 'http://127.0.0.1:8480';

const { executablePath, env, args } = await findChromium();

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // The people of the main job work on one case, one after the other.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  use: {
    baseURL,
    locale: 'en-GB',
    timezoneId: 'Europe/Zurich',
    acceptDownloads: true,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: { executablePath, env, args },
  },
});
