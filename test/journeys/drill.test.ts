import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DRILL_ENVIRONMENT, startDrilledSystem } from '../../packages/desk/fixtures/drilledSystem/startDrilledSystem.ts'
import { findChromium } from '../findChromium.ts'
import { startDemo } from './startDemo.ts'

const root = join(import.meta.dirname, '..', '..')
const executable = findChromium()

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-drill-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** As somebody runs it from a checkout; gives the report. */
async function drill(url: string, config: string, environment: Readonly<Record<string, string>>): Promise<Report> {
  const file = join(folder, 'waybill-drill.json')
  await writeFile(file, config)
  const browser = executable === undefined ? [] : ['--browser', executable]
  const args = [join('packages', 'desk', 'bin', 'waybill.js'), 'drill', url, '--config', file, '--json', ...browser]
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root, env: { ...process.env, ...environment } }, (error, out, errors) => {
      if (out === '') reject(new Error(errors))
      else resolve({ code: error ? Number(error.code) : 0, ...JSON.parse(out) })
    })
  })
}

interface Report {
  readonly code: number
  readonly reference: string
  readonly findings: readonly { readonly name: string; readonly verdict: string; readonly detail: string }[]
}

function verdicts({ findings }: Report): Record<string, string> {
  return Object.fromEntries(
    findings.map(({ name, verdict, detail }) => [name, verdict === 'present' ? verdict : `${verdict}: ${detail}`]),
  )
}

test('a click in a real browser is drilled: what its screen shows, and every hop behind it', async () => {
  await using good = await startDrilledSystem()
  const action = {
    browser: { click: 'Request refund', shown: '[data-waybill-reference]', keep: { DRILL_REFUND: 'refund.id' } },
  }
  const well = await drill(good.url, JSON.stringify({ ...good.config, action }), DRILL_ENVIRONMENT)
  expect(new Set(Object.values(verdicts(well)))).toEqual(new Set(['present']))
  expect(well.code).toBe(0)

  await using bad = await startDrilledSystem(['shown id is another', 'free text only'])
  const ill = await drill(bad.url, JSON.stringify({ ...bad.config, action }), DRILL_ENVIRONMENT)
  expect(ill.findings.filter(({ verdict }) => verdict !== 'present')).toMatchObject([
    { name: 'screen', verdict: 'changed' },
    { name: 'worker log', verdict: 'text-only' },
  ])
  expect(ill.code).toBe(1)
})

test('the demo’s own drill finds the reference of a refund whose model stalls in every place', async () => {
  const demo = await startDemo()
  try {
    const config = (await readFile(join(root, 'demo-app', 'waybill-drill.json'), 'utf8'))
      .replaceAll('.data/4000/logs', demo.logFolder.replaceAll('\\', '/'))
      .replace('http://localhost:4100', demo.desk)
    const report = await drill(demo.shop, config, { WAYBILL_DESK_TOKEN: demo.token })
    expect(verdicts(report)).toEqual({
      answer: 'present',
      screen: 'present',
      'api log': 'present',
      'worker log': 'present',
      'model log': 'present',
      desk: 'present',
      'nightly sync': 'present',
      'forged headers': 'present',
    })
    expect(report.code).toBe(0)
  } finally {
    await demo.stop()
  }
})
