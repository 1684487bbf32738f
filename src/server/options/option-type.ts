/** The contract of an option's type: which values a program may give, and what a user may type for them. */

export interface OptionType<Given, Checked = Given> {
  /** Type, unit and range, in words: `whole number from 1 to 1024`. */
  readonly words: string
  /** What may be typed, where that is one of a few words. */
  readonly choices?: readonly string[]
  /** Whether several may be typed: the flag again and again, or apart by commas in the variable. */
  readonly isList?: true
  /**
   * Checks what a program gave.
   *
   * @param name what the error calls it
   * @param most a lower ceiling than the type's own, from another option
   * @throws {TypeError} {RangeError} not such a value
   */
  check(name: string, value: unknown, most?: number): Checked
  /**
   * Reads what a user typed; one of several where it is a list.
   *
   * @param name what the error calls it: the flag, or the variable
   * @throws {TypeError} {RangeError} not such a value
   */
  read(name: string, text: string): Given
  /** A value as a user would type it. */
  show(value: Given): string
}

/** A value in an error: text in quotation marks. */
export const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value))

/** What a user typed, in an error: a number as it is, other text in quotation marks. */
export const shownTyped = (text: string): string => (/^-?\d+(?:\.\d+)?$/.test(text) ? text : JSON.stringify(text))
