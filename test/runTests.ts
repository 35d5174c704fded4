import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findChromium } from './findChromium.ts'

/** `npm test [-- FILTER …]`: gets a Chromium where it can, then runs every test, or those whose file name holds a filter. */
const root = join(import.meta.dirname, '..')
const filters = process.argv.slice(2)
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

/** Whether tests can run in a real browser; without one they fail on a build server, and are left out, loudly, elsewhere. */
function hasChromium(): boolean {
  if (findChromium()) return true
  if (process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    console.log('Chromium is missing; installing it with apt-get …')
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'] as const,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }
    spawnSync('apt-get', ['update'], { ...quiet, stdio: [...quiet.stdio] })
    spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
      ...quiet,
      stdio: [...quiet.stdio],
    })
    if (findChromium()) return true
  }
  console.error(
    '\n[waybill] No Chromium or Chrome was found, so every test that needs a browser is LEFT OUT. Install one (Debian, Ubuntu: ' +
      'sudo apt-get install chromium; macOS: brew install --cask google-chrome), or name it in CHROMIUM_PATH, and run npm test again.\n',
  )
  if (process.env['CI'] === 'true') process.exit(1)
  return false
}
