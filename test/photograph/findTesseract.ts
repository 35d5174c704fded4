import { join } from 'node:path'
import { findProgram, PROGRAM_FILES } from '../findProgram.ts'
import type { Machine } from '../findProgram.ts'

/** The path of Tesseract, the program that reads text in pictures, from the PATH or where its installer puts it. */
export function findTesseract(machine?: Machine): string | undefined {
  return findProgram(TESSERACT, machine)
}

const TESSERACT = {
  names: ['tesseract', 'tesseract.exe'],
  installed: [join(PROGRAM_FILES, 'Tesseract-OCR', 'tesseract.exe')],
}
