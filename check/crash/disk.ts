/** Files and their names as a kernel has them, and what of it a disk need not have: what was done since it was last synced. */
import type { Event } from './trace.js'

export const SECTOR_BYTES = 512

export class DiskFile {
  content: Buffer = Buffer.of()
  /** How long it was when it was last synced. */
  syncedLength = 0
  /** Of sectors that were written to since: what they had then. */
  readonly #before = new Map<number, Buffer>()
  #room: Buffer = Buffer.alloc(0)

  get unsynced(): ReadonlyMap<number, Buffer> {
    return this.#before
  }

  write(at: number, bytes: Buffer): void {
    const end = at + bytes.length
    this.#reserve(Math.max(end, this.content.length))
    for (let sector = Math.floor(at / SECTOR_BYTES); sector * SECTOR_BYTES < end; sector++) this.#save(sector)
    bytes.copy(this.content, at)
  }

  cut(length: number): void {
    const from = Math.min(length, this.content.length)
    const to = Math.max(length, this.content.length)
    this.#reserve(to)
    for (let sector = Math.floor(from / SECTOR_BYTES); sector * SECTOR_BYTES < to; sector++) this.#save(sector)
    this.content.fill(0, from)
    this.content = this.#room.subarray(0, length)
  }

  sync(): void {
    this.#before.clear()
    this.syncedLength = this.content.length
  }

  #save(sector: number): void {
    if (this.#before.has(sector)) return
    const sectorBytes = Buffer.alloc(SECTOR_BYTES)
    this.content.copy(sectorBytes, 0, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES)
    this.#before.set(sector, sectorBytes)
  }

  /** What is behind the end is zero. */
  #reserve(length: number): void {
    if (length > this.#room.length) {
      const grown = Buffer.alloc(2 * length)
      this.content.copy(grown)
      this.#room = grown
    }
    this.content = this.#room.subarray(0, Math.max(length, this.content.length))
  }
}

type NameEvent = Extract<Event, { what: 'created' | 'renamed' | 'unlinked' }>

/** As rename(2) and unlink(2) do. */
function applyTo(names: Map<string, DiskFile>, event: NameEvent, made: DiskFile): void {
  if (event.what === 'created') {
    if (!names.has(event.name)) names.set(event.name, made)
    return
  }
  const file = names.get(event.name)
  names.delete(event.name)
  if (event.what === 'renamed' && file !== undefined) names.set(event.to, file)
}

export class Disk {
  readonly names = new Map<string, DiskFile>()
  #syncedNames = new Map<string, DiskFile>()
  #since: { event: NameEvent; made: DiskFile }[] = []

  apply(event: Event): void {
    switch (event.what) {
      case 'created':
      case 'renamed':
      case 'unlinked': {
        const step = { event, made: new DiskFile() }
        this.#since.push(step)
        applyTo(this.names, event, step.made)
        break
      }
      case 'folder synced':
        this.#syncedNames = new Map(this.names)
        this.#since = []
        break
      case 'echoed':
        break
      default: {
        const file = this.names.get(event.name)
        // of a file that has no name any more
        if (file === undefined) break
        if (event.what === 'written') file.write(event.at ?? file.content.length, event.bytes)
        else if (event.what === 'cut') file.cut(event.length)
        else file.sync()
      }
    }
  }

  /** Which names files may have after a power cut: with some of what was done since the folder was synced, in its order. */
  namesAfterCut(random: () => number): Map<string, DiskFile> {
    const names = new Map(this.#syncedNames)
    const count = Math.floor(random() * (this.#since.length + 1))
    for (const { event, made } of this.#since.slice(0, count)) applyTo(names, event, made)
    return names
  }
}
