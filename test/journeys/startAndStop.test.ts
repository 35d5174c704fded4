import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDemo } from './startDemo.ts'

const root = join(import.meta.dirname, '..', '..')

test('npm start says where shop and desk are, both answer, and an interrupt leaves no process behind', async () => {
  const demo = await startDemo()
  expect(demo.printed).toMatch(/^shop {2}http:\/\/localhost:\d+$/m)
  expect(demo.printed).toMatch(/^desk {2}http:\/\/localhost:\d+$/m)
  expect(demo.printed.trimEnd()).toMatch(/\nready$/)
  for (const url of [
    demo.shop,
    demo.desk,
    demo.shop.replace('localhost', '[::1]'),
    demo.shop.replace('localhost', '127.0.0.1'),
  ])
    expect((await fetch(url)).status).toBe(200)
  const family = descendants(demo.child.pid!)
  expect(family.length).toBeGreaterThanOrEqual(6)
  await demo.stop()
  expect(demo.child.exitCode).toBe(0)
  expect(family.filter(isAlive)).toEqual([])
})

test.each([
  ['node', 'SIGKILL'],
  ['npm', 'SIGKILL'],
  ['npm', 'SIGTERM'],
] as const)('ends everything when the %s that started it gets a %s', async (by, signal) => {
  const demo = await startDemo({}, by)
  const family = descendants(demo.child.pid!)
  demo.child.kill(signal)
  await expect.poll(() => family.filter(isAlive)).toEqual([])
})

test('a busy port is an error that says so and how to go on', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { code, printed } = await run(['--port', String(port)])
  server.close()
  expect(code).toBe(1)
  expect(printed).toContain(`Port ${port} is in use`)
  expect(printed).toContain('npm start -- --port')
})

test('wrong options are refused with the help text', async () => {
  for (const args of [['--stall-ms', 'soon'], ['--port', '99999999'], ['--nonsense']]) {
    const { code, printed } = await run(args)
    expect(code).toBe(2)
    expect(printed).toContain('[waybill]')
    expect(printed).toContain('--stall-ms N')
  }
  expect(await run(['--help'])).toMatchObject({ code: 0 })
})

function run(args: readonly string[]): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, ['demo-app/start.js', ...args], {
    cwd: root,
    env: { ...process.env, DESK_PORT: '4987' },
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, printed })))
}

function descendants(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const pairs = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const children = pairs.filter(([, parent]) => parent === pid).map(([child]) => child!)
  return [...children, ...children.flatMap(descendants)]
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
