/**
 * Resolves after so many microtasks that every reaction to a promise settled just before has run. What comes after ky's `HTTPError`,
 * the longest way from our promise to the caller's code yet, takes 18. Each costs well below a microsecond.
 */
export async function passMicrotasks(): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- counting them is the point
  for (let passed = 0; passed < 64; passed++) await hop
}

const hop = Promise.resolve()
