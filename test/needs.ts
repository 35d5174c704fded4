import { findChromium } from './findChromium.ts'
import { findFirefox } from './findFirefox.ts'
import { findFont } from './findFont.ts'
import { findWebKit } from './findWebKit.ts'
import { findXvfb } from './findXvfb.ts'
import type { Machine } from './findProgram.ts'
import { findTesseract } from './photograph/findTesseract.ts'

/** What tests need besides npm's packages. Each is looked for and installed by itself, whatever else is here. */
export const NEEDS: readonly Need[] = [
  {
    name: 'Chromium or Chrome',
    find: findChromium,
    debianPackage: 'chromium',
    leftOut: 'tests that need a browser are LEFT OUT, or fail',
    elsewhere: 'macOS: brew install --cask google-chrome; or name one in CHROMIUM_PATH',
  },
  {
    name: 'Firefox',
    find: findFirefox,
    debianPackage: 'firefox-esr',
    leftOut: 'what is tested in several browsers is tested without it, its Firefox part is LEFT OUT',
    elsewhere: 'macOS: brew install --cask firefox; or name one in FIREFOX_PATH',
  },
  {
    name: 'WebKit’s driver',
    find: findWebKit,
    debianPackage: 'webkit2gtk-driver',
    leftOut: 'what is tested in three browsers is tested without Safari’s engine, its WebKit part is LEFT OUT',
    elsewhere: 'other systems have none; name one in WEBKIT_DRIVER_PATH',
  },
  {
    name: 'Xvfb',
    find: findXvfb,
    debianPackage: 'xvfb',
    leftOut: 'WebKit has no screen, and its part of the tests is LEFT OUT',
    elsewhere: 'other systems need none, and have no WebKit driver',
  },
  {
    name: 'Tesseract',
    find: findTesseract,
    debianPackage: 'tesseract-ocr',
    leftOut: 'that a photograph of the code can be read is LEFT OUT',
    elsewhere: 'macOS: brew install tesseract',
  },
  font('DejaVu Sans', 'DejaVuSans.ttf', 'fonts-dejavu-core'),
  font('Liberation Sans', 'LiberationSans-Regular.ttf', 'fonts-liberation'),
  font('Roboto', 'Roboto-Regular.ttf', 'fonts-roboto-unhinted'),
]

export interface Need {
  readonly name: string
  readonly find: (machine?: Machine) => string | undefined
  /** The name of Debian's package. */
  readonly debianPackage: string
  /** What does not happen without it. */
  readonly leftOut: string
  /** How to get it where Debian's packages are not. */
  readonly elsewhere: string
}

function font(name: string, file: string, debianPackage: string): Need {
  return {
    name: `the font ${name}`,
    find: (machine) => findFont(file, machine),
    debianPackage,
    leftOut: 'the photographs of codes in it are LEFT OUT',
    elsewhere: `put ${file} into a folder of fonts`,
  }
}

export function missingNeeds(machine?: Machine): readonly Need[] {
  return NEEDS.filter(({ find }) => find(machine) === undefined)
}

/** What is wrong without it and what to do, for whoever runs the tests. */
export function absenceOf({ name, leftOut, debianPackage, elsewhere }: Need): string {
  return `[waybill] ${name} was not found, so ${leftOut}. Install it (Debian: sudo apt-get install ${debianPackage}; ${elsewhere}), and run npm test again.`
}
