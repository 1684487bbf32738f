/** The name, and the choice of languages. */
import { LANGUAGES, type Language } from './language.ts'
import type { Texts } from './texts/texts.ts'

export function Header({
  texts,
  language,
  choose,
}: {
  texts: Texts
  language: Language
  choose: (language: Language) => void
}) {
  return (
    <header>
      <a class="skip" href="#processes">
        {texts.skip}
      </a>
      <h1>Tined</h1>
      <fieldset class="languages">
        <legend class="hidden">{texts.language}</legend>
        {(Object.keys(LANGUAGES) as Language[]).map((each) => (
          <button key={each} type="button" lang={each} aria-pressed={each === language} onClick={() => choose(each)}>
            {LANGUAGES[each].name}
          </button>
        ))}
      </fieldset>
    </header>
  )
}
