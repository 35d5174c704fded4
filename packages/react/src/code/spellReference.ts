/** A shown reference as it is read out, symbol by symbol with a pause between groups: `R F 7, K 2 9, Q X R`. */
export function spellReference(shown: string): string {
  return shown
    .split('-')
    .map((group) => [...group].join(' '))
    .join(', ')
}
