/** What signals do to a process, and what it may not do. */
import type { ProcessDetails } from '../src/page/shapes.ts'
import { Explained } from './explained.tsx'
import { type Fact, Facts } from './facts.tsx'
import { useTexts } from './language.ts'

export function Confines({ details: { signals, limits, sandbox } }: { details: ProcessDetails }) {
  const texts = useTexts()
  const { confines } = texts
  const list = (names: readonly string[]): string => (names.length === 0 ? confines.none : names.join(' '))
  const rows: Fact[] = [
    [confines.pending, list(signals.pending)],
    [confines.blocked, list(signals.blocked)],
    [confines.ignored, list(signals.ignored)],
    [confines.caught, list(signals.caught)],
    [confines.user, `${sandbox.uid}`],
    [confines.capabilities, sandbox.capabilities === '0' ? confines.none : `0x${sandbox.capabilities}`],
    [confines.noNewPrivileges, sandbox.noNewPrivileges ? confines.yes : confines.no],
    [confines.systemCallFilter, sandbox.systemCallFilter === 'none' ? confines.none : sandbox.systemCallFilter],
    ...limits.map(
      ({ name, soft, hard }): Fact => [confines.limits[name] ?? name, soft === hard ? soft : `${soft} / ${hard}`],
    ),
  ]
  return (
    <>
      <h3>{confines.title}</h3>
      <Explained kind={texts.things['signal']} />
      <Facts facts={rows} kind="confines" />
    </>
  )
}
