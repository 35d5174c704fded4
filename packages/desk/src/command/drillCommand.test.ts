import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test, vi } from 'vitest'
import { DRILL_ENVIRONMENT, startDrilledSystem } from '../../fixtures/drilledSystem/startDrilledSystem.ts'
import type { DrilledSystem } from '../../fixtures/drilledSystem/startDrilledSystem.ts'
import { spawnWaybill } from '../../fixtures/waybillProcess.ts'

function start(args: readonly string[], environment: NodeJS.ProcessEnv = DRILL_ENVIRONMENT) {
  const child = spawnWaybill(['drill', ...args], environment)
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], out, errors]) => ({ code: code as number | null, out, errors }),
  )
  return { child, ended }
}

function fileOf({ folder, config }: DrilledSystem, changes: object = {}, name = 'waybill-drill.json'): string {
  const file = join(folder, name)
  writeFileSync(file, JSON.stringify({ ...config, ...changes }))
  return file
}

test('prints a table and ends with 0 where all is well, with 1 and a sentence for each fault where it is not', async () => {
  await using good = await startDrilledSystem()
  await using bad = await startDrilledSystem(['dead letter without it', 'shown id is another'])
  const [well, ill] = await Promise.all([good, bad].map((system) => start([system.url, '-c', fileOf(system)]).ended))
  expect(well).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^[A-Z\d-]+, drilled in .+ s\n\nok {5}answer {10}there {2}status 202/),
  })
  expect(well?.errors).toContain('… forcing the failure\n')
  expect(ill?.code).toBe(1)
  expect(ill?.out).toMatch(/^FAULT {2}dead letters {4}missing {5}on 1 of 1 record$/m)
  expect(ill?.out).toContain('dead letters: The message was set aside without the reference')
  expect(ill?.out).toMatch(/^FAULT {2}screen .+ under [A-Z\d-]+$/m)
  expect(ill?.out).toMatch(/\n2 faults\.\n$/)
})

test('prints JSON for programs, and nothing on standard error when it is to be quiet', async () => {
  await using system = await startDrilledSystem(['unvalidated echo'])
  const { code, out, errors } = await start([system.url, '-c', fileOf(system), '--json', '--quiet']).ended
  const report = JSON.parse(out)
  expect([code, errors]).toEqual([1, ''])
  expect(report).toMatchObject({ faults: 1, reference: expect.stringMatching(/^[A-Z\d-]{11}$/) })
  expect(report.findings.filter((each: { verdict: string }) => each.verdict !== 'present')).toMatchObject([
    {
      name: 'forged headers',
      verdict: 'echoed',
      detail: expect.stringMatching(/garbage in the answer;.* garbage in "api log"/),
    },
  ])
})

test('an example is a file that it takes, and help tells the exit codes', async () => {
  const [example, help] = await Promise.all([start(['--example']).ended, start(['--help']).ended])
  expect(Object.keys(JSON.parse(example.out))).toEqual(['action', 'failure', 'within', 'forged', 'hops'])
  for (const word of ['2 the drill itself could not run', '--example', '--browser', 'DRILL_MARKER'])
    expect(help.out).toContain(word)
})

test('what cannot run ends with 2 by name: a wrong field, no token, a system that is down, a command that fails', async () => {
  await using system = await startDrilledSystem()
  const hops = [{ name: 'api log', hop: 'api', command: 'echo "no password secret-7 given" >&2; exit 3 # $API_SECRET' }]
  const runs = [
    { changes: {}, url: 'localhost:4000', words: 'This is no address to drill' },
    { changes: {}, more: ['-c', 'none.json'], words: 'waybill drill --example > none.json' },
    { changes: { within: 'soon' }, words: '  within: must be a time' },
    {
      changes: {},
      environment: { DRILLED_DESK_TOKEN: '' },
      words: '$DRILLED_DESK_TOKEN, which is not set in the environment',
    },
    { changes: {}, url: 'http://127.0.0.1:1', words: 'got no answer from http://127.0.0.1:1' },
    { changes: { hops }, words: 'The command of "api log" ended with 3 and said: no password $API_SECRET given.' },
  ]
  const checks = runs.map(async ({ changes, url = system.url, environment, more = [], words }, index) => {
    const args = [url, '-c', fileOf(system, changes, `${index}.json`), ...more]
    const result = await start(args, { ...DRILL_ENVIRONMENT, API_SECRET: 'secret-7', ...environment }).ended
    expect(result).toMatchObject({ code: 2, out: '', errors: expect.stringContaining(words) })
    expect(result.errors).not.toContain('secret-7')
  })
  await Promise.all(checks)
})

test('undoes the failure that it forced after Ctrl-C', async () => {
  await using system = await startDrilledSystem()
  const undone = join(system.folder, 'undone')
  const failure = { ...system.config.failure, undo: { command: 'touch undone' } }
  const waiting = { name: 'never', hop: 'worker', file: 'never.log' }
  const { child, ended } = start([system.url, '-c', fileOf(system, { failure, hops: [waiting], within: '60s' })])
  await vi.waitFor(() => expect(system.isStalled()).toBe(true), { timeout: 20_000 })
  expect(existsSync(undone)).toBe(false)
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 2, errors: expect.stringContaining('broken off') })
  expect(existsSync(undone)).toBe(true)
})

test('undoes it too when the action fails, and says when that is not possible', async () => {
  await using system = await startDrilledSystem()
  const action = { http: { url: 'http://127.0.0.1:1/' } }
  const force = { command: 'touch forced' }
  const failed = await start([
    system.url,
    '-c',
    fileOf(system, { action, failure: { force, undo: { command: 'rm forced' } } }),
  ]).ended
  expect(failed).toMatchObject({ code: 2, errors: expect.stringContaining('The action got no answer') })
  expect(existsSync(join(system.folder, 'forced'))).toBe(false)
  const left = await start([
    system.url,
    '-c',
    fileOf(system, { action, failure: { force, undo: { command: ['no-such-program'] } } }),
  ]).ended
  expect(left.errors).toContain('The failure is still forced')
})

test('prints nothing of records but ids: no control characters, no mail address, no card, no prompt', async () => {
  await using system = await startDrilledSystem()
  const line = JSON.stringify({
    reference: 'jane@example.com \u001b[2J',
    note: '4111 1111 1111 1111',
    prompt: 'You review refunds.',
  })
  writeFileSync(join(system.folder, 'evil.js'), `console.log(process.argv[2] ? ${JSON.stringify(line)} : '')`)
  const hops = [
    { name: 'log \u001b[31m', hop: 'api', command: [process.execPath, 'evil.js', '$DRILL_REFUND'], field: 'reference' },
  ]
  const file = fileOf(system, { hops, failure: undefined, within: '1s' })
  const [table, json] = await Promise.all([
    start([system.url, '-c', file]).ended,
    start([system.url, '-c', file, '--json']).ended,
  ])
  for (const { code, out, errors } of [table, json]) {
    expect(code).toBe(1)
    expect(out + errors).not.toMatch(/jane|4111 1111|review/)
    expect(out + errors).not.toContain('\u001b')
  }
  expect(table.out).toContain('a value that is no id')
  expect(readFileSync(file, 'utf8')).toContain('evil.js')
})
