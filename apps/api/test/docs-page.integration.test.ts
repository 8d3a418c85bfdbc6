import { expect, it } from '@jest/globals';
import { chromium } from 'playwright-core';
import { requiredService, startApi } from './start-api.ts';

it('the page at /docs shows every area, and loads nothing from elsewhere', async () => {
  await using api = await startApi();
  const browser = await chromium.launch({
    executablePath: requiredService('TEST_CHROMIUM'),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const page = await browser.newPage();
    const requested: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${api.url}/docs`);
    await page.getByText('Store an object').first().waitFor();

    await page.getByText('Create a bucket').first().click();

    await page.getByText('Bucket name taken').first().waitFor();
    expect(requested.filter((url) => !url.startsWith(api.url) && !url.startsWith('data:'))).toEqual([]);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});
