import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { validate } from 'dockerfile-utils'
import { afterAll, describe, expect, test } from 'vitest'
import { parse, parseDocument } from 'yaml'
import { createProgram } from './command/createProgram.ts'
import { freePort } from '../../../test/freePort.ts'

const packageFolder = join(import.meta.dirname, '..')
const deploy = join(packageFolder, 'deploy')
const textOf = (name: string): string => readFileSync(join(deploy, name), 'utf8')
const root = mkdtempSync(join(tmpdir(), 'waybill-deployment-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const stages = stagesOf(textOf('Dockerfile'))
const image = stages.at(-1)!
const unit = textOf('waybill.service')
const compose = parse(textOf('compose.yaml'))

describe('the Dockerfile', () => {
  test('is well formed, and no lint has anything against it', () => {
    expect(validate(textOf('Dockerfile'))).toEqual([])
    expect(stages.every(([first]) => first?.word === 'FROM' && /:\d/.test(first.rest))).toBe(true)
  })

  test('gives a process that is not root, hears signals itself, writes to one volume and is asked for its health', () => {
    expect(Number.parseInt(only('USER'), 10)).toBeGreaterThan(0)
    expect(only('VOLUME')).toBe('/data')
    expect(listOf('ENTRYPOINT')).toEqual(['waybill'])
    expect(listOf('CMD')[0]).toBe('desk')
    expect(only('HEALTHCHECK')).toContain('/healthz')
  })
})

test('compose.yaml is well formed, names only what it defines, and gives no process more than it needs', () => {
  const document = parseDocument(textOf('compose.yaml'), { strict: true, uniqueKeys: true })
  expect([...document.errors, ...document.warnings]).toEqual([])
  for (const [name, service] of Object.entries<ComposeService>(compose.services)) {
    expect(service.cap_drop, name).toEqual(['ALL'])
    expect(service.security_opt, name).toEqual(['no-new-privileges:true'])
    for (const network of service.networks) expect(compose.networks).toHaveProperty(network)
    for (const { source } of service.configs ?? []) expect(compose.configs).toHaveProperty(source)
    for (const volume of service.volumes ?? []) expect(compose.volumes).toHaveProperty(volume.split(':')[0]!)
    for (const other of Object.keys(service.depends_on ?? {})) expect(compose.services).toHaveProperty(other)
  }
  const { desk } = compose.services
  expect(desk).toMatchObject({ read_only: true, volumes: [expect.stringMatching(/:\/data$/)] })
  expect(desk).not.toHaveProperty('ports')
  expect(compose.configs.caddyfile.content).toContain(`reverse_proxy desk:${only('EXPOSE')}`)
  const collector = parse(compose.configs.collector.content)
  expect(Object.keys(collector.receivers)).toEqual(collector.service.pipelines.traces.receivers)
  expect(Object.keys(collector.exporters)).toEqual(collector.service.pipelines.traces.exporters)
})

test('postgres.yaml adds a second desk with the same settings and a PostgreSQL that is ready first, and no process has more than it needs', () => {
  const document = parseDocument(textOf('postgres.yaml'), { strict: true, uniqueKeys: true })
  expect([...document.errors, ...document.warnings]).toEqual([])
  const added = parse(textOf('postgres.yaml'))
  const { desk, 'desk-2': second, postgres } = added.services
  expect(second.environment).toEqual(desk.environment)
  expect(second.extends).toEqual({ file: 'compose.yaml', service: 'desk' })
  expect(second.command).toEqual(desk.command)
  expect(Object.keys(desk.environment)).toEqual(expect.arrayContaining(['WAYBILL_DATABASE', 'WAYBILL_HASH_SECRET']))
  const user = postgres.environment.POSTGRES_USER
  expect(desk.environment.WAYBILL_DATABASE).toMatch(
    new RegExp(`^postgres://${user}:\\$\\{POSTGRES_PASSWORD.*\\}@postgres/${postgres.environment.POSTGRES_DB}$`),
  )
  for (const each of [desk, second]) expect(each.depends_on).toEqual({ postgres: { condition: 'service_healthy' } })
  expect(postgres.healthcheck.test).toContain('pg_isready')
  expect(postgres).toMatchObject({ cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
  expect(postgres).not.toHaveProperty('ports')
  for (const network of postgres.networks) expect(compose.networks).toHaveProperty(network)
  for (const volume of postgres.volumes) expect(added.volumes).toHaveProperty(volume.split(':')[0])
  expect(added.configs.caddyfile.content).toContain(`reverse_proxy desk:${only('EXPOSE')} desk-2:${only('EXPOSE')}`)
  const options = createProgram().commands.find((command) => command.name() === 'desk')!.options
  for (const word of desk.command.slice(1))
    if (word.startsWith('-')) expect(options.map(({ long }) => long)).toContain(word)
  // An option would win over the environment.
  expect(desk.command).not.toContain('--database')
})

test('the systemd unit is one that systemd takes, and shuts the desk in', ({ skip }) => {
  for (const line of ['DynamicUser=yes', 'NoNewPrivileges=yes', 'ProtectSystem=strict', 'StateDirectory=waybill'])
    expect(unit.split('\n')).toContain(line)
  expect(unit).toMatch(/^MemoryMax=\d+[MG]$/m)
  const { error, stdout, stderr } = spawnSync('systemd-analyze', ['verify', join(deploy, 'waybill.service')], {
    encoding: 'utf8',
  })
  if (error) skip('no systemd here')
  // It also tells of other units of this machine.
  expect(`${stdout}${stderr}`.split('\n').filter((line) => line.includes('waybill.service'))).toEqual([])
})

test('the command knows every option that is given to it', () => {
  const desk = createProgram().commands.find((command) => command.name() === 'desk')!
  const known = new Set(desk.options.flatMap(({ long, short }) => [long, short]))
  const started = /^ExecStart=\S+ waybill desk (.+)$/m.exec(unit)![1]!.split(' ')
  for (const word of [...started, ...listOf('CMD'), ...(compose.services.desk.command ?? [])])
    if (word.startsWith('-')) expect(known).toContain(word.split('=')[0])
})

test.skipIf(process.platform === 'win32')(
  'what the image runs starts, is healthy, and ends well on SIGTERM; it writes nowhere but to its volume',
  async () => {
    const bin = process.env['WAYBILL_IMAGE'] ? installFromTarballs() : linkToSources()
    const port = String(await freePort())
    const here = (text: string): string => text.replaceAll('/data', join(root, 'data')).replaceAll(only('EXPOSE'), port)
    const [word, ...options] = [...listOf('ENTRYPOINT'), ...listOf('CMD')].map(here)
    mkdirSync(join(root, 'data'), { recursive: true })
    const env = { PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter) }
    const before = readdirSync(root)
    const desk = spawn(word!, options, { env, cwd: join(root, 'data') })
    let said = ''
    for (const stream of [desk.stdout, desk.stderr]) stream.on('data', (part: Buffer) => (said += String(part)))
    const ended = new Promise((resolve) => desk.once('exit', (code, signal) => resolve(code ?? signal)))
    const [node, ...check] = listIn(only('HEALTHCHECK').replace(/^.*\bCMD /s, '')).map(here)
    const health = (): number | null => spawnSync(node!, check, { env }).status
    try {
      await expect.poll(health, { timeout: 30_000 }).toBe(0)
      expect(readdirSync(root)).toEqual(before)
      expect(readdirSync(join(root, 'data'))).toContain('waybill.db')
    } finally {
      desk.kill('SIGTERM')
    }
    expect(await ended, said).toBe(0)
    expect(health()).toBe(1)
  },
)

/** The folder with a `waybill` that runs the sources, for a build takes its time. */
function linkToSources(): string {
  const bin = join(root, 'bin')
  mkdirSync(bin)
  const cli = join(packageFolder, 'src', 'cli.ts')
  const file = join(bin, 'waybill')
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" --conditions=waybill-source "${cli}" "$@"\n`)
  chmodSync(file, 0o755)
  return bin
}

/** Packs the workspace as npm would publish it and does by hand what the first stage of the image does; gives the installed `waybill`'s folder. */
function installFromTarballs(): string {
  const context = join(root, 'context')
  mkdirSync(context)
  for (const name of ['reference', 'trail', 'desk'])
    run(`npm pack --pack-destination "${context}"`, join(packageFolder, '..', name))
  cpSync(join(deploy, 'Dockerfile'), join(context, 'Dockerfile'))
  const env: Record<string, string> = {}
  let at = root
  for (const { word, rest } of stages[0]!) {
    if (word === 'WORKDIR') mkdirSync((at = join(root, rest)), { recursive: true })
    if (word === 'ARG') env['DESK'] = './*.tgz'
    if (word === 'COPY')
      for (const name of globSync(rest.split(' ').slice(0, -1), { cwd: context }))
        cpSync(join(context, name), join(at, name))
    if (word === 'RUN') run(rest, at, env)
  }
  return join(root, 'app', 'node_modules', '.bin')
}

function run(command: string, cwd: string, env: Record<string, string> = {}): void {
  const { status, stdout, stderr } = spawnSync(command, {
    cwd,
    shell: true,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  expect(status, `${command}\n${stdout}${stderr}`).toBe(0)
}

/** The instructions of each stage, with lines that go on put together. */
function stagesOf(text: string): Instruction[][] {
  const lines = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
  const all = lines.filter(Boolean).map((line): Instruction => {
    const [word = '', ...rest] = line.split(' ')
    return { word, rest: rest.join(' ') }
  })
  const starts = all.flatMap(({ word }, index) => (word === 'FROM' ? [index] : []))
  return starts.map((start, index) => all.slice(start, starts[index + 1]))
}

interface Instruction {
  readonly word: string
  readonly rest: string
}

function only(word: string): string {
  const found = image.filter((each) => each.word === word)
  expect(found, word).toHaveLength(1)
  return found[0]!.rest
}

function listOf(word: string): string[] {
  return listIn(only(word))
}

/** Of an instruction in the exec form, which no shell stands in front of. */
function listIn(text: string): string[] {
  const list: unknown = JSON.parse(text)
  expect(list).toBeInstanceOf(Array)
  return (list as unknown[]).map(String)
}

interface ComposeService {
  readonly cap_drop?: unknown
  readonly security_opt?: unknown
  readonly networks: readonly string[]
  readonly volumes?: readonly string[]
  readonly configs?: readonly { readonly source: string }[]
  readonly depends_on?: object
}
