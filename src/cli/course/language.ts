/** The language of the course: that of the locale, where nothing else is said. locale(7) */

export const LANGUAGES = ['en', 'ko'] as const
export type Language = (typeof LANGUAGES)[number]

/** @param environment `ko_KR.UTF-8` in the first of LC_ALL, LC_MESSAGES and LANG that is set is Korean, anything else English */
export function languageOf({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language {
  return /^ko(?![a-z])/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'ko' : 'en'
}
