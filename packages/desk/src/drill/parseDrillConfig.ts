import { HOPS } from '@waybill/trail'
import { createConfigReader, isObject, join } from './createConfigReader.ts'
import type { ConfigReader, Fields } from './createConfigReader.ts'
import type {
  BrowserAction,
  DrillCall,
  DrillCommand,
  DrillConfig,
  DrillDeed,
  DrillFailure,
  DrillHop,
  DrillHopKind,
  DrillSource,
  HttpAction,
  Keep,
} from './DrillConfig.ts'

/** Reads a drill's JSON. Every problem names its field and what to write there. */
export function parseDrillConfig(json: string): ParsedDrillConfig {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    return { ok: false, problems: [`The file is no JSON: ${error instanceof Error ? error.message : String(error)}.`] }
  }
  const read = createConfigReader()
  const fields = read.object(value, '', ['namespace', 'action', 'failure', 'within', 'forged', 'hops'])
  const config: DrillConfig = {
    namespace: fields['namespace'] === undefined ? '' : read.text(fields['namespace'], 'namespace', 'acme-shop/test'),
    action: actionIn(read, fields['action']),
    failure: fields['failure'] === undefined ? null : failureIn(read, fields['failure']),
    withinMs: timeIn(read, fields['within']),
    forged: forgedIn(read, fields['forged']),
    hops: hopsIn(read, fields['hops']),
  }
  return read.problems.length === 0 ? { ok: true, config } : { ok: false, problems: read.problems }
}

export type ParsedDrillConfig =
  { readonly ok: true; readonly config: DrillConfig } | { readonly ok: false; readonly problems: readonly string[] }

const HOP_KINDS: readonly DrillHopKind[] = [...HOPS.filter((hop) => hop !== 'browser' && hop !== 'log'), 'dead-letters', 'desk']

/** Variables that the drill itself sets begin so. */
const OWN_VARIABLE = /^DRILL_[A-Z0-9_]+$/

function actionIn(read: ConfigReader, value: unknown): HttpAction | BrowserAction {
  const fields = read.object(value, 'action', ['http', 'browser'])
  if (read.only(fields, 'action', ['http', 'browser']) === 'browser') return browserIn(read, fields['browser'])
  const path = 'action.http'
  const http = isObject(fields['http']) ? fields['http'] : {}
  const { send, shown, keep, ...call } = http
  if (send !== undefined && typeof send !== 'boolean')
    read.wrong(
      join(path, 'send'),
      'must be true or false: whether the drill sends a reference, as a browser with waybill does.',
    )
  return {
    by: 'http',
    call: callIn(read, fields['http'] === undefined ? undefined : call, path),
    send: send !== false,
    shown: shown === undefined ? null : { path: read.text(shown, join(path, 'shown'), 'reference') },
    keep: keepIn(read, keep, join(path, 'keep')),
  }
}

function browserIn(read: ConfigReader, value: unknown): BrowserAction {
  const path = 'action.browser'
  const fields = read.object(value, path, ['open', 'fill', 'click', 'shown', 'call', 'storageState', 'keep'])
  const optional = (key: string, example: string): string | null =>
    fields[key] === undefined ? null : read.text(fields[key], join(path, key), example)
  return {
    by: 'browser',
    open: optional('open', '/orders/A-1001') ?? '/',
    fill: read.texts(fields['fill'], join(path, 'fill'), '{ "Name": "Drill" }'),
    click: read.text(fields['click'], join(path, 'click'), 'Request refund'),
    shown: optional('shown', '[data-waybill-reference]'),
    call: optional('call', 'POST /api/refunds'),
    storageState: optional('storageState', 'signed-in.json'),
    keep: keepIn(read, fields['keep'], join(path, 'keep')),
  }
}

function keepIn(read: ConfigReader, value: unknown, path: string): Keep {
  const keep = read.texts(value, path, '{ "DRILL_ORDER": "order.id" }')
  for (const name of Object.keys(keep)) {
    if (!OWN_VARIABLE.test(name) || OWN.includes(name))
      read.wrong(
        join(path, name),
        'is no name of a variable of yours. Write capitals that begin with DRILL_, such as DRILL_ORDER.',
      )
  }
  return keep
}

const OWN = ['DRILL_MARKER', 'DRILL_REFERENCE', 'DRILL_TRACE_ID']

function callIn(read: ConfigReader, value: unknown, path: string): DrillCall {
  const fields = read.object(value, path, ['method', 'path', 'url', 'headers', 'body'])
  const where = read.only(fields, path, ['path', 'url'])
  const url =
    where === undefined
      ? ''
      : read.text(fields[where], join(path, where), where === 'path' ? '/api/refunds' : 'http://…')
  if (where === 'url' && !/^(?:https?:\/\/|\$)/.test(url))
    read.wrong(join(path, 'url'), 'must begin with http:// or https://; for one of the drilled system write "path".')
  const { method = fields['body'] === undefined ? 'GET' : 'POST' } = fields
  const word = read.text(method, join(path, 'method'), 'POST').toUpperCase()
  if (word !== '' && !/^[A-Z]+$/.test(word))
    read.wrong(join(path, 'method'), 'is no HTTP method. Write GET, POST, PUT, PATCH or DELETE.')
  if (word === 'GET' && fields['body'] !== undefined)
    read.wrong(join(path, 'body'), 'cannot go with GET. Write another "method".')
  return {
    method: word,
    url,
    headers: read.texts(fields['headers'], join(path, 'headers'), '{ "authorization": "Bearer $TOKEN" }'),
    body: fields['body'],
  }
}

function deedIn(read: ConfigReader, value: unknown, path: string): DrillDeed {
  const fields = read.object(value, path, ['command', 'http'])
  const by = read.only(fields, path, ['command', 'http'])
  if (by === 'http') return { by, call: callIn(read, fields['http'], join(path, 'http')) }
  return { by: 'command', command: by === undefined ? '' : commandIn(read, fields['command'], join(path, 'command')) }
}

function commandIn(read: ConfigReader, value: unknown, path: string): DrillCommand {
  if (!Array.isArray(value)) return read.text(value, path, 'docker logs api')
  if (value.length === 0)
    read.wrong(path, 'is an empty list. Write the program and its arguments, such as ["docker", "logs", "api"].')
  return value.map((each, index) => (each === '' ? '' : read.text(each, `${path}[${index}]`, 'docker')))
}

function failureIn(read: ConfigReader, value: unknown): DrillFailure {
  const fields = read.object(value, 'failure', ['force', 'undo'])
  return {
    force: deedIn(read, fields['force'], 'failure.force'),
    undo: fields['undo'] === undefined ? null : deedIn(read, fields['undo'], 'failure.undo'),
  }
}

function timeIn(read: ConfigReader, value: unknown): number {
  if (value === undefined) return 60_000
  const [, count, unit = ''] = /^(\d{1,6})(ms|s|m)$/.exec(typeof value === 'string' ? value : '') ?? []
  const ms = Number(count) * (UNITS[unit] ?? 0)
  if (ms > 0) return ms
  read.wrong(
    'within',
    'must be a time, how long the drill waits for all hops. Write a number with s, m or ms, such as "60s".',
  )
  return 0
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

function forgedIn(read: ConfigReader, value: unknown): DrillCall | null | false {
  if (value === undefined) return null
  return value === false ? false : callIn(read, value, 'forged')
}

function hopsIn(read: ConfigReader, value: unknown): readonly DrillHop[] {
  if (!Array.isArray(value) || value.length === 0) {
    read.wrong(
      'hops',
      'must be a list with the places to look at, such as [{ "name": "api log", "hop": "api", "file": "logs/api.log" }].',
    )
    return []
  }
  const hops = value.map((each: unknown, index) => hopIn(read, each, `hops[${index}]`))
  for (const [index, { name, after }] of hops.entries()) {
    const earlier = hops.slice(0, index).map((hop) => hop.name)
    if (name !== '' && (earlier.includes(name) || BUILT_IN.includes(name)))
      read.wrong(`hops[${index}].name`, `"${name}" is taken. Give each hop a name of its own.`)
    for (const each of after ?? []) {
      if (!earlier.includes(each))
        read.wrong(
          `hops[${index}].after`,
          `"${each}" is no hop above this one. Write the name of one of them: ${earlier.join(', ') || 'there is none'}.`,
        )
    }
  }
  return hops
}

/** What the report calls the drill's own looks. */
const BUILT_IN = ['answer', 'screen', 'forged headers']

const HOP_KEYS = [
  'name',
  'hop',
  'file',
  'command',
  'http',
  'desk',
  'format',
  'field',
  'match',
  'attempts',
  'attemptField',
  'after',
  'trigger',
]

function hopIn(read: ConfigReader, value: unknown, path: string): DrillHop {
  const fields = read.object(value, path, HOP_KEYS)
  const source = sourceIn(read, fields, path)
  const at = (key: string): string => join(path, key)
  const has = (key: string): boolean => fields[key] !== undefined
  const isDesk = source.by === 'desk'
  const kind = isDesk && !has('hop') ? 'desk' : read.oneOf(fields['hop'], at('hop'), HOP_KINDS)
  if (kind === 'desk' && !isDesk)
    read.wrong(at('hop'), 'is "desk" without "desk": { "url": …, "token": "$WAYBILL_DESK_TOKEN" }.')
  if (isDesk && (has('match') || has('field') || has('attemptField')))
    read.wrong(
      path,
      'looks at a desk, which is asked for the reference itself. Leave match, field and attemptField out.',
    )
  const match = matchIn(read, fields['match'], at('match'))
  const isOwn = match !== null || /\$\{?DRILL_/.test(JSON.stringify(source))
  const { attempts = 1 } = fields
  if (typeof attempts !== 'number' || !Number.isInteger(attempts) || attempts < 1 || attempts > 1000)
    read.wrong(at('attempts'), 'must be a whole number from 1: how many attempts have to be seen, such as 3.')
  if ((has('attempts') || has('attemptField')) && !isOwn && !isDesk)
    read.wrong(
      at('attempts'),
      'needs "match", by which an attempt under a wrong reference is known as well. Write the number of the work, such as { "order": "$DRILL_ORDER" }.',
    )
  if (kind === 'schedule' && !has('trigger'))
    read.wrong(at('trigger'), 'is missing. Write what sets the schedule off: { "command": … } or { "http": … }.')
  if (kind !== 'schedule' && has('trigger')) read.wrong(at('trigger'), 'belongs to a hop "schedule" only.')
  return {
    name: read.text(fields['name'], at('name'), 'api log'),
    kind: kind ?? 'api',
    source,
    fields: has('field') ? read.list(fields['field'], at('field'), 'reference') : [],
    match,
    isOwn,
    attempts: Number(attempts),
    attemptField: has('attemptField') ? read.text(fields['attemptField'], at('attemptField'), 'attempt') : null,
    after: has('after') ? read.list(fields['after'], at('after'), 'refunds queue') : null,
    trigger: has('trigger') ? deedIn(read, fields['trigger'], at('trigger')) : null,
  }
}

function matchIn(read: ConfigReader, value: unknown, path: string): DrillHop['match'] {
  if (value === undefined) return null
  if (!isObject(value)) return read.text(value, path, '$DRILL_MARKER')
  if (Object.keys(value).length === 0)
    read.wrong(path, 'is empty. Write a field and its value, such as { "order": "$DRILL_ORDER" }.')
  return read.texts(value, path, '{ "order": "$DRILL_ORDER" }')
}

function sourceIn(read: ConfigReader, fields: Fields, path: string): DrillSource {
  const by = read.only(fields, path, ['file', 'command', 'http', 'desk'])
  const format =
    fields['format'] === undefined ? 'lines' : read.oneOf(fields['format'], join(path, 'format'), ['lines', 'csv'])
  if (format === 'csv' && by !== 'command') read.wrong(join(path, 'format'), '"csv" is for what a command prints.')
  if (by === 'command')
    return { by, command: commandIn(read, fields['command'], join(path, 'command')), isCsv: format === 'csv' }
  if (by === 'http') return { by, call: callIn(read, fields['http'], join(path, 'http')) }
  if (by === 'desk') {
    const at = join(path, 'desk')
    const desk = read.object(fields['desk'], at, ['url', 'token', 'services'])
    const token = read.text(desk['token'], join(at, 'token'), '$WAYBILL_DESK_TOKEN')
    if (token !== '' && !token.startsWith('$'))
      read.wrong(
        join(at, 'token'),
        'is a secret in a file. Write the environment variable that holds it, such as "$WAYBILL_DESK_TOKEN".',
      )
    return {
      by,
      url: read.text(desk['url'], join(at, 'url'), 'http://localhost:4100'),
      token,
      services: desk['services'] === undefined ? [] : read.list(desk['services'], join(at, 'services'), 'shop-api'),
    }
  }
  return { by: 'file', file: by === undefined ? '' : read.text(fields['file'], join(path, 'file'), 'logs/api.log') }
}
