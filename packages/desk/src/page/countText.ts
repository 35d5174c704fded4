/** `1 trail`, `5,000 trails`, and of nothing in particular `5,000`; of trails and reports the desk counts up to 10 000. */
export function countText(count: number, what?: 'trail' | 'report'): string {
  const number = !what || count < 10_000 ? count.toLocaleString('en-GB') : '10,000 or more'
  return what ? `${number} ${what}${count === 1 ? '' : 's'}` : number
}
