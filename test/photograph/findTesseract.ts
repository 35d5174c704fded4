import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of Tesseract on this machine, the program that reads text in pictures. */
export function findTesseract(): string | undefined {
  const { PATH = '', PROGRAMFILES = 'C:\\Program Files' } = process.env
  const onPath = PATH.split(delimiter).flatMap((folder) => [join(folder, 'tesseract'), join(folder, 'tesseract.exe')])
  return [...onPath, join(PROGRAMFILES, 'Tesseract-OCR', 'tesseract.exe')].find((file) => existsSync(file))
}
