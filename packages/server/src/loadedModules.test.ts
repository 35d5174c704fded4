import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly 'waybill-source': string }>>
}

const root = join(import.meta.dirname, '..')
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
const subpaths = Object.keys(exports).filter((subpath) => existsSync(join(root, exports[subpath]!['waybill-source'])))

/** What carries our own work. */
const OWN = ['@waybill/reference', '@waybill/server', '@waybill/trail', 'nanoid']
/** And what a hop cannot do without. */
const OF_HOPS: Readonly<Record<string, readonly string[]>> = {
  './channels': ['on-headers'],
  './express': ['on-headers'],
  './fastify': ['on-headers'],
  './hono': ['on-headers'],
  './koa': ['on-headers'],
  './node': ['on-headers'],
  './otel': ['@opentelemetry/api'],
}

/** Prints the package of each module that an import loads, by either of node's systems of modules. */
const PROGRAM = `
  import { registerHooks } from 'node:module'
  const loaded = new Set()
  registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context) } })
  await import(process.argv[1])
  console.log(JSON.stringify([...loaded]))
`

test.each(subpaths)('importing %s loads the library of no other hop', (subpath) => {
  const name = join('@waybill/server', subpath)
  const options = ['--conditions=waybill-source', '--input-type=module', '--eval', PROGRAM, name]
  const urls: string[] = JSON.parse(execFileSync(process.execPath, options, { cwd: root, encoding: 'utf8' }))
  const files = urls.filter((url) => url.startsWith('file:') && !url.includes('[eval'))
  const packages = new Set(files.map((url) => /^.*\/(?:node_modules|packages)\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]))
  const known = [...packages].map((each) => (OWN.includes(`@waybill/${each}`) ? `@waybill/${each}` : each))
  expect(known).toContain('@waybill/server')
  expect(known.filter((each) => each && ![...OWN, ...(OF_HOPS[subpath] ?? [])].includes(each))).toEqual([])
})
