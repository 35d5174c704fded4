import { readOwned, writeOwned, writeStored } from '../deviceStorage.ts'

/** The name that whoever is signed in gave last, which this browser remembers; '' when there is none. */
export function rememberedName(who: string): string {
  const name = readOwned(NAME, who)
  return typeof name === 'string' ? name : ''
}

export function rememberName(who: string, name: string): void {
  writeOwned(NAME, who, name)
}

export function forgetName(): void {
  writeStored(NAME, null)
}

const NAME = 'waybill-desk.own-name'
