import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packPackages, run, sourceOf } from './freshApp/createFreshApp.ts'
import type { PackedPackages } from './freshApp/createFreshApp.ts'

/** What goes into browsers is installed, and rendered by servers, with older Nodes than the desk's; and by whichever package manager. */
const NODE = 'node20'
const OLD_NODES = { [NODE]: '20.19.5', ...(process.arch === 'x64' && { node12: '12.22.12' }) }
const MANAGERS = { npm: '10.9.4', pnpm: '10.34.8', yarn: '1.22.22' }
/** Each refuses a package whose `engines` do not allow this Node. */
const COMMANDS = {
  npm: ['install', '--engine-strict', '--strict-peer-deps', '--no-audit', '--no-fund'],
  pnpm: ['install', '--config.engine-strict=true', '--config.strict-peer-dependencies=true'],
  yarn: ['install', '--non-interactive', '--no-progress'],
}

const folder = mkdtempSync(join(tmpdir(), 'waybill-installs-'))
let packed: PackedPackages
beforeAll(async () => {
  packed = await packPackages(['reference', 'trail', 'browser', 'react', 'react-query'])
  const system = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const nodes = Object.entries(OLD_NODES).map(([name, version]) => [name, `npm:node-${system}@${version}`])
  const dependencies = { ...MANAGERS, ...Object.fromEntries(nodes) }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }))
  await run(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'],
    folder,
  )
}, 300_000)
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const nodeOf = (name: string): string => join(folder, 'node_modules', name, 'bin')

/** A PATH on which that old Node comes first, and the package managers. */
const path = [nodeOf(NODE), join(folder, 'node_modules', '.bin'), process.env['PATH']].join(delimiter)

describe.each(Object.keys(MANAGERS) as (keyof typeof MANAGERS)[])('with %s on Node 20', (manager) => {
  const app = join(folder, manager)

  test('everything for the browser installs, peers and engines checked', async () => {
    const { tarballs } = packed
    const libraries = { react: '^18.3.0', 'react-dom': '^18.3.0', '@tanstack/react-query': '^5.0.0', ky: '^1.14.0' }
    // Packages name one another by version, which no registry has yet.
    const instead = { npm: {}, pnpm: { pnpm: { overrides: tarballs } }, yarn: { resolutions: tarballs } }[manager]
    const dependencies = { ...tarballs, ...libraries }
    mkdirSync(app)
    const settings = { name: 'app', version: '1.0.0', private: true, type: 'module', dependencies, ...instead }
    writeFileSync(join(app, 'package.json'), JSON.stringify(settings))
    await run(manager, COMMANDS[manager], app, { PATH: path })
    const { version } = JSON.parse(readFileSync(join(app, 'node_modules', 'react', 'package.json'), 'utf8'))
    expect(version).toMatch(/^18\./)
  })

  test('it mints, knows every vector, traces nothing on a server, and renders', async () => {
    writeFileSync(join(app, 'onServer.js'), sourceOf('onServer.js'))
    const said: unknown = JSON.parse(await run('node', ['onServer.js'], app, { PATH: path }))
    expect(said).toEqual({ node: OLD_NODES[NODE], minted: 2000, wrong: [], rendered: 'Your refund was not requested.' })
  })
})

test.each(Object.entries(OLD_NODES))('on %s the waybill command says which Node it needs', (name, version) => {
  const command = join(import.meta.dirname, '..', '..', 'packages', 'desk', 'bin', 'waybill.js')
  const node = join(nodeOf(name), process.platform === 'win32' ? 'node.exe' : 'node')
  const { status, stdout, stderr } = spawnSync(node, [command, 'desk'], { encoding: 'utf8' })
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: '',
    stderr: `[waybill] The waybill command needs Node.js 22.18 or newer, and this is ${version}.\n`,
  })
})
