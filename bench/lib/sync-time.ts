import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { median } from './median.js'

const TIMES = 200

/** How long the disk under a folder takes to keep 100 bytes more, in milliseconds. */
export function syncMs(folder: string): number {
  const path = join(folder, 'sync')
  const fd = openSync(path, 'w')
  try {
    const times = Array.from({ length: TIMES }, () => {
      writeSync(fd, 'm'.repeat(100))
      const before = performance.now()
      fdatasyncSync(fd)
      return performance.now() - before
    })
    return median(times)
  } finally {
    closeSync(fd)
    rmSync(path)
  }
}
