/** What a kind of thing is, in a sentence, and where the course says more. */
import { useTexts } from './language.ts'
import type { Kind } from './texts/texts.ts'

export function Explained({ kind }: { kind: Kind | undefined }) {
  const texts = useTexts()
  if (kind === undefined) return null
  return (
    <p class="explained">
      <strong>{kind.name}</strong>: {kind.says} <a href={kind.link}>{texts.learnMore(kind.name)}</a>
    </p>
  )
}
