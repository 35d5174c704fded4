#!/usr/bin/env node
// The `waybill` command. Installed from the registry it is the build; in the repository the sources, which need no build.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

if (import.meta.url.includes('/node_modules/')) await import('../dist/cli.js')
else {
  const sources = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
  const flags = ['--conditions=waybill-source', '--disable-warning=ExperimentalWarning']
  const { status } = spawnSync(process.execPath, [...flags, sources, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exitCode = status ?? 1
}
