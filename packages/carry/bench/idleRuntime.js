// The shape of carried code without what it is for: what is left of the cost no runtime can save.
export const enter = () => undefined
export const suspend = (_, value) => value
export const resume = (_, value) => value
