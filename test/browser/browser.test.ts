import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserMissing, startBrowser } from './browser.ts';

test('a browser starts, runs a script, and closes', { skip: browserMissing }, async () => {
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent('<p id="said"></p><script>document.getElementById("said").textContent = 6 * 7</script>');
    assert.equal(await page.textContent('#said'), '42');
  } finally {
    await browser.close();
  }
});
