import { carrySource } from '@waybill/carry'
import type { CarrySourceOptions } from '@waybill/carry'
import { visitorKeys } from 'oxc-parser'
import { describe, expect, it } from 'vitest'
import { childNodes } from './transform/syntaxNode.ts'

const FROM = 'from"@waybill/carry/runtime";'

describe('carrySource', () => {
  it.each([
    [
      'a function',
      'async function f(x) { return g(await x) }',
      'async function f(x) { const $=$n();try{return g($b($,await $o($,x))) }finally{$o($)}}',
    ],
    [
      'an expression arrow',
      'f = async (a) => (await a).b',
      'f = async (a) => {const $=$n();try{return (($b($,await $o($,a))).b)}finally{$o($)}}',
    ],
    [
      'what follows a rejection',
      'async () => { try { await a } catch { b } finally { c } }',
      'async () => { const $=$n();try{try { $b($,await $o($,a)) } catch {$b($); b } finally {$b($); c } }finally{$o($)}}',
    ],
    [
      'a loop with its labels',
      'async () => { a: b: for await (const v of e) f(v) }',
      'async () => { const $=$n();try{try{a: b: for await (const v of $e($,e)) {$b($);f(v)}}finally{$b($);} }finally{$o($)}}',
    ],
    [
      'a generator, from its creation',
      'async function* f(a,) { yield; yield* b; return c, d }',
      'async function* f(a,...{$carry:$=$c()}) { $b($);try{$b($,yield $o($)); $b($,yield* $e($,b)); return $o($,(c, d)) }finally{$o($)}}',
    ],
    [
      'a generator with a rest parameter',
      'async function* f(a, ...b) { yield b }',
      'async function* f(a, ...b) { const $=$c([]);$b($);try{$b($,yield $o($,b)) }finally{$o($)}}',
    ],
    [
      'a generator of which nothing runs at its creation',
      'async function* f() { "use strict"; yield 1 }',
      'async function* f() { "use strict"; const $=$c([]);$b($);try{$b($,yield $o($,1)) }finally{$o($)}}',
    ],
    [
      'what is disposed of',
      'async () => { using a = b, c = await d }',
      'async () => { const $=$n();try{using a = b,$u1=$d($), c = $b($,await $o($,d)),$u2=$d($) }finally{$o($)}}',
    ],
    [
      'an iterator that a rejection closes',
      'async () => { for (const a of b) await a }',
      'async () => { const $=$n();try{for (const a of b) {try{$b($,await $o($,a))}finally{$b($);}} }finally{$o($)}}',
    ],
    [
      'an operand without a space',
      'async () => { await(a) }',
      'async () => { const $=$n();try{$b($,await $o($,(a))) }finally{$o($)}}',
    ],
  ])('carries %s', (_, code, expected) => {
    const carried = carrySource(code, { filename: 'a.mjs' })!
    expect(carried.code.slice(carried.code.indexOf(FROM) + FROM.length)).toBe(expected)
    expect(carried.carried).toBe(1)
    expect(carried.leftAlone).toEqual([])
  })

  it.each([
    ['no function that is async', 'function* f() { yield 1 }'],
    ['no suspension', 'async function f() { return g() }'],
    ['a suspension at the top level only', 'await a; for await (const b of c) d'],
    ['one await and nothing after it', 'export const f = async (a) => await g(a), h = async () => ((await f()))'],
    ['a generator without a body', 'export async function* f() {}'],
    ['only the words', '// async await\nexport const async = "await"'],
  ])('leaves a source as it is that has %s', (_, code) => {
    expect(carrySource(code, { filename: 'a.js' })).toBeUndefined()
  })

  it.each([
    ['sum', (times: number) => Array.from({ length: times }, () => 'a').join('+')],
    ['chain of calls', (times: number) => `a${'.then(b)'.repeat(times)}`],
    ['chain of conditions', (times: number) => `() => { if (a) {} ${'else if (b) {}'.repeat(times)} }`],
    ['list', (times: number) => `[${'a,'.repeat(times * 10)}]`],
  ])('carries what is beside a long %s', (_, make) => {
    expect(carrySource(`async () => { await a };${make(4000)}`, { filename: 'a.js' })?.carried).toBe(1)
  })

  it('carries an arrow whose one await is not the end of it', () => {
    for (const code of [
      'async () => [await a]',
      'async () => await (await a)',
      'async () => { await a }',
      'async () => (await a)()',
    ]) {
      expect(carrySource(code, { filename: 'a.js' })?.carried).toBe(1)
    }
  })

  describe('left alone', () => {
    it.each([
      ['await using', 'async function f() { await using a = b; await c }'],
      ['await using', 'async function f() { for await (await using a of b) c }'],
      ['await using', 'async function* f() { await using a = b }'],
      ['eval', 'async function f() { eval("a"); await b }'],
      ['eval', 'async function f() { ((eval))("a"); await b }'],
      ['with', 'async function f() { with (a) { await b } }'],
      ['duplicate declaration', 'async function f() { var a; function a() {} await b }'],
      ['duplicate declaration', 'async function f() { function a() {} function a() {} await b }'],
      ['duplicate declaration', 'async function f() { async function a() {} { for (var { x: [a] } of b); } await b }'],
      ['duplicate declaration', 'async function f() { { function a() {} } var a; await b }'],
      ['duplicate declaration', 'async function f(a) { function a() {} await arguments[0] }'],
    ])('is a function for %s', (reason, code) => {
      const carried = carrySource(`\n${code}`, { filename: 'a.cjs' })!
      expect(carried.leftAlone).toEqual([{ reason, name: 'f', line: 2 }])
      expect(carried).toMatchObject({ carried: 0, code: `\n${code}` })
    })

    it.each([
      ['eval?.("a")', 'indirect eval'],
      ['window.eval("a")', 'a method'],
      ['(0, eval)("a")', 'indirect eval'],
    ])('is not a function for %s', (call) => {
      expect(carrySource(`async () => { ${call}; await b }`, { filename: 'a.js' })).toMatchObject({
        carried: 1,
        leftAlone: [],
      })
    })

    it('is what is around and within neither', () => {
      const code =
        'async function around() { await a; async function it() { await using b = c; async function within() { await d } } }'
      expect(carrySource(code, { filename: 'a.js' })).toMatchObject({ carried: 2, leftAlone: [{ name: 'it' }] })
    })

    it('is everything within `with`, where any name may be another', () => {
      const code =
        'async function around() { await a; function it() { with (b) { return async function within() { await c } } } }'
      expect(carrySource(code, { filename: 'a.cjs' })).toMatchObject({
        carried: 1,
        leftAlone: [{ name: 'within', reason: 'with' }],
      })
    })

    it('is named by what it is put into', () => {
      const code = `const a = async () => { await using x = y }; b = { c: async () => { await using x = y }, async d() { await using x = y } }
        class E { #f = async () => { await using x = y }; async 'g h'() { await using x = y } [i]() { return async () => { await using x = y } } }`
      const names = carrySource(code, { filename: 'a.js' })!.leftAlone.map(({ name }) => name)
      expect(names).toEqual(['a', 'c', 'd', '#f', 'g h', undefined])
    })

    it('is what no version of this package has looked at', () => {
      const unknown = { type: 'AsyncDoExpression', start: 0, end: 1 }
      expect(childNodes(unknown)).toBeUndefined()
      const known = Object.keys(visitorKeys).filter((type) => childNodes({ type, start: 0, end: 1 }) !== undefined)
      const unknownTypes = Object.keys(visitorKeys).filter((type) => !known.includes(type))
      expect(unknownTypes.filter((type) => !type.startsWith('TSJSDoc'))).toEqual(['V8IntrinsicExpression'])
    })
  })

  describe('names', () => {
    const activation = (code: string, filename = 'a.js') =>
      /const (\S+)=\S+\(\);try/.exec(carrySource(code, { filename })!.code)![1]

    it('are none that the source has', () => {
      expect(activation('async () => { await a }')).toBe('$')
      expect(activation('async () => { await $ }')).toBe('$_')
      expect(activation('async () => { await a }; function b($o) {}')).toBe('$_')
      expect(activation('async () => { await <$e.b/> }')).toBe('$_')
      expect(activation('async () => { await \\u0024n }')).toBe('$_')
      expect(activation('async () => { await [$, $_, $u7] }')).toBe('$_2')
      expect(activation('async () => { await a.$; ({ $n: 1 }); $o: for (;;); }')).toBe('$_')
      expect(activation('async () => { await a.$; ({ $n: 1 }) }')).toBe('$')
    })

    it('are none that code made at run time would have', () => {
      expect(activation('async () => { await a }; () => eval(b)')).toBe('$waybillCarry')
    })
  })

  describe('the import', () => {
    const first = (code: string, options: Partial<CarrySourceOptions> = {}) =>
      carrySource(code, { filename: 'a.js', runtime: 'r', ...options })!.code.replace(
        /(?:import|const)\{[^}]*\}(?:from|=require\()"r"\)?;/,
        (it) => (it.startsWith('import') ? '«import»' : '«require»'),
      )

    it.each([
      ['import a from "b"; async () => { await c }', '«import»'],
      ['async () => { await import.meta.c }', '«import»'],
      ['await a; async () => { await c }', '«import»'],
      ['document.onclick = async () => { await c }', '«import»'],
      ['const { module } = a; async () => { await b.exports }', '«import»'],
      ['exports.a = async () => { await c }', '«require»'],
      ['module.exports = async () => { await c }', '«require»'],
      ['const a = require("b"); async () => { await c }', '«require»'],
      ['(function (root) { root.a = async () => { await c } })(this)', '«require»'],
      ['(function () { if (typeof module === "object"); async () => { await c } })()', '«require»'],
    ])('of %s is %s', (code, expected) => {
      expect(first(code)).toMatch(new RegExp(`^${expected}`))
    })

    it('is as it is told to be where the source does not say', () => {
      expect(first('async () => { await c }', { format: 'commonjs' })).toMatch(/^«require»/)
      expect(first('this.a = async () => { await c }', { format: 'module' })).toMatch(/^«import»/)
      expect(first('async () => { await c }', { filename: 'a.cjs' })).toMatch(/^«require»/)
      expect(first('exports.a = async () => { await c }', { filename: 'a.mjs' })).toMatch(/^«import»/)
    })

    it('comes after what must be first, on the line of the first statement', () => {
      expect(
        first('#!/usr/bin/env node\n"use strict"\n\'use client\'\n// a comment\n async () => { await c }'),
      ).toMatch(/^#!\/usr\/bin\/env node\n"use strict"\n'use client'\n\/\/ a comment\n «import»async/)
      expect(first('\uFEFFasync () => { await c }')).toMatch(/^\uFEFF«import»/)
      expect(first('@a export class B { async c() { await d } }', { filename: 'a.ts' })).toMatch(/^«import»@a/)
    })

    it('quotes where it is from', () => {
      expect(carrySource('async () => { await c }', { filename: 'a.js', runtime: 'C:\\r"' })!.code).toContain(
        'from"C:\\\\r\\"";',
      )
    })
  })

  describe('languages', () => {
    it.each([
      ['a.ts', 'const f = async <T>(a: T): Promise<T> => { return <T>(await a)! }'],
      ['a.mts', 'export const f = async (a: string) => { await a satisfies string }'],
      ['a.cts', 'import a = require("b"); export = async () => { await a }'],
      ['a.tsx', 'const f = async <T,>(a: T) => <p>{await a}</p>'],
      ['a.jsx', 'const f = async () => <p a={await b} />'],
      ['a.js', 'const f = async () => <p>{await b} text </p>'],
      ['a.vue', 'const f = async () => { await a }'],
      ['a.ts?v=1', 'const f = async (a: string) => { await a }'],
      ['a.cjs', 'if (a) return; with (b) {} async () => { await c }'],
      ['a.js', 'var a = 010; return; async () => { await c }'],
      ['a.js', 'for await (const a of b) async () => { await c }'],
      ['A.TS', 'const f = async (a: string) => { await a }'],
    ])('reads %s', (filename, code) => {
      expect(carrySource(code, { filename })).toMatchObject({ carried: 1, leftAlone: [] })
    })

    it('leaves declarations as they are', () => {
      expect(carrySource('declare const async: 1', { filename: 'a.d.ts' })).toBeUndefined()
    })

    it('says where a source cannot be parsed', () => {
      const broken = () => carrySource('async () => {\r\n  await }', { filename: 'src/a.js' })
      expect(broken).toThrow(SyntaxError)
      expect(broken).toThrow('[waybill] src/a.js:2:9 cannot be parsed: ')
    })
  })
})
