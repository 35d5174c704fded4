import type { Handling } from '../lookup/Match.ts'

/** What support's people made of a trail, in a line. `clock` writes a moment as its reader has it. */
export function handlingText({ state, by, note, at, isOutdated }: Handling, { clock }: HandlingTextOptions): string {
  const words = WORDS[state].replace('{by}', () => by).replace('{at}', () => clock(at))
  return `${words}${isOutdated ? ' (something failed since)' : ''}${note === null ? '' : `: ${note}`}`
}

export interface HandlingTextOptions {
  readonly clock: (iso: string) => string
}

const WORDS: Readonly<Record<Handling['state'], string>> = {
  taken: '{by} is on it since {at}',
  done: '{by} noted at {at} that it was handled',
  open: '{by} gave it back at {at}',
}
