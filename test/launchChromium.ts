import { chromium } from 'playwright'
import type { Browser, LaunchOptions } from 'playwright'
import { CHROMIUM_FLAGS } from './chromiumFlags.ts'
import { findChromium } from './findChromium.ts'

/** A real Chromium, with further flags of its command line if wanted. */
export function launchChromium(flags: readonly string[] = [], options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = findChromium()
  return chromium.launch({ ...options, ...(executablePath && { executablePath }), args: [...CHROMIUM_FLAGS, ...flags] })
}

/** Customers' browsers have the back/forward cache; Playwright turns it off. */
export const WITH_BACK_FORWARD_CACHE: LaunchOptions = { ignoreDefaultArgs: ['--disable-back-forward-cache'] }
