// What every contender runs, each in its own translation. Only `unctx` looks at `wrap`: by its name it knows what to translate.
const wrap = (fn) => fn

/** Many awaits of one function, of what is no promise: nothing but the await itself. */
export const values = wrap(async (count, look) => {
  let sum = 0
  // oxlint-disable-next-line typescript/await-thenable -- that it awaits nothing is what is measured
  for (let each = 0; each < count; each++) sum += await each
  return { sum, saw: look() }
})

/** Of promises, as fetch and clients give them. */
export const promises = wrap(async (count, look) => {
  let sum = 0
  for (let each = 0; each < count; each++) sum += await Promise.resolve(each)
  return { sum, saw: look() }
})

/** Each of a function of its own with one more await: what a call costs is in it. */
export const calls = wrap(async (count, look) => {
  let sum = 0
  for (let each = 0; each < count; each++) sum += await step(each)
  return { sum, saw: look() }
})

const step = wrap(async (value) => {
  const awaited = await value
  return awaited + 1
})
