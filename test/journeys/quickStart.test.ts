import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFreshApp, installed, packPackages } from './freshApp/createFreshApp.ts'
import type { FreshApp, PackedPackages } from './freshApp/createFreshApp.ts'
import { openBrowser, shownReference } from './openBrowser.ts'
import { eventually, trailsAt } from './startDemo.ts'

const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8')
const section = /## Quick start\n(.*?)\n## /s.exec(readme)?.[1] ?? ''
const [commands = '', setUp = '', use = ''] = [...section.matchAll(/```\w+\n(.*?)```/gs)].map(
  ([, lines]) => lines ?? '',
)

test('the README’s quick start is ten lines at most', () => {
  const lines = [commands, setUp, use].flatMap((text) => text.split('\n').filter((line) => line.trim() !== ''))
  expect(lines.length).toBeGreaterThan(5)
  expect(lines.length).toBeLessThanOrEqual(10)
})

let browser: Browser
let packed: PackedPackages
let desk: ChildProcess
let app: FreshApp

beforeAll(async () => {
  browser = await openBrowser()
  packed = await packPackages(['reference', 'trail', 'browser', 'react', 'desk'])
}, 300_000)

afterAll(async () => {
  await stopDesk()
  await app?.[Symbol.asyncDispose]()
  await browser?.close()
})

test('from it, and what the desk prints, comes a notice whose code the desk finds', async () => {
  const [install = '', start = ''] = commands.trim().split(' && ')
  const names = install.replace(/^npm install /, '').split(' ')
  const ours = names.filter((name) => name.startsWith('@waybill/'))
  expect(ours.map((name) => packed.tarballs[name]).every(Boolean)).toBe(true)
  const others = names.filter((name) => !ours.includes(name)).map((name) => [name, `^${installed(name)}`])
  const react = { react: '^19.0.0', 'react-dom': '^19.0.0', '@types/react': '^19.0.0', '@types/react-dom': '^19.0.0' }
  const printed: string[] = []
  let token = ''
  app = await createFreshApp({
    packed,
    versions: { ...react, ...Object.fromEntries(others) },
    /** The desk is there as soon as everything is installed, and before the app's source is written. */
    async sources(folder) {
      const [command = '', ...args] = start.split(' ')
      desk = spawn(command, [...args, '--port', '0'], {
        cwd: folder,
        env: { ...withoutKeys(), PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) },
        stdio: ['ignore', 'pipe', 'inherit'],
        // A group of its own, so that all of it can be ended.
        detached: process.platform !== 'win32',
        shell: process.platform === 'win32',
      })
      for await (const line of createInterface({ input: desk.stdout! })) {
        printed.push(line)
        if (line === 'ready') break
      }
      const after = (label: string): string =>
        printed
          .find((line) => line.startsWith(label))
          ?.slice(label.length)
          .trim() ?? ''
      token = after('read token')
      const pasted = setUp.replace(/^const waybill = .*$/m, after('in the browser'))
      expect(pasted).toContain(after('browser key'))
      return { 'main.tsx': appOf({ setUp: pasted, use }) }
    },
  })
  const url = printed.find((line) => line.startsWith('desk '))?.replace(/^desk +/, '') ?? ''

  const page = await browser.newPage()
  await page.route('**/api/**', (route) => route.fulfill({ status: 503 }))
  await page.goto(`${app.url}main.html`)
  await page.getByRole('button', { name: 'Request refund' }).click()
  await page.getByText('Your refund was not requested.').waitFor()
  const reference = await shownReference(page)
  const found = await eventually(
    () => trailsAt(url, token, reference),
    ([trail]) => trail?.outcome.state === 'failed',
  )
  expect(found).toMatchObject([{ reference, action: 'Request refund', outcome: { state: 'failed' } }])
  expect((await fetch(`${url}/trail/${reference}`)).status).toBe(200)
  expect(await (await fetch(url)).text()).toContain('<div id="desk"')
  await page.close()
})

/** With npx, which started it. */
async function stopDesk(): Promise<void> {
  if (!desk?.pid || desk.exitCode !== null || desk.signalCode !== null) return
  const closed = once(desk, 'close')
  if (process.platform === 'win32') desk.kill()
  else process.kill(-desk.pid, 'SIGTERM')
  await closed
}

/** A file out of the README's pieces: the component that it speaks of, and where it is drawn. */
function appOf({ setUp, use }: { readonly setUp: string; readonly use: string }): string {
  const imports = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('import '))
  const rest = (text: string): string =>
    text
      .split('\n')
      .filter((line) => !line.startsWith('import '))
      .join('\n')
  const [hooks = '', ...elements] = rest(use)
    .trim()
    .split(/\n(?=<)/)
  return [
    ...imports(setUp),
    ...imports(use),
    `import { createRoot } from 'react-dom/client'`,
    `const root = createRoot(document.getElementById('root')!)`,
    rest(setUp),
    `function App() {\n${hooks}\nreturn <>${elements.join('\n')}</>\n}`,
  ].join('\n')
}

/** Nothing of this shell's own settings, which would answer for the command's. */
function withoutKeys(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:WAYBILL_|NODE_OPTIONS|VITEST)/.test(name)),
  )
}
