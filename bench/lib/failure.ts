/** Prints all of what went wrong, and returns the one line of it that the written results keep. */
export function failureLine(name: string, error: unknown): string {
  const text = `failed: ${name}: ${error instanceof Error ? error.message : String(error)}`
  console.log(text)
  return text.split('\n')[0] ?? text
}
