import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readDeskConfig, shownConfig } from './deskConfig.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-config-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

function fileOf(content: unknown): string {
  const file = join(folder, `${files++}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

interface Given {
  readonly flags?: Record<string, unknown>
  readonly environment?: NodeJS.ProcessEnv
  readonly file?: unknown
}

function read({ flags = {}, environment = {}, file }: Given = {}) {
  return readDeskConfig({ flags, environment, file: file === undefined ? undefined : fileOf(file) })
}

function configOf(given: Given) {
  const result = read(given)
  if (!result.ok) throw new Error(result.faults.join('\n'))
  return result.config
}

function faultsOf(given: Given): readonly string[] {
  const result = read(given)
  return result.ok ? [] : result.faults
}

describe('where a value comes from', () => {
  test('nothing given is the defaults', () => {
    expect(configOf({})).toEqual({
      port: 4100,
      host: '127.0.0.1',
      database: 'waybill.db',
      namespace: '',
      keepDays: 30,
      logLevel: 'info',
      grace: 10_000,
    })
  })

  test('an option wins over the environment, and that over the file', () => {
    const file = { port: 1, host: 'file', keepDays: 3 }
    const environment = { WAYBILL_PORT: '2', WAYBILL_HOST: 'environment', WAYBILL_DATABASE: '' }
    const config = configOf({ flags: { port: '3' }, environment, file })
    expect(config).toMatchObject({ port: 3, host: 'environment', keepDays: 3, database: 'waybill.db' })
  })

  test('every field can be written in each of them, and is the same', () => {
    const environment = {
      WAYBILL_OWNERS:
        '[{"service":"refund-worker","hop":"model","name":"AI team","url":"mailto:ai@shop.example"},{"name":"On call"}]',
      WAYBILL_FACT_LINKS: '{"order":"https://admin.shop.example/orders/{value}"}',
      WAYBILL_TRACE_LINKS: 'Jaeger=https://jaeger.example/trace/{traceId}',
      WAYBILL_QUOTA: '10GB',
      WAYBILL_ORIGINS: 'https://shop.example, http://localhost:4000',
      WAYBILL_TRUSTED_PROXIES: '10.0.0.0/8,::1',
      WAYBILL_IDENTITY_HEADER: 'X-Forwarded-User',
      WAYBILL_IDENTITY_SCOPES: 'read, link',
      WAYBILL_FORWARD_URL: 'http://collector:4318',
      WAYBILL_FORWARD_HEADERS: 'Authorization=Bearer%20abc,x-tenant=a=b',
      WAYBILL_LOG_LEVEL: 'warn',
      WAYBILL_LOG_FORMAT: 'json',
      WAYBILL_GRACE: '500ms',
    }
    const file = {
      owners: [
        { service: 'refund-worker', hop: 'model', name: 'AI team', url: 'mailto:ai@shop.example' },
        { name: 'On call' },
      ],
      factLinks: { order: 'https://admin.shop.example/orders/{value}' },
      traceLinks: ['Jaeger=https://jaeger.example/trace/{traceId}'],
      quota: 10_000_000_000,
      origins: ['https://shop.example', 'http://localhost:4000'],
      trustedProxies: ['10.0.0.0/8', '::1'],
      identityHeader: 'X-Forwarded-User',
      identityScopes: ['read', 'link'],
      forwardUrl: 'http://collector:4318',
      forwardHeaders: { Authorization: 'Bearer abc', 'x-tenant': 'a=b' },
      logLevel: 'warn',
      logFormat: 'json',
      grace: '500ms',
    }
    expect(configOf({ environment })).toEqual(configOf({ file }))
    expect(configOf({ file })).toMatchObject({ ...file, grace: 500 })
  })
})

describe('what is wrong', () => {
  test('is told all at once, by the name under which it was written, and is not repeated', () => {
    const faults = faultsOf({
      flags: { port: 'se-cret' },
      environment: { WAYBILL_KEEP_DAYS: 'se-cret', WAYBILL_LOG_LEVEL: 'se-cret', WAYBILL_GRACE: 'se-cret' },
      file: { origins: 'se-cret', quota: 'se-cret', forwardUrl: 'http://se:cret@x' },
    })
    expect(new Set(faults.map((fault) => fault.replace(/ in .+\.json/, '')))).toEqual(
      new Set([
        '"forwardUrl" must be an address of http or https without a user name or password in it, such as http://collector:4318.',
        '"origins" must be a list of origins such as https://shop.example.',
        '"quota" must be a size such as 500MB or 10GB, from 1MB up.',
        '--port must be a whole number from 0 to 65535.',
        'WAYBILL_GRACE must be a time of at most an hour with ms, s or m, such as 500ms or 10s.',
        'WAYBILL_KEEP_DAYS must be a whole number from 1 to 36500.',
        'WAYBILL_LOG_LEVEL must be one of debug, info, warn, error, silent.',
      ]),
    )
    expect(faults.join('')).not.toMatch(/se-cret|se:cret/)
  })

  test.each([
    [{ port: 1.5 }, '"port"'],
    [{ port: true }, '"port"'],
    [{ keepDays: 0 }, '"keepDays"'],
    [{ namespace: 7 }, '"namespace"'],
    [{ host: ['x'] }, '"host"'],
    [{ origins: ['https://shop.example/path'] }, '"origins"'],
    [{ origins: ['not-an-origin'] }, '"origins"'],
    [{ origins: [7] }, '"origins"'],
    [{ origins: {} }, '"origins"'],
    [{ trustedProxies: ['10.0.0.0/33'] }, '"trustedProxies"'],
    [{ trustedProxies: ['proxy.example'] }, '"trustedProxies"'],
    [{ trustedProxies: true }, '"trustedProxies"'],
    [{ identityHeader: 'two words' }, '"identityHeader"'],
    [{ identityScopes: ['read', 'admin'] }, '"identityScopes"'],
    [{ identityScopes: ['link'] }, '"identityScopes"'],
    [{ forwardUrl: 'ftp://x' }, '"forwardUrl"'],
    [{ forwardHeaders: { a: 'x\r\ny: z' } }, '"forwardHeaders"'],
    [{ forwardHeaders: 'nothing' }, '"forwardHeaders"'],
    [{ quota: '10 bananas' }, '"quota"'],
    [{ quota: '1KB' }, '"quota"'],
    [{ grace: 10 }, '"grace"'],
    [{ grace: '2h' }, '"grace"'],
    [{ logFormat: 'xml' }, '"logFormat"'],
  ])('%j is refused', (file, words) => {
    const faults = faultsOf({ file })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(words)
  })

  test.each([
    [{ owners: { name: 'A' } }, '"owners" in F must be a list of owners such as { "service": "refund-worker",'],
    [{ owners: 'Payments' }, '"owners" in F must be a list of owners such as'],
    [{ owners: ['Payments'] }, '"owners" in F, entry 1, must be an owner such as { "service": "refund-worker",'],
    [
      { owners: [{ name: 'A' }, { service: 'x' }] },
      '"owners" in F, entry 2, "name", must be a name of 1 to 100 characters.',
    ],
    [{ owners: [{ name: ' ' }] }, '"owners" in F, entry 1, "name", must be a name of 1 to 100 characters.'],
    [{ owners: [{ name: 'A', hop: 'nowhere' }] }, '"owners" in F, entry 1, "hop", must be one of browser, api,'],
    [
      { owners: [{ name: 'A', url: 'javascript:alert("se-cret")' }] },
      '"owners" in F, entry 1, "url", must be an address that begins with https://, http://, mailto: or tel:,',
    ],
    [{ owners: [{ name: 'A', url: 'https://me:se-cret@x.example' }] }, '"owners" in F, entry 1, "url", must be'],
    [
      { owners: [{ name: 'A', team: 'se-cret' }] },
      '"team" in "owners" in F, entry 1, is no field. Fields are service, hop, name, contact, url.',
    ],
    [{ factLinks: ['se-cret'] }, '"factLinks" in F must be addresses by the names of facts, such as { "order":'],
    [
      { factLinks: { order: 7 } },
      '"factLinks" in F, "order", must be an address such as https://admin.shop.example/orders/{value},',
    ],
    [{ factLinks: { order: 'javascript:{value}' } }, '"factLinks" in F, "order", must be an address such as'],
    [{ factLinks: { order: 'https://{value}/se-cret' } }, '"factLinks" in F, "order", must be an address such as'],
    [{ factLinks: { order: 'https://x.example/{value}/{other}' } }, '"factLinks" in F, "order", must be an address'],
    [
      { factLinks: { 'two words': 'https://x.example/{value}' } },
      '"factLinks" in F, "two words", must be the name of a fact, of 1 to 40 letters, digits and _ . -.',
    ],
  ])('%j is refused with the place where it is wrong', (file, words) => {
    const faults = faultsOf({ file }).map((fault) => fault.replace(/ in \S+\.json/, ' in F'))
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(words)
    expect(faults[0]).not.toContain('se-cret')
  })

  test('a field that there is not is an error with the nearest name; keys have no place in a file', () => {
    expect(faultsOf({ file: { prot: 1, keep_days: 3, colour: 'red', readToken: 'abc', __proto__x: 1 } })).toEqual([
      expect.stringMatching(/"prot" in .+ is no field; did you mean "port"\?/),
      expect.stringMatching(/"keep_days" .+ did you mean "keepDays"\?/),
      expect.stringMatching(/"colour" in .+ is no field\. Fields are port, host,/),
      expect.stringMatching(/"readToken" .+WAYBILL_DESK_TOKEN/),
      expect.stringMatching(/"__proto__x" in .+ is no field/),
    ])
  })

  test('a file that is not there or is no JSON object says so', () => {
    const missing = readDeskConfig({ flags: {}, environment: {}, file: join(folder, 'none.json') })
    expect(missing).toEqual({ ok: false, faults: [expect.stringContaining('cannot be read (ENOENT)')] })
    for (const content of ['{', '[]', 'null', '7'])
      expect(faultsOf({ file: content })).toEqual([expect.stringContaining('is no JSON object')])
  })
})

test('the password of where spans are kept, and headers to there, are not shown', () => {
  const config = configOf({
    file: {
      spans: ['clickhouse://reader:hunter2@db:8123/otel', 'clickhouses://reader:h@nt:er2@db', 'tempo://tempo:3200'],
      spansHeaders: { 'X-Scope-OrgID': 'hunter2' },
    },
  })
  expect(shownConfig(config)).toMatchObject({
    spans: ['clickhouse://reader:…@db:8123/otel', 'clickhouses://reader:…@db', 'tempo://tempo:3200'],
    spansHeaders: { 'X-Scope-OrgID': '(secret)' },
  })
})

test('headers to a collector are not shown', () => {
  const config = configOf({ file: { forwardHeaders: { Authorization: 'Bearer abc' } } })
  expect(JSON.stringify(shownConfig(config))).not.toContain('abc')
  expect(shownConfig(config)).toMatchObject({ forwardHeaders: { Authorization: '(secret)' } })
})
