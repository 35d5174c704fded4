import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { mintReference, traceIdOf } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import { afterAll, describe, expect, test } from 'vitest'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { runWaybill, spawnWaybill } from '../../fixtures/waybillProcess.ts'

/** Commands about references, which share their options. */
const SHARING = ['read', 'suggest', 'trace-id', 'reference', 'length']

const folder = mkdtempSync(join(tmpdir(), 'waybill-command-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a look at one id', () => {
  test.each([
    [['trace-id', 'RF7-K29-QXR'], '58966c09301c7f96349e6590bb5f6250'],
    [['trace-id', 'ord-rf7-k29-qxr'], '58966c09301c7f96349e6590bb5f6250'],
    [['trace-id', 'RF7-K29-QXR', '--form', 'low64'], '349e6590bb5f6250'],
    [['trace-id', 'RF7-K29-QXR', '--form', 'decimal'], '3791579608585822800'],
    [['trace-id', 'RF7-K29-QXR', '--form', 'x-ray'], '1-58966c09-301c7f96349e6590bb5f6250'],
    [['reference', '58966c09301c7f96349e6590bb5f6250'], 'RF7-K29-QXR'],
    [['reference', '349e6590bb5f6250'], 'RF7-K29-QXR'],
    [['reference', '3791579608585822800'], 'RF7-K29-QXR'],
    [['reference', '1-58966c09-301c7f96349e6590bb5f6250'], 'RF7-K29-QXR'],
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
    [['trace-id', 'RF7-K29-QXR', '--length', '8,10'], 1, '--length'],
    [['reference', '349e6590bb5f6250', '--length', '12'], 1, '--length'],
    [['trace-id', 'RF7-K29-QXR', '--length', '11'], 2, '8, 9, 10 or 12'],
    [['trace-id', 'RF7-K29-QXR', '--form', 'octal'], 2, 'x-ray'],
    [['read', 'nothing in here'], 1, 'No reference'],
    [['suggest', 'hello'], 1, 'near a reference'],
    [['length', '--per-day', '10'], 2, '--keep-days'],
    [['length', '--per-day', '-1', '--keep-days', '3'], 2, 'whole number'],
    [['trace-id'], 2, 'pipe it in'],
    [['read'], 2, 'pipe it in'],
    [['bogus'], 2, 'unknown command'],
    [['desk', '--port', 'x'], 2, 'whole number'],
    [['desk', '--database', join(folder, 'missing', 'x.db')], 1, 'There is no folder'],
  ])('%j ends with %d and says why', async (args, code, words) => {
    const result = await waybill(args)
    expect(result).toMatchObject({ code, out: '', errors: expect.stringContaining(words) })
  })

  test('help names every command, option and variable', async () => {
    const [all, desk] = await Promise.all([waybill(['--help']), waybill(['desk', '--help'])])
    expect(all.code).toBe(0)
    for (const word of SHARING) expect(all.out).toContain(word)
    for (const word of ['--port', '--host', '--database', '--namespace', '--keep-days', 'WAYBILL_DESK_TOKEN']) {
      expect(desk.out).toContain(word)
    }
  })

  test.each(SHARING)('%s --help tells its options and shows an example', async (command) => {
    const { code, out } = await waybill([command, '--help'])
    expect(code).toBe(0)
    for (const word of ['--namespace', '--length', '--json', `$ `, `waybill ${command}`]) expect(out).toContain(word)
  })
})

describe('a look at many', () => {
  test('trace-id and reference answer each line, tell which had no answer, and end with 1', async () => {
    const ids = await waybill(['trace-id'], {}, 'RF7-K29-QXR\r\n\n  84M-2P9-CF3\nRF7-K29-QXC\n')
    expect(ids).toMatchObject({
      code: 1,
      out: '58966c09301c7f96349e6590bb5f6250\n256ccf8348b705dfb94f66d23566fba3\n',
      errors: expect.stringMatching(/^\[waybill\] Line 4: The check symbol .+\n$/),
    })
    const back = await waybill(['reference'], {}, ids.out)
    expect(back).toEqual({ code: 0, out: 'RF7-K29-QXR\n84M-2P9-CF3\n', errors: '' })
  })

  test('as JSON each line has an object, those without an answer too', async () => {
    const { code, out, errors } = await waybill(
      ['trace-id', '--json', '-n', 'acme-shop/prod'],
      {},
      'RF7-K29-QXR\nRF7\n',
    )
    expect([code, errors]).toEqual([1, ''])
    expect(objectsIn(out)).toEqual([
      {
        input: 'RF7-K29-QXR',
        reference: 'RF7-K29-QXR',
        traceId: '5a6c7a84b740dbc8ef622a6b0049cd42',
        low64: 'ef622a6b0049cd42',
        decimal: '17249396161837124930',
        'x-ray': '1-5a6c7a84-b740dbc8ef622a6b0049cd42',
      },
      { input: 'RF7', error: 'form' },
    ])
    const back = await waybill(['reference', '--json', '-n', 'acme-shop/prod'], {}, '17249396161837124930\nabc\n')
    expect(objectsIn(back.out)).toEqual([
      { input: '17249396161837124930', reference: 'RF7-K29-QXR', level: 'low64' },
      { input: 'abc', error: 'foreign' },
    ])
  })
})

describe('reading', () => {
  const message =
    'Hello,\nit said RF7–K29–OXR.\n> and 84M-2P9-\n> CF3\nromeo foxtrot seven kilo two niner quebec x-ray romeo\n'

  test('read prints what, how sure, where and how it was written', async () => {
    expect(await waybill(['read'], {}, message)).toEqual({
      code: 0,
      out: [
        'RF7-K29-QXR  certain   2:9  as printed',
        '84M-2P9-CF3  certain   3:7  as printed',
        'RF7-K29-QXR  possible  5:1  spoken',
        '',
      ].join('\n'),
      errors: '',
    })
  })

  test('read as JSON gives places and trace-ids', async () => {
    const { out } = await waybill(['read', '--json', '--length', '9'], {}, `${message}RF7K-29Q8`)
    const readings = objectsIn(out)
    expect(readings).toHaveLength(3)
    expect(readings[0]).toEqual({
      references: [{ reference: 'RF7-K29-QXR', traceId: '58966c09301c7f96349e6590bb5f6250' }],
      tier: 1,
      folds: 1,
      sure: 'certain',
      written: 'as printed',
      start: 15,
      end: 26,
      line: 2,
      column: 9,
      text: 'RF7–K29–OXR',
    })
  })

  test('suggest prints what a code may have been, the likeliest first', async () => {
    const { code, out } = await waybill(['suggest', 'FR7-K29-QXR', '--length', '9'])
    expect(code).toBe(0)
    expect(out).toMatch(/^RF7-K29-QXR {2}two symbols swapped\n/)
    const [first, second] = objectsIn((await waybill(['suggest', '--json'], {}, 'RF7-K29-QXXR\nhello\n')).out)
    expect(first?.['suggestions']).toContainEqual({
      reference: 'RF7-K29-QXR',
      change: 'extra',
      traceId: '58966c09301c7f96349e6590bb5f6250',
    })
    expect(second).toEqual({ input: 'hello', error: 'none' })
  })
})

describe('length', () => {
  test.each([
    [['--per-day', '100000', '--keep-days', '30'], 0, 'length 9: 1 in 25,333 of 3,000,000 live references is shared\n'],
    [['--per-day', '0', '--keep-days', '30'], 0, 'length 8: nothing is live, so nothing is shared\n'],
    [
      ['--per-day', '100000', '--keep-days', '30', '--length', '8,9'],
      1,
      'length 9: 1 in 25,333 of 3,000,000 live references is shared\nlength 8: 1 in 1,099 of 3,000,000 live references is shared; too short\n',
    ],
  ])('%j', async (args, code, out) => {
    expect(await waybill(['length', ...args])).toEqual({ code, out, errors: '' })
  })

  test('as JSON, and when no length is enough', async () => {
    const { code, out, errors } = await waybill(['length', '--per-day', '1000000000000', '--keep-days', '30', '--json'])
    expect([code, errors]).toEqual([1, ''])
    expect(objectsIn(out)).toMatchObject([{ length: 12, live: 3e13 }])
  })
})

describe('waybill desk', () => {
  test('prints what it made up and what to paste, serves with it, and leaves at SIGTERM', async () => {
    await using desk = await startCommand({ database: join(folder, 'made-up.db') })
    const { url, token, key, browserKey } = desk
    expect(desk.printed).toEqual([
      `desk         ${url}`,
      `database     ${join(folder, 'made-up.db')}`,
      `read token   ${token}`,
      `ingest key   ${key}`,
      `browser key  ${browserKey}`,
      `These keys are kept for the next start in ${join(folder, 'made-up.db.keys')}, which only you may read.`,
      '',
      `in the browser  const waybill = createWaybill({ service: 'shop-web', deliverTo: '${url}', key: '${browserKey}' })`,
      `on the server   const waybill = createWaybill({ service: 'shop-api', deliverTo: '${url}', key: '${key}' })`,
      `to look up      ${url}, signed in with ${token}`,
      '',
      'ready',
    ])
    const { servers, browser, reference } = refundTrail()
    expect((await send(url, key, servers)).status).toBe(200)
    expect((await send(`${url}?key=${browserKey}`, '', browser)).status).toBe(200)
    expect(await lookUp(url, token, reference)).toHaveLength(1)
    desk.child.kill('SIGTERM')
    expect(await once(desk.child, 'exit')).toEqual([0, null])
  })

  test('goes on with the same keys at the next start, from a file that only this user may read', async () => {
    const database = join(folder, 'kept.db')
    const starts: (readonly string[])[] = []
    for (let start = 0; start < 2; start++) {
      await using desk = await startCommand({ database })
      starts.push([desk.token, desk.key, desk.browserKey])
    }
    expect(starts[1]).toEqual(starts[0])
    expect(new Set(starts[0]).size).toBe(3)
    if (process.platform !== 'win32') expect(statSync(`${database}.keys`).mode & 0o777).toBe(0o600)
  })

  test('makes up what the file lacks, leaves the rest of it alone, and says when others may read it', async () => {
    const database = join(folder, 'lacking.db')
    writeFileSync(`${database}.keys`, '# mine\nWAYBILL_DESK_TOKEN=a-token-of-my-own\nWAYBILL_INGEST_KEY=', {
      mode: 0o644,
    })
    await using desk = await startCommand({ database })
    expect(desk.token).toBe('a-token-of-my-own')
    expect(readFileSync(`${database}.keys`, 'utf8')).toBe(
      `# mine\nWAYBILL_DESK_TOKEN=a-token-of-my-own\nWAYBILL_INGEST_KEY=\nWAYBILL_INGEST_KEY=${desk.key}\nWAYBILL_BROWSER_KEY=${desk.browserKey}\n`,
    )
    if (process.platform !== 'win32') expect(desk.printed.join('\n')).toContain(`chmod 600 ${database}.keys`)
  })

  test('keeps secret, and keeps no file of, what the environment gave', async () => {
    const environment = {
      WAYBILL_DESK_TOKEN: 'chosen-token-4711',
      WAYBILL_INGEST_KEY: 'first-ingest-4711, second-ingest-4712',
      WAYBILL_BROWSER_KEY: 'public-browser-4713',
    }
    const database = join(folder, 'given.db')
    await using desk = await startCommand({ database, environment })
    expect(desk.printed.join('\n')).not.toMatch(/chosen-token|first-ingest|second-ingest|public-browser|createWaybill/)
    const { servers, reference } = refundTrail()
    expect((await send(desk.url, 'second-ingest-4712', servers)).status).toBe(200)
    expect(await lookUp(desk.url, 'chosen-token-4711', reference)).toHaveLength(1)
    expect(existsSync(`${database}.keys`)).toBe(false)
  })

  test('prefers what the environment gave to what is kept, and does not change what is kept', async () => {
    const database = join(folder, 'preferred.db')
    writeFileSync(`${database}.keys`, 'WAYBILL_INGEST_KEY=kept-ingest-4711\nWAYBILL_BROWSER_KEY=kept-public-4712\n', {
      mode: 0o600,
    })
    const environment = { WAYBILL_INGEST_KEY: 'given-ingest-4713' }
    await using desk = await startCommand({
      database,
      environment,
      args: ['--namespace', 'acme/prod', '--host', '0.0.0.0'],
    })
    const all = desk.printed.join('\n')
    const place = desk.url.replace('0.0.0.0', 'localhost')
    expect(all).not.toMatch(/given-ingest|'kept-ingest/)
    expect(all).toContain(`deliverTo: '${place}', key: 'kept-public-4712', namespace: 'acme/prod' })`)
    expect(all).toContain(`deliverTo: '${place}', key: process.env.WAYBILL_INGEST_KEY, namespace: 'acme/prod' })`)
    expect((await send(place, 'given-ingest-4713', refundTrail().servers)).status).toBe(200)
    expect((await send(place, 'kept-ingest-4711', refundTrail().servers)).status).toBe(401)
    expect(readFileSync(`${database}.keys`, 'utf8')).toBe(
      `WAYBILL_INGEST_KEY=kept-ingest-4711\nWAYBILL_BROWSER_KEY=kept-public-4712\nWAYBILL_DESK_TOKEN=${desk.token}\n`,
    )
  })

  test('owners, links of facts and trace links stand in the one file, and --check-config shows them', async () => {
    const file = join(folder, 'owners.json')
    const config = {
      traceLinks: ['Jaeger=https://jaeger.example/trace/{traceId}'],
      owners: [
        { service: 'refund-worker', name: 'Payments team', contact: '#payments', url: 'https://wiki.example/payments' },
      ],
      factLinks: { order: 'https://admin.shop.example/orders/{value}' },
    }
    writeFileSync(file, JSON.stringify(config))
    const database = join(folder, 'owners.db')
    const checked = await waybill(['desk', '--database', database, '--config', file, '--check-config'])
    expect([checked.code, JSON.parse(checked.out)]).toEqual([0, expect.objectContaining(config)])
    writeFileSync(file, JSON.stringify({ owners: [{ name: 'Payments team', url: 'javascript:0' }] }))
    const refused = await waybill(['desk', '--database', database, '--config', file, '--check-config'])
    expect(refused).toMatchObject({
      code: 2,
      out: '',
      errors: expect.stringContaining('entry 1, "url", must be an address'),
    })
  })

  test('says that keys of a database in memory last until it stops, and does not start on keys it cannot read', async () => {
    await using desk = await startCommand({ database: ':memory:' })
    expect(desk.printed.join('\n')).toContain('last until the desk stops')
    const database = join(folder, 'unreadable.db')
    mkdirSync(`${database}.keys`)
    expect(await waybill(['desk', '--port', '0', '--database', database])).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^\[waybill\] The desk's keys in .+unreadable\.db\.keys cannot be read \(.+\)/),
    })
  })

  test.each([
    [['--trust-proxy', '0.0.0.0/0'], 'trust'],
    [['--identity-header', 'X-Email'], 'identityHeader'],
    [['--forward', 'http://collector.example/v1/traces'], 'forward.url'],
  ])('%j is a wrong configuration when it is checked, and when it starts', async (args, words) => {
    for (const more of [['--check-config'], ['--port', '0']]) {
      const { code, errors } = await waybill(['desk', '--database', join(folder, 'checked.db'), ...args, ...more])
      expect([code, errors]).toEqual([2, expect.stringContaining(words)])
    }
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
})

/** JSON as the command prints it, one object a line. */
function objectsIn(out: string): Record<string, unknown>[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const waybill = (args: readonly string[], env?: Record<string, string>, input?: string) =>
  runWaybill(args, { env, input })

async function startCommand({
  database,
  environment,
  args: more = [],
}: {
  database: string
  environment?: Record<string, string>
  args?: readonly string[]
}) {
  const child = spawnWaybill(['desk', '--port', '0', '--database', database, ...more], environment)
  const printed: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
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
    browserKey: after('browser key'),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

function send(address: string, key: string, steps: Parameters<typeof encodeOtlp>[0]): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) }
  const url = new URL(address)
  url.pathname = '/v1/traces'
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(encodeOtlp(steps)) })
}

async function lookUp(url: string, token: string, text: string): Promise<{ steps: unknown[] }[]> {
  const response = await fetch(`${url}/api/trails/${text}`, { headers: { authorization: `Bearer ${token}` } })
  const { matches } = (await response.json()) as { matches: { steps: unknown[] }[] }
  return matches
}
