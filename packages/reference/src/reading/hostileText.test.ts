import { findReferences, suggestReferences } from '@waybill/reference/reading'
import { expect, test } from 'vitest'

const MEGABYTE = 1_000_000

test.each([
  ['codes with a wrong symbol', 'RF7-K29-QXC '],
  ['codes that fit', 'RF7-K29-QXR '],
  ['codes in a row', 'RF7 K29 QXR '],
  ['halves of codes', 'RF7-'],
  ['groups of four', '2345-6789-'],
  ['symbols to fold beside cue words', 'ref 0OI1IJ0O2 '],
  ['wraps of quoted mails', 'RF7-\n> '],
  ['single letters', 'R F 7 K 2 9 Q X R '],
  ['lines of single letters', 'R F 7 K 2 9 Q X R\n'],
  ['one letter', 'R '],
  ['spelling words', 'romeo '],
  ['spoken dashes', 'dash '],
  ['doubles of doubles', 'double '],
  ['examples of nothing', 'R as in '],
  ['one long word', 'R'],
  ['dashes', '-'],
  ['spaces', ' '],
  ['line ends', '\r\n'],
  ['combining marks', '\u0301'],
  ['letters under marks', 'R\u0301\u0327\u0302'],
  ['astral symbols', '𝐑𝐅𝟕-'],
  ['halves of astral symbols', '\ud835'],
  ['emoji with tones', '👋🏽'],
  ['nothing visible', '\u200b\u00ad'],
  ['characters that are whole phrases', 'ﷺ'],
])('reads a megabyte of %s within a second', (_, unit) => {
  const text = unit.repeat(Math.ceil(MEGABYTE / unit.length))
  expect(secondsOf(() => findReferences(text))).toBeLessThan(SLOWEST_S)
})

test('suggests out of hostile text within a second, and 30 at most', () => {
  for (const unit of ['RF7-K29-QXC ', 'RF7 K29 ', 'R F 7 K 2 9 Q X ', '0OI-1IJ-', '\u0301R']) {
    const text = unit.repeat(MEGABYTE / 10 / unit.length)
    let count = 0
    expect(secondsOf(() => (count = suggestReferences(text).length))).toBeLessThan(SLOWEST_S)
    expect(count).toBeLessThanOrEqual(30)
  }
})

/** A second, on a machine that three others slow down. What does not read in one go takes minutes. */
const SLOWEST_S = 3

/** Processor time, because other tests share the machine; again where the compiler or the collector got in between. */
function secondsOf(work: () => void, tries = 3): number {
  const begun = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(begun)
  const seconds = (user + system) / 1e6
  return seconds < 1 || tries === 1 ? seconds : Math.min(seconds, secondsOf(work, tries - 1))
}
