import { readFileSync } from 'node:fs'
import { HOPS } from '@waybill/trail'
import { z } from 'zod'
import { createProxyTrust } from '../access/createProxyTrust.ts'
import { parseOrigin } from '../access/parseOrigin.ts'
import { jsonIn } from '../jsonIn.ts'
import { LOG_FORMATS, LOG_LEVELS } from '../operate/createLog.ts'
import { isFactTemplate, isOwnerAddress } from '../owners/createDirectory.ts'
import { spanReaderOf } from '../spans/spanReaderOf.ts'
import { databaseAddress, shownAddress } from '../store/databaseAddress.ts'
import { createTraceLinks } from '../traceLinks/createTraceLinks.ts'
import type { TraceLinkTemplate } from '../traceLinks/createTraceLinks.ts'
import { nearestName } from './nearestName.ts'

/**
 * How a desk is to run, out of the command's options, the environment and a JSON file, in that order; what none of them says has a default. All
 * that is wrong is told at once, by the name under which it was written, and without repeating it.
 */
export function readDeskConfig({ flags, environment, file }: DeskConfigSources): DeskConfigRead {
  const fromFile = file === undefined ? { ok: true as const, fields: {} } : readConfigFile(file)
  if (!fromFile.ok) return { ok: false, faults: [fromFile.fault] }
  const given: Record<string, unknown> = {}
  const writtenAs: Record<string, string> = {}
  const take = (name: string, value: unknown, as: string): void => {
    if (value === undefined || value === '') return
    given[name] = value
    writtenAs[name] = as
  }
  for (const [name, value] of Object.entries(fromFile.fields)) take(name, value, `"${name}" in ${file}`)
  for (const name of FIELDS) take(name, environment[variableOf(name)]?.trim(), variableOf(name))
  for (const name of FIELDS) take(name, flags[name], FLAGS[name])

  const parsed = SCHEMA.safeParse(given)
  if (parsed.success) return { ok: true, config: parsed.data }
  return { ok: false, faults: parsed.error.issues.flatMap((issue) => faultsOf(issue, writtenAs, file)) }
}

export type DeskConfig = z.output<typeof SCHEMA>

export type DeskConfigRead =
  | { readonly ok: true; readonly config: DeskConfig }
  /** A sentence each. */
  | { readonly ok: false; readonly faults: readonly string[] }

export interface DeskConfigSources {
  /** By the names of the fields; what was not given is absent. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly environment: NodeJS.ProcessEnv
  /** Path of the JSON file, where one was named. */
  readonly file: string | undefined
}

/** Each field, written as text or as JSON has it, with what it must be in words. */
const SCHEMA = z.strictObject({
  port: wholeNumber(0, 65_535).default(4100),
  host: text('an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all').default('127.0.0.1'),
  database: databaseAt().default('waybill.db'),
  accessDatabase: databaseAt().optional(),
  namespace: z.string(MUST('the namespace that your services use')).default(''),
  keepDays: wholeNumber(1, 36_500).default(30),
  quota: size().optional(),
  origins: list('origins such as https://shop.example', isTakenBy(parseOrigin)).optional(),
  trustedProxies: list(
    'IP addresses or ranges such as 10.0.0.0/8',
    isTakenBy((each) => createProxyTrust({ trustedProxies: [each] })),
  ).optional(),
  identityHeader: z
    .string(MUST('the name of a header'))
    .regex(/^[A-Za-z\d!#$%&'*+.^_`|~-]{1,100}$/, MUST('the name of a header, such as X-Forwarded-User'))
    .optional(),
  identityScopes: list('scopes, which are read and link', (each) => each === 'read' || each === 'link')
    .refine((scopes) => scopes.includes('read'), MUST('a list with read in it'))
    .transform((scopes) => scopes as ('read' | 'link')[])
    .optional(),
  forwardUrl: z
    .string(MUST(ADDRESS_WORDS()))
    .refine((value) => isWebAddress(value), MUST(ADDRESS_WORDS()))
    .optional(),
  forwardHeaders: headers().optional(),
  spans: list(
    'addresses such as clickhouse://reader:password@host:8123/otel/otel_traces or tempo://host:3200',
    isTakenBy(spanReaderOf),
  ).optional(),
  spansHeaders: headers().optional(),
  traceLinks: list(
    'names with addresses such as Jaeger=https://jaeger.example/trace/{traceId}',
    isTakenBy(traceLinkOf),
  ).optional(),
  owners: owners().optional(),
  factLinks: factLinks().optional(),
  logLevel: z.enum(LOG_LEVELS, MUST(`one of ${LOG_LEVELS.join(', ')}`)).default('info'),
  logFormat: z.enum(LOG_FORMATS, MUST(`one of ${LOG_FORMATS.join(', ')}`)).optional(),
  grace: duration().default(10_000),
})

type Field = keyof DeskConfig
const FIELDS = Object.keys(SCHEMA.shape) as Field[]

const FLAGS: Readonly<Record<Field, string>> = {
  port: '--port',
  host: '--host',
  database: '--database',
  accessDatabase: '--access-database',
  namespace: '--namespace',
  keepDays: '--keep-days',
  quota: '--quota',
  origins: '--origin',
  trustedProxies: '--trust-proxy',
  identityHeader: '--identity-header',
  identityScopes: '--identity-scope',
  forwardUrl: '--forward',
  // No option: what a process was started with can be seen by everybody on the machine.
  forwardHeaders: 'WAYBILL_FORWARD_HEADERS',
  spans: '--spans',
  spansHeaders: 'WAYBILL_SPANS_HEADERS',
  traceLinks: '--trace-link',
  // Too much for an option; in the environment they are JSON.
  owners: 'WAYBILL_OWNERS',
  factLinks: 'WAYBILL_FACT_LINKS',
  logLevel: '--log-level',
  logFormat: '--log-format',
  grace: '--grace',
}

/**
 * `Jaeger=https://jaeger.example/trace/{traceId}`.
 *
 * @throws TypeError when it is none.
 */
export function traceLinkOf(text: string): TraceLinkTemplate {
  const [, name = '', url = ''] = /^([^=]{1,40})=(.+)$/.exec(text) ?? []
  const template = { name: name.trim(), url: url.trim() }
  createTraceLinks([template])
  return template
}

/** `keepDays` is `WAYBILL_KEEP_DAYS`. */
function variableOf(field: string): string {
  return `WAYBILL_${field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

/** The configuration as it may be shown: headers to a collector hold its keys, and the database’s address its password. */
export function shownConfig({ forwardHeaders, spansHeaders, spans, ...config }: DeskConfig): Record<string, unknown> {
  return {
    ...config,
    database: shownAddress(config.database),
    ...(config.accessDatabase !== undefined && { accessDatabase: shownAddress(config.accessDatabase) }),
    ...(forwardHeaders && { forwardHeaders: hidden(forwardHeaders) }),
    ...(spans && { spans: spans.map((address) => address.replace(/(:\/\/[^/@:]*):[^/]*@/, '$1:…@')) }),
    ...(spansHeaders && { spansHeaders: hidden(spansHeaders) }),
  }
}

function hidden(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, '(secret)']))
}

function readConfigFile(
  file: string,
): { readonly ok: true; readonly fields: object } | { readonly ok: false; readonly fault: string } {
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    return {
      ok: false,
      fault: `The configuration file ${file} cannot be read (${code}). Check its path and its rights.`,
    }
  }
  try {
    const fields: unknown = JSON.parse(content)
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return { ok: true, fields }
  } catch {
    // Said below.
  }
  return { ok: false, fault: `The configuration file ${file} is no JSON object. Write one such as { "port": 4100 }.` }
}

function faultsOf(issue: z.core.$ZodIssue, writtenAs: Readonly<Record<string, string>>, file = ''): string[] {
  const [field, ...inside] = issue.path
  if (issue.code === 'unrecognized_keys' && inside.length === 0) {
    return issue.keys.map((key) => {
      if (/key|token|secret/i.test(key))
        return `"${key}" in ${file} is no field: keys come from the environment (WAYBILL_DESK_TOKEN, WAYBILL_INGEST_KEY, WAYBILL_BROWSER_KEY) or are made up.`
      const near = nearestName(key, FIELDS)
      return `"${key}" in ${file} is no field${near ? `; did you mean "${near}"?` : `. Fields are ${FIELDS.join(', ')}.`}`
    })
  }
  const name = String(field)
  const place = TOLD_INSIDE.has(name) ? placeWords(inside) : ''
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(
      (key) => `"${key}" in ${writtenAs[name] ?? name}${place} is no field. Fields are ${OWNER_FIELDS.join(', ')}.`,
    )
  return [`${writtenAs[name] ?? name}${place} must be ${issue.message}.`]
}

/** Fields of which it is told where in them something is wrong; names in others may be secrets. */
const TOLD_INSIDE: ReadonlySet<string> = new Set(['owners', 'factLinks'] satisfies Field[])

/** `, entry 2, "url",` */
function placeWords(path: readonly PropertyKey[]): string {
  const words = path.map((each) => (typeof each === 'number' ? `entry ${each + 1}` : `"${String(each)}"`))
  return words.length > 0 ? `, ${words.join(', ')},` : ''
}

/** What a value must be; the sentence around it is made where its name is known. */
function MUST(words: string) {
  return { error: words }
}

function ADDRESS_WORDS(): string {
  return 'an address of http or https without a user name or password in it, such as http://collector:4318'
}

function databaseAt() {
  const words = MUST(
    'the path of a SQLite file, or the address of a server, such as postgres://user:password@host/database',
  )
  return z.string(words).min(1, words).refine(isTakenBy(databaseAddress), words)
}

function text(words: string) {
  return z.string(MUST(words)).min(1, MUST(words))
}

function wholeNumber(least: number, most: number) {
  const words = MUST(`a whole number from ${least} to ${most}`)
  const fromText = (value: unknown): unknown =>
    typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  return z.preprocess(fromText, z.int(words).min(least, words).max(most, words))
}

/** Bytes, of a number or a text such as `10GB`. */
function size() {
  const words = MUST('a size such as 500MB or 10GB, from 1MB up')
  const fromText = (value: unknown): unknown => {
    const [, count, unit] = /^(\d{1,9}(?:\.\d{1,3})?) ?(|[KMGT])B$/i.exec(String(value)) ?? []
    return count === undefined ? value : Math.round(Number(count) * (BYTES[unit!.toUpperCase()] ?? 1))
  }
  return z.preprocess(fromText, z.int(words).min(1_000_000, words))
}

const BYTES: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 }

/** Milliseconds, of a text such as `10s`. */
function duration() {
  const words = MUST('a time of at most an hour with ms, s or m, such as 500ms or 10s')
  const fromText = (value: unknown): unknown => {
    const [, count, unit] = /^(\d{1,7})(ms|s|m)$/.exec(String(value)) ?? []
    return count === undefined ? Number.NaN : Number(count) * MILLISECONDS[unit as keyof typeof MILLISECONDS]
  }
  return z.preprocess(fromText, z.int(words).max(3_600_000, words))
}

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000 } as const

/** A list, or a text with commas. */
function list(words: string, isFit: (each: string) => boolean) {
  const fromText = (value: unknown): unknown =>
    (typeof value === 'string' ? [value] : Array.isArray(value) ? value : [Number.NaN])
      .flatMap((each: unknown) => (typeof each === 'string' ? each.split(',').map((part) => part.trim()) : [each]))
      .filter((each) => each !== '')
  const must = MUST(`a list of ${words}`)
  const whole = z.array(z.unknown()).refine((all) => all.every((each) => typeof each === 'string' && isFit(each)), must)
  return z.preprocess(fromText, whole).transform((all) => all as string[])
}

/** An object, or a text as OpenTelemetry's variables have it: `name=value,other=value`, with `%2C` for a comma. */
function headers() {
  const must = MUST('headers as name=value,name=value, or an object of texts')
  const fromText = (value: unknown): unknown => {
    if (typeof value !== 'string') return value
    const pairs = value.split(',').map((pair) => pair.split(/=(.*)/s, 2))
    try {
      return Object.fromEntries(pairs.map(([name = '', each]) => [name.trim(), decodeURIComponent(each!.trim())]))
    } catch {
      return value
    }
  }
  const name = z.string(must).regex(/^[A-Za-z\d!#$%&'*+.^_`|~-]+$/, must)
  return z.preprocess(fromText, z.record(name, z.string(must).regex(/^[\t\x20-\x7E]*$/, must), must))
}

/** A list, or that as JSON in a text. */
function owners() {
  const words =
    'a list of owners such as { "service": "refund-worker", "name": "Payments team", "contact": "#payments" }'
  const part = (what: string, most: number) => {
    const must = MUST(`${what} of 1 to ${most} characters`)
    return z.string(must).trim().min(1, must).max(most, must)
  }
  const address = MUST('an address that begins with https://, http://, mailto: or tel:, without a password in it')
  const entry = z.strictObject(
    {
      service: part('the name of a service', 200).optional(),
      hop: z.enum(HOPS, MUST(`one of ${HOPS.join(', ')}`)).optional(),
      name: part('a name', 100),
      contact: part('a text', 200).optional(),
      url: z.string(address).max(1000, address).refine(isOwnerAddress, address).optional(),
    } satisfies Record<(typeof OWNER_FIELDS)[number], unknown>,
    { error: (issue) => (issue.code === 'invalid_type' ? words.replace('a list of owners', 'an owner') : undefined) },
  )
  return z.preprocess(fromJson, z.array(entry, MUST(words)).max(1000, MUST('a list of 1000 owners at most')))
}

const OWNER_FIELDS = ['service', 'hop', 'name', 'contact', 'url'] as const

/** An object, or that as JSON in a text. */
function factLinks() {
  const name = MUST('the name of a fact, of 1 to 40 letters, digits and _ . -')
  const address = MUST(
    'an address such as https://admin.shop.example/orders/{value}, with {value} after the host and no other braces',
  )
  return z.preprocess(
    fromJson,
    z.record(
      z.string(name).regex(/^[\w.-]{1,40}$/, name),
      z.string(address).max(1000, address).refine(isFactTemplate, address),
      {
        error: (issue) =>
          issue.code === 'invalid_key'
            ? name.error
            : 'addresses by the names of facts, such as { "order": "https://admin.shop.example/orders/{value}" }',
      },
    ),
  )
}

function fromJson(value: unknown): unknown {
  return typeof value === 'string' ? (jsonIn(value) ?? value) : value
}

function isWebAddress(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
}

/** Whether the part of the desk that is to have it takes it. */
function isTakenBy(take: (value: string) => unknown): (value: string) => boolean {
  return (value) => {
    try {
      take(value)
      return true
    } catch {
      return false
    }
  }
}
