import { execFile } from 'node:child_process'

/** What Tesseract, as Debian ships it and with its own defaults, reads in a PNG. */
export function recogniseText(tesseract: string, photograph: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    // One thread each: two processes that both thread are slower than two that do not.
    const env = { ...process.env, OMP_THREAD_LIMIT: '1' }
    const reader = execFile(tesseract, ['stdin', 'stdout'], { env }, (error, text) =>
      error ? reject(error) : resolve(text),
    )
    reader.stdin?.end(photograph)
  })
}
