import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bytesIn, holds } from '../../fixtures/dayFiles.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { runWaybill, startDeskCommand } from '../../fixtures/waybillProcess.ts'
import { personHash } from '../store/personHash.ts'

test('of an erased person nothing is left in any file, in what the desk printed, or in a backup made after', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-left-'))
  const databaseFile = join(folder, 'desk.db')
  const person = 'Erin.Example-4711'
  const [erins, others] = [refundTrail({ person, order: 'ERINS-ORDER' }), refundTrail({ order: 'OTHERS-ORDER' })]
  {
    await using desk = await startDeskCommand(databaseFile)
    for (const { browser, servers } of [erins, others]) {
      expect(await desk.sendAsServer(servers)).toBe(200)
      expect(await desk.sendAsBrowser(browser)).toBe(200)
    }
    // Another customer's trail has a note of hers.
    const note = { ...others.servers[0]!, id: 'aa'.repeat(8), facts: { invited: person } }
    expect(await desk.sendAsServer([note])).toBe(200)
    for (const text of [person, 'ERINS-ORDER', erins.reference]) expect((await desk.lookUp(text)).status).toBe(200)

    const secret = Buffer.from(readFileSync(`${databaseFile}.secret`, 'utf8'), 'base64url')
    const hash = personHash(person, secret)
    const kept = [person, hash, 'ERINS-ORDER', erins.reference, erins.browser[0]!.id]
    // By these she is found, and only their numbers are kept.
    const traces = [...kept, person.toLowerCase(), 'erins-order']
    const leftIn = (text: string | Buffer): string[] => traces.filter((trace) => holds(Buffer.from(text), trace))
    expect(leftIn(bytesIn(folder))).toEqual(kept)

    const made = await runWaybill(['token', 'create', '--name', 'operator', '--scope', 'admin', '-d', databaseFile])
    const env = { ADMIN_TOKEN: /wbd_\S+/.exec(made.out)?.[0] ?? expect.fail(made.errors) }
    const at = ['--desk', desk.url, '--token-env', 'ADMIN_TOKEN']
    const unasked = await runWaybill(['erase', '--person', person, ...at], { env })
    expect(unasked).toMatchObject({ code: 1, errors: expect.stringContaining('Add --yes') })
    expect(unasked.out).toContain('1 trail would be erased, and 1 trail of others would lose their part.')
    const own = await runWaybill(['export', '--person', '-', ...at], { input: `${person}\n`, env })
    expect(JSON.parse(own.out).trails).toMatchObject([{ reference: erins.reference }])
    const erased = await runWaybill(['erase', '--person', '-', '--yes', ...at], { input: `${person}\n`, env })
    expect(erased).toMatchObject({ code: 0, errors: '' })
    expect(erased.out).toContain('1 trail erased; 1 trail of others lost their part.')
    expect((await (await desk.lookUp(erins.reference)).json()).matches).toEqual([])

    expect(leftIn(bytesIn(folder))).toEqual([])
    expect((await (await desk.lookUp(person)).json()).matches).toEqual([])
    expect((await (await desk.lookUp('OTHERS-ORDER')).json()).matches).toHaveLength(1)
    expect(await runWaybill(['backup', join(folder, 'backup'), '-d', databaseFile])).toMatchObject({ code: 0 })
    await desk.end('SIGTERM')
    expect(leftIn(bytesIn(folder))).toEqual([])
    expect(leftIn(desk.printed())).toEqual([])
    expect(bytesIn(join(folder, 'backup')).includes('OTHERS-ORDER')).toBe(true)
  }
  rmSync(folder, { recursive: true })
})
