import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findChromium } from './findChromium.ts'
import { absenceOf, missingNeeds } from './needs.ts'
import type { Need } from './needs.ts'

/** `npm test [-- FILTER …]`: gets what tests need where it can, then runs every test, or those whose file name holds a filter. */
const root = join(import.meta.dirname, '..')
const filters = process.argv.slice(2)

install(missingNeeds())
const missing = missingNeeds()
for (const need of missing) console.error(`\n${absenceOf(need)}`)
if (process.env['CI'] === 'true' && missing.length > 0) {
  const names = missing.map(({ name }) => name).join(', ')
  console.error(`\n[waybill] With CI=true nothing is left out, so no test was run for want of: ${names}.`)
  process.exit(1)
}
const projects = findChromium() ? [] : ['--project', 'node']
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

/** Installs Debian's packages for what is missing and nothing else, as root only; each by itself, for some systems lack one. */
function install(needs: readonly Need[]): void {
  if (needs.length === 0 || process.platform !== 'linux' || process.getuid?.() !== 0) return
  if (spawnSync('apt-get', ['--version']).status !== 0) return
  aptGet('update')
  for (const { name, debianPackage } of needs) {
    console.log(`${name} was not found; installing ${debianPackage} with apt-get …`)
    aptGet('install', '--yes', '--no-install-recommends', debianPackage)
  }
}

/** What it prints of a fault is shown. Another apt-get may be at work; it is waited for. */
function aptGet(...args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
}
