/**
 * Finds names in texts: summaries, reasons, places of photos. Pure; store worker thread.
 *
 * A name is found where its words stand one after the other, whatever is between them and whatever their case and accents
 * (`/photos/ana_novak-2.jpg`), also written together (`AnaNovak.jpg`), and never inside a longer word. In scripts that do not
 * part words it is found anywhere.
 */
import { foldText } from '../../../../src-shared/text'

/** A run of letters, or of digits: what a text is read by. */
const wordPattern = /\p{L}+|\p{N}+/gu
/** Scripts that write words without a space. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
/** Ids and hashes: letters in them are no words. */
const identifier = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64})$/i

interface Span {
  readonly start: number
  readonly end: number
}

export class NameFinder {
  /** By first word: the names' words. */
  readonly #byFirstWord = new Map<string, string[][]>()
  readonly #anywhere: string[] = []

  constructor(names: Iterable<string>) {
    for (const name of names) {
      const words = wordsOf(name)
      const [first] = words
      if (first === undefined || unspaced.test(name)) {
        // A name of marks alone folds to nothing.
        this.#anywhere.push(foldText(name) || name)
        continue
      }
      this.#add(words)
      if (words.length > 1) this.#add([words.join('')])
    }
  }

  /** Whether one of the names is in the text, and not just as part of a name that `others` finds there. */
  isIn(text: string, others?: NameFinder): boolean {
    if (this.#anywhere.length > 0) {
      const folded = foldText(text)
      if (this.#anywhere.some((name) => folded.includes(name) || text.includes(name))) return true
    }
    if (this.#byFirstWord.size === 0) return false
    const words = wordsOf(text)
    const spans = this.#spans(words)
    if (spans.length === 0 || others === undefined) return spans.length > 0
    const covering = others.#spans(words)
    return spans.some(
      (own) =>
        !covering.some(
          ({ start, end }) => start <= own.start && end >= own.end && end - start > own.end - own.start,
        ),
    )
  }

  /** Whether one of the names is in a JSON value, ids aside. */
  isInJson(value: unknown, others?: NameFinder): boolean {
    if (typeof value === 'string') return !identifier.test(value) && this.isIn(value, others)
    if (typeof value !== 'object' || value === null) return false
    return Object.values(value).some((part) => this.isInJson(part, others))
  }

  #add(words: string[]): void {
    const there = this.#byFirstWord.get(words[0]!)
    if (there === undefined) this.#byFirstWord.set(words[0]!, [words])
    else there.push(words)
  }

  #spans(words: readonly string[]): Span[] {
    return words.flatMap((word, start) =>
      (this.#byFirstWord.get(word) ?? [])
        .filter((name) => name.every((part, index) => words[start + index] === part))
        .map((name) => ({ start, end: start + name.length })),
    )
  }
}

function wordsOf(text: string): string[] {
  return foldText(text).match(wordPattern) ?? []
}
