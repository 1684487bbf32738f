/** A writer that dies at every step there is, with every format. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_SQLITE } from '../../harness/sqlite.js'
import { live } from './life.js'

for (const scheme of ['ndjson', 'text', 'sqlite'] as const)
  test(`a writer that dies at any step loses nothing and stores nothing twice (${scheme})`, {
    skip: (scheme === 'sqlite' && NO_SQLITE) || false,
  }, async () => {
    let deaths = 0
    let segments = 0
    let lost = 0
    // each take-over of a database waits for the disk some five times
    const seeds = scheme === 'sqlite' ? 8 : 40
    for (let seed = 1; seed <= seeds; seed++) {
      // every other file is closed by the writer itself, too, when it has a few records
      const limits = scheme === 'ndjson' && seed % 2 === 0 ? { rotateBytes: 3000 } : {}
      const lived = await live(seed, scheme, limits)
      deaths += lived.deaths
      segments += lived.segments
      lost += lived.lost
    }
    assert.ok(lost > 0, 'what is in memory can be lost')
    assert.ok(deaths > 12 * seeds, `${deaths} deaths`)
    if (scheme === 'ndjson') assert.ok(segments > 100, `${segments} segments`)
  })
