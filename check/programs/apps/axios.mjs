import http from 'node:http'
import axios from 'axios'

let client
export async function open() {
  client = axios.create({ baseURL: process.env.CHECK_UPSTREAM, httpAgent: new http.Agent({ keepAlive: true }) })
  await client.get('/open')
}
export const ask = async (id) => (await client.get(`/${id}`)).data
export const close = () => client.defaults.httpAgent.destroy()
