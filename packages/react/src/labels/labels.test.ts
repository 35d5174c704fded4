import { expect, test } from 'vitest'
import { ARABIC, ENGLISH, FRENCH, GERMAN, JAPANESE, SPANISH } from '@waybill/react/labels'
import type { Labels } from '@waybill/react/labels'

const NAMES = Object.keys(ENGLISH) as (keyof Labels)[]

test.each([GERMAN, SPANISH, FRENCH, JAPANESE, ARABIC])(
  '$locale says everything, and keeps what stands for the code',
  (labels) => {
    expect(Object.keys(labels).toSorted()).toEqual(NAMES.toSorted())
    expect(NAMES.filter((name) => labels[name].trim() === '')).toEqual([])
    const places = (text: string): number => text.split('{reference}').length - 1
    expect(NAMES.filter((name) => places(labels[name]) !== places(ENGLISH[name]))).toEqual([])
    // Words may be the same in two languages; sentences are not.
    expect(NAMES.filter((name) => ENGLISH[name].includes(' ') && labels[name] === ENGLISH[name])).toEqual([])
    expect(() => new Intl.DateTimeFormat(labels.locale)).not.toThrow()
  },
)
