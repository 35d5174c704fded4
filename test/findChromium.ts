import { join } from 'node:path'
import { findProgram, PROGRAM_FILES } from './findProgram.ts'
import type { Machine } from './findProgram.ts'

/** The path of a Chromium or Chrome, from `CHROMIUM_PATH`, the PATH, or where installers put it. */
export function findChromium(machine?: Machine): string | undefined {
  return findProgram(CHROMIUM, machine)
}

const CHROMIUM = {
  names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe'],
  variable: 'CHROMIUM_PATH',
  installed: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    join(PROGRAM_FILES, 'Google', 'Chrome', 'Application', 'chrome.exe'),
  ],
}
