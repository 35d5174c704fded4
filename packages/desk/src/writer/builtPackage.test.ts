import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeOtlp } from '@waybill/trail'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'waybill-built-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(() => {
  const tsc = join(root, '..', '..', 'node_modules', '.bin', 'tsc')
  expect(spawnSync(tsc, ['-b', root], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' })
})

test('what is built and published writes in a thread of its own, too', () => {
  const { servers, reference } = refundTrail()
  const options = { database: join(folder, 'desk.db'), readToken: TOKEN, ingestKeys: [SERVER_KEY] }
  const given = JSON.stringify({ options, body: JSON.stringify(encodeOtlp(servers)), reference })
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM, given], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(stderr).not.toContain('[waybill]')
  expect(JSON.parse(stdout)).toEqual({ taken: 200, steps: servers.length })
})

/** As a user of the package writes it. */
const PROGRAM = `
import { createDesk } from '@waybill/desk'

const { options, body, reference } = JSON.parse(process.argv[1])
const desk = createDesk(options)
const headers = { 'content-type': 'application/json', authorization: 'Bearer ' + options.ingestKeys[0] }
const taken = await desk.fetch(new Request('http://desk/v1/traces', { method: 'POST', headers, body }))
const asked = { headers: { authorization: 'Bearer ' + options.readToken } }
const found = await desk.fetch(new Request('http://desk/api/trails/' + reference, asked))
const { matches } = await found.json()
console.log(JSON.stringify({ taken: taken.status, steps: matches[0].steps.length }))
await desk.stop()
`
