/** Which language: what was chosen here before, or else what the server has read of Accept-Language. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { english } from './texts/english.ts'
import { korean } from './texts/korean.ts'
import type { Texts } from './texts/texts.ts'

export const LANGUAGES = { en: { name: 'English', texts: english }, ko: { name: '한국어', texts: korean } } as const
export type Language = keyof typeof LANGUAGES

const KEY = 'tined-page-language'
const isLanguage = (text: string | null): text is Language => text === 'en' || text === 'ko'

export function firstLanguage(): Language {
  const chosen = localStorage.getItem(KEY)
  if (isLanguage(chosen)) return chosen
  const { lang } = document.documentElement
  return isLanguage(lang) ? lang : 'en'
}

export function remember(language: Language): void {
  localStorage.setItem(KEY, language)
}

export const TextsContext = createContext<Texts>(english)
export const useTexts = (): Texts => useContext(TextsContext)
