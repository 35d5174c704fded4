import { expect, test } from 'vitest'
import { EXAMPLE_DRILL } from './exampleDrill.ts'
import { parseDrillConfig } from './parseDrillConfig.ts'

const http = { path: '/api/refunds' }
const hop = { name: 'api log', hop: 'api', file: 'api.log' }
const least = { action: { http }, hops: [hop] }

test('takes the least that says what to do and where to look', () => {
  expect(parseDrillConfig(JSON.stringify(least))).toMatchObject({
    ok: true,
    config: {
      action: { by: 'http', call: { method: 'GET', url: '/api/refunds' }, send: true },
      withinMs: 60_000,
      forged: null,
    },
  })
})

test('takes the example that it prints', () => {
  expect(parseDrillConfig(EXAMPLE_DRILL)).toMatchObject({ ok: true, config: { hops: { length: 8 }, withinMs: 60_000 } })
})

test.each([
  ['{', 'The file is no JSON'],
  ['[]', 'The file: must be an object with namespace, action'],
  [{ hops: [hop] }, 'action: must be an object with http, browser, and is missing.'],
  [{ ...least, action: { http, browser: { click: 'Pay' } } }, 'action: has http and browser. Keep one.'],
  [{ ...least, action: { browser: {} } }, 'action.browser.click: is missing. Write a text, such as "Request refund".'],
  [{ ...least, action: { http: { method: 'POST' } } }, 'action.http: needs one of path, url.'],
  [
    { ...least, action: { http: { ...http, bdy: 1 } } },
    'action.http.bdy: is not known here. Known are method, path, url, headers, body.',
  ],
  [
    { ...least, action: { http: { ...http, keep: { PATH: 'id' } } } },
    'action.http.keep.PATH: is no name of a variable of yours',
  ],
  [{ ...least, action: { http: { ...http, keep: { DRILL_MARKER: 'id' } } } }, 'capitals that begin with DRILL_'],
  [
    { ...least, action: { http: { url: 'file:///etc/passwd' } } },
    'action.http.url: must begin with http:// or https://',
  ],
  [{ ...least, within: '5 minutes' }, 'within: must be a time'],
  [{ ...least, within: 60 }, 'such as "60s".'],
  [
    { ...least, failure: { undo: { command: 'x' } } },
    'failure.force: must be an object with command, http, and is missing.',
  ],
  [{ ...least, hops: [] }, 'hops: must be a list with the places to look at'],
  [{ ...least, hops: [{ name: 'x', file: 'x' }] }, 'hops[0].hop: is missing. Write one of api, queue, worker'],
  [{ ...least, hops: [{ ...hop, hop: 'browser' }] }, 'hops[0].hop: is "browser". Write one of api'],
  [{ ...least, hops: [{ ...hop, command: 'cat x' }] }, 'hops[0]: has file and command. Keep one.'],
  [{ ...least, hops: [hop, hop] }, 'hops[1].name: "api log" is taken.'],
  [{ ...least, hops: [{ ...hop, name: 'screen' }] }, 'hops[0].name: "screen" is taken.'],
  [{ ...least, hops: [{ ...hop, after: 'queue' }] }, 'hops[0].after: "queue" is no hop above this one.'],
  [{ ...least, hops: [{ ...hop, attempts: 3 }] }, 'hops[0].attempts: needs "match"'],
  [{ ...least, hops: [{ ...hop, match: 'x', attempts: '3' }] }, 'hops[0].attempts: must be a whole number from 1'],
  [{ ...least, hops: [{ ...hop, command: [], file: undefined }] }, 'hops[0].command: is an empty list.'],
  [{ ...least, hops: [{ ...hop, hop: 'schedule' }] }, 'hops[0].trigger: is missing.'],
  [
    { ...least, hops: [{ name: 'desk', desk: { url: 'http://x', token: 'secret-token' } }] },
    'hops[0].desk.token: is a secret in a file.',
  ],
])('%j is refused with the field and what to write', (config, words) => {
  const parsed = parseDrillConfig(typeof config === 'string' ? config : JSON.stringify(config))
  expect(parsed.ok ? [] : parsed.problems.join('\n')).toContain(words)
  expect(JSON.stringify(parsed)).not.toContain('secret-token')
})

test('tells all that is wrong at once', () => {
  const parsed = parseDrillConfig('{ "within": 1, "hops": [{}, { "file": 3 }] }')
  expect(parsed.ok ? 0 : parsed.problems.length).toBeGreaterThan(6)
})
