import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findChromium } from './findChromium.ts'
import { findFirefox } from './findFirefox.ts'
import { findTesseract } from './photograph/findTesseract.ts'

/** `npm test [-- FILTER …]`: gets the programs that tests need where it can, then runs every test, or those whose file name holds a filter. */
const root = join(import.meta.dirname, '..')
const filters = process.argv.slice(2)

install(findChromium, 'Chromium', ['chromium', 'fonts-dejavu-core', 'fonts-liberation', 'fonts-roboto-unhinted'])
install(findFirefox, 'Firefox', ['firefox-esr', 'fonts-dejavu-core'])
install(findTesseract, 'Tesseract', ['tesseract-ocr', 'fonts-dejavu-core', 'fonts-liberation', 'fonts-roboto-unhinted'])
const browsers = {
  chromium: isHere(findChromium, 'Chromium or Chrome', {
    leftOut: 'every test that needs a browser is LEFT OUT',
    remedy: 'Debian, Ubuntu: sudo apt-get install chromium; macOS: brew install --cask google-chrome',
    variable: 'CHROMIUM_PATH',
  }),
  firefox: isHere(findFirefox, 'Firefox', {
    leftOut: 'what is tested in two browsers is tested in Chromium alone, its Firefox half is LEFT OUT',
    remedy: 'Debian: sudo apt-get install firefox-esr; macOS: brew install --cask firefox',
    variable: 'FIREFOX_PATH',
  }),
}
if (process.env['CI'] === 'true' && !(browsers.chromium && browsers.firefox)) process.exit(1)
const projects = browsers.chromium ? [] : ['--project', 'node']
const vitest = spawn(
  process.execPath,
  [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    join(root, 'test', 'vitest.config.ts'),
    ...projects,
    ...filters,
  ],
  { cwd: root, stdio: 'inherit' },
)
process.on('message', () => vitest.kill('SIGINT'))
process.on('disconnect', () => vitest.kill('SIGINT'))
vitest.on('exit', (code) => process.exit(code ?? 1))

/** Installs Debian's packages for a program that is missing, as root only; elsewhere whoever needs the program says how. */
function install(find: () => string | undefined, name: string, packages: readonly string[]): void {
  if (find() || process.platform !== 'linux' || process.getuid?.() !== 0) return
  if (spawnSync('apt-get', ['--version']).status !== 0) return
  console.log(`${name} is missing; installing it with apt-get …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** Whether a browser is here; without it what needs it is left out, loudly, and on a build server the run fails. */
function isHere(find: () => string | undefined, name: string, { leftOut, remedy, variable }: Absence): boolean {
  if (find()) return true
  console.error(
    `\n[waybill] No ${name} was found, so ${leftOut}. Install one (${remedy}), or name it in ${variable}, and run npm test again.\n`,
  )
  return false
}

interface Absence {
  readonly leftOut: string
  readonly remedy: string
  readonly variable: string
}
