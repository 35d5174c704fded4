import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const page = readFileSync(new URL('../OTHER-LANGUAGES.md', import.meta.url), 'utf8')
const vectors = readFileSync(new URL('../../reference/vectors.json', import.meta.url), 'utf8')
const code = /```python\n([^]*?)```/.exec(page)?.[1] ?? ''
const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) {
  const missing = 'No python3 runs here, so the code that the page for other languages shows cannot be tried.'
  if (process.env['CI'] === 'true') throw new Error(missing)
  console.warn(`\n*** ${missing} Its test is SKIPPED. ***\n`)
}

/** Every case of the vectors, as what ought to come out and what does. */
const CHECK = `
import json, sys
v = json.load(sys.stdin)
got = []
def case(what, want, have):
    got.append({"what": what, "want": want, "have": have})
for each in v["mix32"]:
    case("mix " + each["in"], int(each["out"], 16), mix(int(each["in"], 16)))
for each in v["keys"]:
    case("keys of " + each["namespace"], [int(key, 16) for key in each["keys"]], keys_of(each["namespace"]))
for each in v["check"]:
    case("check symbol of " + each["data"], each["body"], with_check(each["data"]))
for each in v["traceIds"]:
    namespace, printed, trace_id = each["namespace"], each["printed"], each["traceId"]
    case(printed + " to a trace-id", trace_id, trace_id_of(each["body"][:-1], namespace))
    for given in (trace_id, trace_id.upper(), each["low64hex"], each["low64hex"].zfill(32)):
        case(given, printed, reference_of(given, namespace))
zero = v["leadingZero"]
case("trimmed", zero["body"], reference_of(zero["trimmed"]).replace("-", ""))
for each in v["foreign"] + v["tampered"]:
    case(each["id"], None, reference_of(each["id"]))
print(json.dumps(got))
`

describe.skipIf(!hasPython)('the Python code of the page for other languages', () => {
  test('gives what every implementation has to give', () => {
    const { stdout, stderr } = spawnSync('python3', ['-c', code + CHECK], { input: vectors, encoding: 'utf8' })
    expect(stderr).toBe('')
    const cases: { readonly what: string; readonly want: unknown; readonly have: unknown }[] = JSON.parse(stdout)
    expect(cases.length).toBeGreaterThan(100)
    expect(cases.filter(({ want, have }) => JSON.stringify(want) !== JSON.stringify(have))).toEqual([])
  })
})
