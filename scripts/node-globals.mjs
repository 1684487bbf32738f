/**
 * Put in the place of these names by scripts/bundle.mjs. In Node each of them is an accessor of the global object: a call for every mention,
 * whose count a forked process copies two pages for.
 */
export const { process, Buffer, performance } = globalThis
