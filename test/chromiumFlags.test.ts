import { chromium } from 'playwright'
import { expect, test } from 'vitest'
import { CHROMIUM_FLAGS } from './chromiumFlags.ts'
import { findChromium } from './findChromium.ts'

test('our list of what Chromium does without has everything of Playwright’s, which it takes the place of', async () => {
  const executablePath = findChromium()
  const server = await chromium.launchServer({ ...(executablePath && { executablePath }), args: [...CHROMIUM_FLAGS] })
  const flags = server.process().spawnargs.filter((each) => each.startsWith('--disable-features='))
  await server.close()
  const [playwright, own] = flags.map((each) => each.replace('--disable-features=', '').split(','))
  expect(flags).toHaveLength(2)
  expect(own).toEqual(expect.arrayContaining(playwright ?? []))
})
