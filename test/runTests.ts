import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findChromium } from './findChromium.ts'
import { findTesseract } from './photograph/findTesseract.ts'

/** `npm test [-- FILTER …]`: gets the programs that tests need where it can, then runs every test, or those whose file name holds a filter. */
const root = join(import.meta.dirname, '..')
const filters = process.argv.slice(2)

install(findChromium, 'Chromium', ['chromium', 'fonts-dejavu-core', 'fonts-liberation', 'fonts-roboto-unhinted'])
install(findTesseract, 'Tesseract', ['tesseract-ocr', 'fonts-dejavu-core', 'fonts-liberation', 'fonts-roboto-unhinted'])
const projects = hasChromium() ? [] : ['--project', 'node']
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

/** Whether tests can run in a real browser; without one they fail on a build server, and are left out, loudly, elsewhere. */
function hasChromium(): boolean {
  if (findChromium()) return true
  console.error(
    '\n[waybill] No Chromium or Chrome was found, so every test that needs a browser is LEFT OUT. Install one (Debian, Ubuntu: ' +
      'sudo apt-get install chromium; macOS: brew install --cask google-chrome), or name it in CHROMIUM_PATH, and run npm test again.\n',
  )
  if (process.env['CI'] === 'true') process.exit(1)
  return false
}
