import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

/** What DESIGN allows: a package and those it may depend on. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  reference: [],
  trail: ['reference'],
  browser: ['reference', 'trail'],
  react: ['reference', 'browser'],
  'react-query': ['browser', 'react'],
  server: ['reference', 'trail'],
  desk: ['reference', 'trail', 'react'],
  carry: [],
}
const PACKAGES = Object.keys(ALLOWED)

interface Settings {
  readonly references: readonly { readonly path: string }[]
}

/** A package with all that stands below it: the compiler lets a project reach through its references, the linter does not. */
function below(name: string): readonly string[] {
  return [name, ...(ALLOWED[name] ?? []).flatMap(below)]
}

const root = join(import.meta.dirname, '..')
const bin = (name: string): string => join(root, 'node_modules', '.bin', name)
// The packages' settings around empty sources: the real tools judge them, and no wrong file ever stands in the real packages.
mkdirSync(join(root, 'test', '.artifacts'), { recursive: true })
const copy = mkdtempSync(join(root, 'test', '.artifacts', 'direction-'))
for (const file of ['package.json', 'tsconfig.json', '.oxlintrc.json']) cpSync(join(root, file), join(copy, file))
mkdirSync(join(copy, 'packages'))
mkdirSync(join(copy, 'node_modules', '@waybill'), { recursive: true })
for (const name of PACKAGES) {
  mkdirSync(join(copy, 'packages', name, 'src'), { recursive: true })
  cpSync(join(root, 'packages', name, 'package.json'), join(copy, 'packages', name, 'package.json'))
  const settings = JSON.parse(readFileSync(join(root, 'packages', name, 'tsconfig.json'), 'utf8')) as Settings
  const references = settings.references.filter(({ path }) => path.startsWith('../'))
  writeFileSync(join(copy, 'packages', name, 'tsconfig.json'), JSON.stringify({ ...settings, references }))
  writeFileSync(join(copy, 'packages', name, 'src', 'index.ts'), `export const name = '${name}'\n`)
  symlinkSync(join('..', '..', 'packages', name), join(copy, 'node_modules', '@waybill', name))
}

afterAll(() => rmSync(copy, { recursive: true, force: true }))

describe.each(PACKAGES)('packages/%s', (name) => {
  const wrong = PACKAGES.filter((other) => other !== name && !ALLOWED[name]?.includes(other))
  const file = join(copy, 'packages', name, 'src', 'trial.ts')

  test.runIf(wrong.length > 0)('the linter refuses an import of any package it does not stand on', () => {
    writeFileSync(file, wrong.map((other) => `import '@waybill/${other}'`).join('\n'))
    const { status, stdout } = spawnSync(bin('oxlint'), [file], { cwd: copy, encoding: 'utf8' })
    rmSync(file)
    expect(status).toBe(1)
    for (const other of wrong) expect(stdout).toContain(`'@waybill/${other}' import is restricted`)
  })

  const outOfReach = PACKAGES.filter((other) => !below(name).includes(other))

  test.runIf(outOfReach.length > 0)('the compiler refuses it too, for want of a project reference', () => {
    for (const other of outOfReach) {
      writeFileSync(file, `export { name } from '@waybill/${other}'\n`)
      const { status, stdout } = spawnSync(bin('tsc'), ['-b', join(copy, 'packages', name)], {
        cwd: copy,
        encoding: 'utf8',
      })
      rmSync(file)
      expect(status).not.toBe(0)
      expect(stdout).toContain(`packages/${other}/src/index.ts' is not listed within the file list of project`)
    }
  })

  test('linter and compiler let it import what it stands on', () => {
    writeFileSync(file, (ALLOWED[name] ?? []).map((other) => `import '@waybill/${other}'`).join('\n') || 'export {}')
    const lint = spawnSync(bin('oxlint'), [file], { cwd: copy, encoding: 'utf8' })
    const compile = spawnSync(bin('tsc'), ['-b', join(copy, 'packages', name)], { cwd: copy, encoding: 'utf8' })
    rmSync(file)
    expect(lint.stdout).not.toContain('is restricted')
    expect(compile.stdout).toBe('')
  })
})
