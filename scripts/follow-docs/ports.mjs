/** The ports of a page: whatever else runs on this machine may have them, so each stands for one that is free. */
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below those that the kernel gives to clients. */
const LOWEST = 20_000
const COUNT = 12_000

async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}

async function freePort(taken) {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * COUNT)
    if (!taken.includes(port) && (await isFree(port))) return port
  }
}

/** @returns the page with its ports replaced wherever they are named, and the new ones */
export async function withFreePorts(page) {
  const shown = new Set(Array.from(page.matchAll(/(?:port: |127\.0\.0\.1:)(9\d{3})\b/g), ([, port]) => port))
  const ports = []
  let text = page
  for (const port of shown) {
    const free = await freePort(ports)
    ports.push(free)
    text = text.replaceAll(new RegExp(String.raw`\b${port}\b`, 'g'), String(free))
  }
  return { text, ports }
}
