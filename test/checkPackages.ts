import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * `npm run check:packages`: packs every package as npm would publish it from a fresh clone, where nothing is built, and lets publint
 * and "are the types wrong" read the tarballs as a stranger's tools do. Ends with 1 when they, or we, find something.
 */
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'waybill-packages-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** None before what it stands on, so that whatever is in it was built by its own `prepack`. */
const ORDER = ['reference', 'trail', 'carry', 'browser', 'react', 'react-query', 'server', 'desk']
const names = readdirSync(join(root, 'packages'))
if (ORDER.toSorted().join() !== names.toSorted().join())
  fail(`The packages are ${names.join(', ')}, and not all are packed.`)
for (const name of names) rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true })
const packed = ORDER.flatMap((name): readonly Packed[] =>
  JSON.parse(run(join(root, 'packages', name), 'npm', 'pack', '--json', '--pack-destination', folder)),
)

for (const { name, filename, files } of packed) {
  const paths = files.map(({ path }) => path)
  const wanted = [
    'README.md',
    'LICENSE',
    'dist/index.js',
    ...(name === '@waybill/desk' ? ['dist/site/index.html'] : []),
  ]
  const missing = wanted.filter((path) => !paths.includes(path))
  const stray = paths.filter((path) => /\.(?:test\.\w+|tsbuildinfo)$/.test(path))
  if (missing.length > 0) fail(`${name} goes out without ${missing.join(' and ')}.`)
  if (stray.length > 0) fail(`${name} goes out with ${stray.join(', ')}.`)
  run(folder, 'publint', 'run', filename, '--strict')
  // A stylesheet has no types.
  const options = ['--profile', 'esm-only', '--no-definitely-typed', '--exclude-entrypoints', './styles.css']
  run(folder, 'attw', filename, ...options, '--format', 'ascii')
  console.log(`${name}: ${paths.length} files`)
}

/** What the program prints; what it prints of a fault is shown. Through a shell, because on Windows these are scripts. */
function run(cwd: string, ...command: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command.join(' '), { cwd, shell: true, encoding: 'utf8' })
  if (status !== 0) fail(`${command.join(' ')}\n${stdout}${stderr}`)
  return stdout
}

function fail(what: string): void {
  console.error(what)
  process.exitCode = 1
}

interface Packed {
  readonly name: string
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}
