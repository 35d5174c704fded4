/** `1 trail`, `5,000 trails`; the desk counts up to 10 000. */
export function countText(count: number, what: 'trail' | 'report'): string {
  const number = count < 10_000 ? count.toLocaleString('en-GB') : '10,000 or more'
  return `${number} ${what}${count === 1 ? '' : 's'}`
}
