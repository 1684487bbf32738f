export { ask, close, open } from './http.mjs'
