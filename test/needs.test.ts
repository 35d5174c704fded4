import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { absenceOf, missingNeeds, NEEDS } from './needs.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-needs-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Where Debian's packages put what is looked for. */
const DEBIAN: Readonly<Record<string, string>> = {
  chromium: '/usr/bin/chromium',
  'firefox-esr': '/usr/bin/firefox-esr',
  'webkit2gtk-driver': '/usr/bin/WebKitWebDriver',
  xvfb: '/usr/bin/Xvfb',
  'tesseract-ocr': '/usr/bin/tesseract',
  'fonts-dejavu-core': '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  'fonts-liberation': '/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf',
  'fonts-roboto-unhinted': '/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf',
}
const PACKAGES = Object.keys(DEBIAN)

/** What is missing on a machine that has these packages and nothing else. */
function missingWith(packages: readonly string[]): string[] {
  const root = mkdtempSync(join(folder, 'root-'))
  for (const file of packages.map((name) => join(root, DEBIAN[name] ?? ''))) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, 'here')
  }
  const machine = { root, environment: { PATH: '/usr/local/bin:/usr/bin', HOME: '/root' } }
  return missingNeeds(machine).map(({ debianPackage }) => debianPackage)
}

test('everything is missing on an empty machine, and nothing where every package is', () => {
  expect(missingWith([])).toEqual(PACKAGES)
  expect(missingWith(PACKAGES)).toEqual([])
})

describe.each(PACKAGES)('%s', (name) => {
  test('is the one thing missing where all others are here', () => {
    expect(missingWith(PACKAGES.filter((other) => other !== name))).toEqual([name])
  })

  test('is not missing where it alone is here', () => {
    expect(missingWith([name])).toEqual(PACKAGES.filter((other) => other !== name))
  })
})

test('a font whose link leads nowhere is missing', () => {
  const root = mkdtempSync(join(folder, 'root-'))
  const file = join(root, DEBIAN['fonts-roboto-unhinted'] ?? '')
  mkdirSync(dirname(file), { recursive: true })
  symlinkSync('gone.ttf', file)
  const missing = missingNeeds({ root, environment: { PATH: '' } })
  expect(missing.map(({ debianPackage }) => debianPackage)).toContain('fonts-roboto-unhinted')
})

test('each absence says what is left out and how to get it, on Debian and elsewhere', () => {
  for (const need of NEEDS) {
    const text = absenceOf(need)
    expect(text).toMatch(/^\[waybill\] .+ was not found, so .+ LEFT OUT/)
    expect(text).toContain(`sudo apt-get install ${need.debianPackage};`)
    expect(text).toContain(need.elsewhere)
  }
})

test.runIf(process.platform !== 'win32')(
  'installs what is missing and nothing else, as root; with CI=true a run ends by name of what is missing still',
  () => {
    const programs = mkdtempSync(join(folder, 'programs-'))
    // Has no Tesseract to give, as some systems have no Firefox.
    const script = `#!/bin/sh
for name; do :; done
echo "$@" >> ${programs}/asked
case $name in
  chromium | firefox-esr) : > ${programs}/$name ;;
  webkit2gtk-driver) : > ${programs}/WebKitWebDriver ;;
  xvfb) : > ${programs}/Xvfb ;;
  tesseract-ocr) exit 100 ;;
esac
`
    writeFileSync(join(programs, 'apt-get'), script)
    chmodSync(join(programs, 'apt-get'), 0o755)
    const environment = { PATH: programs, HOME: folder, CI: 'true' }
    const missing = missingNeeds({ environment }).map(({ debianPackage }) => debianPackage)
    expect(missing).toEqual(expect.arrayContaining(['chromium', 'firefox-esr', 'tesseract-ocr']))
    const run = spawnSync(process.execPath, [join(import.meta.dirname, 'runTests.ts'), 'no-such-test'], {
      env: environment,
      encoding: 'utf8',
    })
    expect(run.status).toBe(1)
    const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0
    const asked = isRootOnLinux ? readFileSync(join(programs, 'asked'), 'utf8').trimEnd().split('\n') : []
    const install = '-o DPkg::Lock::Timeout=300 install --yes --no-install-recommends '
    expect(asked.filter((line) => line.startsWith(install)).map((line) => line.slice(install.length))).toEqual(
      isRootOnLinux ? missing : [],
    )
    expect(run.stderr).toContain('sudo apt-get install tesseract-ocr;')
    expect(run.stderr).toMatch(
      isRootOnLinux
        ? /no test was run for want of: Tesseract/
        : /for want of: Chromium or Chrome, Firefox, WebKit’s driver, Xvfb, Tesseract/,
    )
    if (isRootOnLinux) expect(run.stderr).not.toContain('Chromium')
  },
)
