import { expect, test } from 'vitest'
import { checkCarryOptions } from './checkCarryOptions.ts'

test('what is not given has its default', () => {
  expect(checkCarryOptions()).toEqual({ include: [], exclude: [], log: undefined })
  expect(checkCarryOptions({ include: undefined, exclude: undefined, log: undefined })).toEqual(checkCarryOptions({}))
})

test('packages are in one order and each once, so that the same options are the same', () => {
  const { include } = checkCarryOptions({ include: ['ky', '@tanstack/query-core', 'ky', 'lodash.get'] })
  expect(include).toEqual(['@tanstack/query-core', 'ky', 'lodash.get'])
})

test.each([
  [['ky'], `[waybill] carry takes an object, not ["ky"]. Write carry({ include: ['ky'] }).`],
  [{ includes: ['ky'] }, `[waybill] carry has no option 'includes'. Write include, exclude or log.`],
  [{ include: 'ky' }, `[waybill] carry takes a list as include, not 'ky'. Write include: ['ky'].`],
  [{ include: [/ky/] }, `[waybill] carry takes names of packages in include, not /ky/. Write include: ['ky'].`],
  [{ include: ['ky/core'] }, `[waybill] carry takes whole packages in include, not 'ky/core'. Write include: ['ky'].`],
  [
    { include: ['@tanstack/query-core/build'] },
    `[waybill] carry takes whole packages in include, not '@tanstack/query-core/build'. Write include: ['@tanstack/query-core'].`,
  ],
  [
    { include: ['@tanstack/*'] },
    `[waybill] carry takes no pattern in include: '@tanstack/*'. Write each package by its name.`,
  ],
  [
    { include: ['./src'] },
    `[waybill] carry takes names of packages in include, not './src': the app's own files carry already. Write a package's name, as it is in a package.json, or nothing.`,
  ],
  [
    { include: ['C:\\src'] },
    `[waybill] carry takes names of packages in include, not 'C:\\src': the app's own files carry already. Write a package's name, as it is in a package.json, or nothing.`,
  ],
  [{ include: ['@waybill/carry'] }, '[waybill] carry cannot carry itself. Write include without it.'],
  [{ exclude: 'src' }, `[waybill] carry takes a list as exclude, not 'src'. Write exclude: ['src/legacy/**'].`],
  [
    { exclude: [1] },
    `[waybill] carry takes globs and regular expressions in exclude, not 1. Write exclude: ['src/legacy/**'].`,
  ],
  [
    { exclude: ['!src/kept'] },
    `[waybill] carry takes no negated glob in exclude: '!src/kept'. Write a regular expression, as /legacy\\/(?!kept)/.`,
  ],
  [
    { log: true },
    `[waybill] carry takes a function as log, not true. Write log: (line) => console.log(line), or leave it out.`,
  ],
])('%j is refused with what to write instead', (options, message) => {
  expect(() => checkCarryOptions(options as never)).toThrow(new TypeError(message))
})
