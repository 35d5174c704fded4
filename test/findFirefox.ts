import { join } from 'node:path'
import { findProgram, PROGRAM_FILES } from './findProgram.ts'
import type { Machine } from './findProgram.ts'

/** The path of a Firefox, from `FIREFOX_PATH`, the PATH, or where installers put it. */
export function findFirefox(machine?: Machine): string | undefined {
  return findProgram(FIREFOX, machine)
}

const FIREFOX = {
  names: ['firefox-esr', 'firefox', 'firefox.exe'],
  variable: 'FIREFOX_PATH',
  installed: [
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    join(PROGRAM_FILES, 'Mozilla Firefox', 'firefox.exe'),
  ],
}
