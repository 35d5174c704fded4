import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of a Firefox on this machine, from `FIREFOX_PATH`, the PATH, or where installers put it. */
export function findFirefox(): string | undefined {
  const { FIREFOX_PATH, PATH = '', PROGRAMFILES = 'C:\\Program Files' } = process.env
  const onPath = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
  const installed = [
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    join(PROGRAMFILES, 'Mozilla Firefox', 'firefox.exe'),
  ]
  return [...(FIREFOX_PATH ? [FIREFOX_PATH] : []), ...onPath, ...installed].find((file) => existsSync(file))
}

const NAMES: readonly string[] = ['firefox-esr', 'firefox', 'firefox.exe']
