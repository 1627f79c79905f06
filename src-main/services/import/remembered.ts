/** What follows from a text that comes again and again in a source. Main, command line. */

/** The same few texts come again and again: the last ones are remembered. */
export function remembered<T>(check: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    if (known.has(text)) return known.get(text) as T
    const checked = check(text)
    if (text.length > 300) return checked
    if (known.size >= 1000) known.clear()
    known.set(text, checked)
    return checked
  }
}
