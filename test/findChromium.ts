import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of a Chromium or Chrome on this machine, from `CHROMIUM_PATH`, the PATH, or where installers put it. */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH, PATH = '', PROGRAMFILES = 'C:\\Program Files' } = process.env
  const onPath = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
  const installed = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    join(PROGRAMFILES, 'Google', 'Chrome', 'Application', 'chrome.exe'),
  ]
  return [...(CHROMIUM_PATH ? [CHROMIUM_PATH] : []), ...onPath, ...installed].find((file) => existsSync(file))
}

const NAMES: readonly string[] = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe']
