import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Signet, SignetOptions } from '../../src/index.ts';
import { useSignet } from '../support/signet.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export interface Console {
  readonly signet: Signet;
  /** A window of its own, at this place behind #; what its page complains of fails the test. */
  readonly open: (place?: string, options?: BrowserContextOptions) => Promise<Page>;
  /** What pages have complained of so far, where a test has made them. */
  readonly takeComplaints: () => readonly string[];
}

/** Starts Signet, and a browser for the file's tests. */
export async function useConsole(options: SignetOptions = {}): Promise<Console> {
  if (!existsSync(executablePath))
    throw new Error(`There is no ${executablePath} (Debian: apt-get install chromium); CHROMIUM may name another.`);
  const signet = await useSignet(options);
  let browser: Browser;
  const complaints: string[] = [];
  const takeComplaints = () => complaints.splice(0);
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(takeComplaints(), 'complaints of the browser').toEqual([]);
  });

  return {
    signet,
    takeComplaints,
    open: async (place = '/keys', more) => {
      const context = await browser.newContext({
        baseURL: signet.url,
        viewport: { width: 1280, height: 900 },
        ...more,
      });
      context.setDefaultTimeout(15_000);
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      const page = await context.newPage();
      page.on('console', (message) => {
        // That an answer was a refusal is no fault of the page.
        const isRefusal =
          /^Failed to load resource: (?:the server responded with a status of|net::ERR_CONTENT_LENGTH_MISMATCH)/.test(
            message.text(),
          );
        if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (new URL(request.url()).origin !== signet.url && !request.url().startsWith('blob:'))
          complaints.push(`asks elsewhere: ${request.url()}`);
      });
      await page.goto(`/console/#${place}`);
      return page;
    },
  };
}

/** What the page has copied. */
export const copied = (page: Page): Promise<string> => page.evaluate('navigator.clipboard.readText()');

export const hasFocus = async (page: Page, element: Locator): Promise<boolean> =>
  (await element.and(page.locator(':focus')).count()) > 0;

/** Goes to an element as those do who have no mouse. */
export async function tabTo(page: Page, element: Locator): Promise<void> {
  await element.waitFor();
  for (let presses = 0; presses < 100; presses += 1) {
    if (await hasFocus(page, element)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${element.toString()}`);
}
