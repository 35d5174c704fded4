/** Keeps what is to be told of the inside of a step until it is known whether it is; `outer` may hold that back in turn. At most 1000 are kept. */
export function holdBack(outer: Hold = (tell) => tell()): HeldBack {
  let held: (() => void)[] | undefined = []
  let isTold = false
  return {
    hold(tell) {
      if (isTold) outer(tell)
      else if (held && held.length < MOST_HELD) held.push(tell)
    },
    end(ended) {
      ;({ isTold } = ended)
      if (isTold) held?.forEach(outer)
      held = undefined
    },
  }
}

/** Tells at once, later or never. */
export type Hold = (tell: () => void) => void

interface HeldBack {
  readonly hold: Hold
  /** The step around has ended: tells what was held back, and what comes later at once; or lets go of all of it. */
  end(ended: { readonly isTold: boolean }): void
}

const MOST_HELD = 1000
