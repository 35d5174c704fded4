import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { mintReference, traceIdOf } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { refundTrail } from '../../fixtures/refundTrail.ts'

// Every test starts processes, which take their time on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

const folder = mkdtempSync(join(tmpdir(), 'waybill-command-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a look at one id', () => {
  test.each([
    [['trace-id', 'RF7-K29-QXR'], '58966c09301c7f96349e6590bb5f6250'],
    [['trace-id', 'ord-rf7-k29-qxr'], '58966c09301c7f96349e6590bb5f6250'],
    [['reference', '349e6590bb5f6250'], 'RF7-K29-QXR'],
  ])('%j prints %s', async (args, expected) => {
    expect(await waybill(args)).toEqual({ code: 0, out: `${expected}\n`, errors: '' })
  })

  test('a namespace is taken from the option or the environment', async () => {
    const reference = mintReference()
    const traceId = traceIdOf(reference, { namespace: 'acme/prod' })
    const byOption = await waybill(['reference', traceId, '--namespace', 'acme/prod'])
    const byEnvironment = await waybill(['trace-id', reference], { WAYBILL_NAMESPACE: 'acme/prod' })
    expect([byOption.out, byEnvironment.out]).toEqual([`${reference}\n`, `${traceId}\n`])
  })

  test.each([
    [['trace-id', 'RF7-K29-QXC'], 1, 'check symbol'],
    [['trace-id', 'nonsense'], 1, 'RF7-K29-QXR'],
    [['reference', 'abcdef0123456789abcdef0123456789'], 1, 'namespace'],
    [['trace-id'], 2, 'missing required argument'],
    [['bogus'], 2, 'unknown command'],
    [['desk', '--port', 'x'], 2, 'whole number'],
    [['desk', '--database', join(folder, 'missing', 'x.db')], 1, 'Check that its folder exists'],
  ])('%j ends with %d and says why', async (args, code, words) => {
    const result = await waybill(args)
    expect(result).toMatchObject({ code, out: '', errors: expect.stringContaining(words) })
  })

  test('help names every command, option and variable', async () => {
    const [all, desk] = await Promise.all([waybill(['--help']), waybill(['desk', '--help'])])
    expect(all.code).toBe(0)
    for (const word of ['trace-id', 'reference', 'desk']) expect(all.out).toContain(word)
    for (const word of ['--port', '--host', '--database', '--namespace', '--keep-days', 'WAYBILL_DESK_TOKEN']) {
      expect(desk.out).toContain(word)
    }
  })
})

describe('waybill desk', () => {
  test('prints what it made up, serves with it, and leaves at SIGTERM', async () => {
    await using desk = await startCommand({ database: join(folder, 'made-up.db') })
    const { token, key } = desk
    const { servers, reference } = refundTrail()
    expect((await send(desk.url, key, servers)).status).toBe(200)
    expect(await lookUp(desk.url, token, reference)).toHaveLength(1)
    desk.child.kill('SIGTERM')
    expect(await once(desk.child, 'exit')).toEqual([0, null])
  })

  test('keeps secret what the environment gave', async () => {
    const environment = { WAYBILL_DESK_TOKEN: 'chosen-token', WAYBILL_INGEST_KEY: 'one, two' }
    await using desk = await startCommand({ database: ':memory:', environment })
    expect(desk.printed.join('\n')).not.toMatch(/chosen-token|one|two/)
    const { servers, reference } = refundTrail()
    expect((await send(desk.url, 'two', servers)).status).toBe(200)
    expect(await lookUp(desk.url, 'chosen-token', reference)).toHaveLength(1)
  })

  test('says so when the port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = String(typeof address === 'object' && address?.port)
    const result = await waybill(['desk', '--port', port, '--database', ':memory:'])
    server.close()
    expect(result).toMatchObject({ code: 1, errors: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`) })
  })

  test('loses no acknowledged step to kill -9', async () => {
    const environment = { WAYBILL_DESK_TOKEN: 'token', WAYBILL_INGEST_KEY: 'key' }
    const database = join(folder, 'killed.db')
    const acknowledged: string[] = []
    for (let round = 0; round < 3; round++) {
      await using desk = await startCommand({ database, environment })
      const killed = new AbortController()
      const write = async (): Promise<void> => {
        while (!killed.signal.aborted) {
          const { servers, reference } = refundTrail()
          const answer = await send(desk.url, 'key', servers).catch(() => null)
          if (answer?.status === 200) acknowledged.push(reference)
        }
      }
      const writers = Array.from({ length: 8 }, write)
      await new Promise((resolve) => setTimeout(resolve, 250 + 90 * round))
      desk.child.kill('SIGKILL')
      await once(desk.child, 'exit')
      killed.abort()
      await Promise.all(writers)
    }
    expect(acknowledged.length).toBeGreaterThan(20)
    await using desk = await startCommand({ database, environment })
    const sample = acknowledged.slice(-100)
    const found = await Promise.all(sample.map((reference) => lookUp(desk.url, 'token', reference)))
    const whole = refundTrail().servers.length
    expect(found.map((matches) => matches[0]?.steps.length)).toEqual(sample.map(() => whole))
  })
})

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url))
const NODE_ARGS = ['--conditions=waybill-source', CLI]

/** Nothing of this shell's own settings, which would answer for the command's. */
function environmentOf(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:WAYBILL_|NODE_|VITEST)/.test(name))
  return { ...Object.fromEntries(own), ...more }
}

function waybill(args: readonly string[], environment?: Record<string, string>) {
  return new Promise<{ code: number; out: string; errors: string }>((resolve) => {
    execFile(process.execPath, [...NODE_ARGS, ...args], { env: environmentOf(environment) }, (error, out, errors) =>
      resolve({ code: error ? Number(error.code) : 0, out, errors }),
    )
  })
}

async function startCommand({ database, environment }: { database: string; environment?: Record<string, string> }) {
  const args = [...NODE_ARGS, 'desk', '--port', '0', '--database', database]
  const child: ChildProcess = spawn(process.execPath, args, { env: environmentOf(environment) })
  const printed: string[] = []
  for await (const line of createInterface({ input: child.stdout! })) {
    printed.push(line)
    if (line === 'ready') break
  }
  const after = (label: string): string => printed.find((line) => line.startsWith(label))?.slice(13) ?? ''
  return {
    child,
    printed,
    url: after('desk'),
    token: after('read token'),
    key: after('ingest key'),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

function send(url: string, key: string, steps: Parameters<typeof encodeOtlp>[0]): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  return fetch(`${url}/v1/traces`, { method: 'POST', headers, body: JSON.stringify(encodeOtlp(steps)) })
}

async function lookUp(url: string, token: string, text: string): Promise<{ steps: unknown[] }[]> {
  const response = await fetch(`${url}/api/trails/${text}`, { headers: { authorization: `Bearer ${token}` } })
  const { matches } = (await response.json()) as { matches: { steps: unknown[] }[] }
  return matches
}
