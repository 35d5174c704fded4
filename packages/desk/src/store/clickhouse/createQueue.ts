/** Has work done one after the other. */
export function createQueue() {
  let last: Promise<unknown> = Promise.resolve()
  return {
    /** Does as `work`, once all that came before is done, however it ended. */
    inOrder:
      <Args extends readonly unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
      (...args: Args): Promise<Result> => {
        const done = last.then(() => work(...args))
        last = done.catch(() => {})
        return done
      },
    async idle(): Promise<void> {
      await last
    },
  }
}
