/** `1 trail`, `5,000 trails`, and of nothing in particular `5,000`; of trails and reports the desk counts up to 10 000. */
export function countText(count: number, what?: 'trail' | 'report'): string {
  const number = !what || count < 10_000 ? NUMBER.format(count) : '10,000 or more'
  return what ? `${number} ${what}${count === 1 ? '' : 's'}` : number
}

/** Making one takes far longer than using it, and a page of rows has hundreds of numbers. */
const NUMBER = new Intl.NumberFormat('en-GB')
