import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createVariables } from './createVariables.ts'
import type { OpenSource } from './openSource.ts'
import { openSource } from './openSource.ts'
import { parseDrillConfig } from './parseDrillConfig.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-source-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const variables = createVariables({ PATH: process.env['PATH'] })

async function open(place: object): Promise<OpenSource> {
  const hops = [{ name: 'log', hop: 'api', ...place }]
  const parsed = parseDrillConfig(JSON.stringify({ action: { http: { path: '/' } }, hops }))
  if (!parsed.ok) throw new Error(parsed.problems.join())
  const signal = new AbortController().signal
  return await openSource(parsed.config.hops[0]!, { base: 'http://127.0.0.1:1', folder, variables, signal })
}

async function linesOf(source: OpenSource): Promise<string[]> {
  return (await source.read()).map(({ text }) => text)
}

test('of a file only whole lines count that came after it was opened, in any script, over rotation too', async () => {
  const file = join(folder, 'api.log')
  writeFileSync(file, 'old=1\n')
  const source = await open({ file: 'api.log' })
  expect(await linesOf(source)).toEqual([])
  appendFileSync(file, 'new=ü 漢\nhalf=')
  expect(await linesOf(source)).toEqual(['new=ü 漢'])
  appendFileSync(file, '2\n')
  expect(await linesOf(source)).toEqual(['new=ü 漢', 'half=2'])
  renameSync(file, `${file}.1`)
  writeFileSync(file, 'rotated=3\n')
  expect(await linesOf(source)).toEqual(['new=ü 漢', 'half=2', 'rotated=3'])
  writeFileSync(file, '')
  expect(await linesOf(source)).toHaveLength(3)
})

test('a file that is not there yet is read from its beginning once it is', async () => {
  const source = await open({ file: 'later.log' })
  expect(await linesOf(source)).toEqual([])
  writeFileSync(join(folder, 'later.log'), 'first=1\n')
  expect(await linesOf(source)).toEqual(['first=1'])
})

test.each([
  ['a list, without a shell', [process.execPath, '-p', "require('fs').readFileSync('rows.txt', 'utf8')"]],
  ['a text, by the shell', 'cat rows.txt'],
])(
  'of a command, as %s, only what it did not print before counts, and what is gone by now still does',
  async (_, command) => {
    const rows = (...lines: string[]): void =>
      writeFileSync(join(folder, 'rows.txt'), lines.map((line) => `${line}\n`).join(''))
    rows('job=1', 'job=1')
    const source = await open({ command })
    expect(await linesOf(source)).toEqual([])
    rows('job=1', 'job=1', 'job=1', 'job=2')
    expect(await linesOf(source)).toEqual(['job=1', 'job=2'])
    rows('job=3')
    expect(await linesOf(source)).toEqual(['job=1', 'job=2', 'job=3'])
  },
)

test('a value out of an answer is an argument, and never a command', async () => {
  variables.set('DRILL_EVIL', '$(touch evil); `touch evil`; "; touch evil')
  for (const command of ['printf "%s\\n" "$DRILL_EVIL"', ['printf', '%s\\n', '$DRILL_EVIL']]) {
    const source = await open({ command })
    variables.set('DRILL_EVIL', '$(touch evil); `touch evil`; "; touch evil #2')
    expect(await linesOf(source)).toEqual(['$(touch evil); `touch evil`; "; touch evil #2'])
    variables.set('DRILL_EVIL', '$(touch evil); `touch evil`; "; touch evil')
  }
  await expect(open({ command: 'test ! -e evil' })).resolves.toBeDefined()
})

test('what names a value that the action has yet to give is first asked after it', async () => {
  const source = await open({ command: ['printf', '%s\\n', 'id=$DRILL_LATER'] })
  expect(await linesOf(source)).toEqual([])
  variables.set('DRILL_LATER', '7')
  expect(await linesOf(source)).toEqual(['id=7'])
})
