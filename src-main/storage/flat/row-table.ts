/** Whose each row of a flat index is: embedding, person, domain. Store worker thread. */
import { VisorError } from '../../../src-shared/errors'
import type { Domain, PersonId } from '../../../src-shared/ids'
import { maximumDomains } from './layout'

/** No row, no person. */
const none = -1

interface Person {
  readonly id: PersonId
  /** Number of the domain; people without rows have none. */
  domain: number
  firstRow: number
  rows: number
}

function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= array.length) return array
  const larger = new Int32Array(Math.max(length, array.length * 2)).fill(none)
  larger.set(array)
  return larger
}

/**
 * Rows, people and domains by number. A person's rows are a linked list, so that all of them are found without a scan.
 * Row numbers are dense; a removed row's number is given to the next one added. Embedding ids are SQLite row ids.
 */
export class RowTable {
  readonly #persons: Person[] = []
  readonly #personNumbers = new Map<PersonId, number>()
  readonly #domainNumbers = new Map<Domain, number>()
  /** By domain number; 0 is nobody's. */
  readonly #domainPersons: number[] = [0]
  readonly #domainRows: number[] = [0]
  readonly #free: number[] = []
  #embeddingOfRow = new Int32Array(1024).fill(none)
  #rowOfEmbedding = new Int32Array(1024).fill(none)
  #personOfRow = new Int32Array(1024).fill(none)
  #nextOfPerson = new Int32Array(1024).fill(none)
  #end = 0

  /** One more than the greatest row number ever given. */
  get end(): number {
    return this.#end
  }

  get free(): number {
    return this.#free.length
  }

  rowOf(embedding: number): number | undefined {
    const row = this.#rowOfEmbedding[embedding] ?? none
    return row === none ? undefined : row
  }

  embeddingOf(row: number): number {
    return this.#embeddingOfRow[row]!
  }

  personOf(row: number): number {
    return this.#personOfRow[row]!
  }

  personId(person: number): PersonId {
    return this.#persons[person]!.id
  }

  *rowsOf(person: number): Generator<number> {
    for (let row = this.#persons[person]!.firstRow; row !== none; row = this.#nextOfPerson[row]!) yield row
  }

  /** The person's number; `undefined` where they have never had a row. */
  personNumber(personId: PersonId): number | undefined {
    return this.#personNumbers.get(personId)
  }

  /** Numbers of the people with rows in a domain. */
  *personsOf(domain: number): Generator<number> {
    for (const [number, person] of this.#persons.entries()) {
      if (person.rows > 0 && person.domain === domain) yield number
    }
  }

  /** The domain's number, ≥ 1; `undefined` where it has never had a row. */
  domainNumber(domain: Domain): number | undefined {
    return this.#domainNumbers.get(domain)
  }

  /** Every domain's number. */
  domainNumbers(): number[] {
    return [...this.#domainNumbers.values()]
  }

  /** People with rows, and rows, of a domain number. */
  counts(domain: number): { readonly persons: number; readonly embeddings: number } {
    return { persons: this.#domainPersons[domain]!, embeddings: this.#domainRows[domain]! }
  }

  /** Gives a domain another name, which no domain with rows has. */
  renameDomain(from: Domain, to: Domain): void {
    const number = this.#domainNumbers.get(from)
    if (number === undefined) return
    const emptied = this.#domainNumbers.get(to)
    this.#domainNumbers.set(to, number)
    if (emptied === undefined) this.#domainNumbers.delete(from)
    else this.#domainNumbers.set(from, emptied)
  }

  /** Takes a row for an embedding that has none; gives its number and the number of its domain. */
  add(
    embedding: number,
    personId: PersonId,
    domain: Domain,
  ): { readonly row: number; readonly domain: number } {
    const row = this.#free.pop() ?? this.#end++
    this.#embeddingOfRow = grown(this.#embeddingOfRow, row + 1)
    this.#personOfRow = grown(this.#personOfRow, row + 1)
    this.#nextOfPerson = grown(this.#nextOfPerson, row + 1)
    this.#rowOfEmbedding = grown(this.#rowOfEmbedding, embedding + 1)
    this.#embeddingOfRow[row] = embedding
    this.#rowOfEmbedding[embedding] = row
    return { row, domain: this.#link(row, personId, domain) }
  }

  /** Gives a row to another person; gives the number of the domain. */
  give(row: number, personId: PersonId, domain: Domain): number {
    this.#unlink(row)
    return this.#link(row, personId, domain)
  }

  remove(row: number): void {
    this.#unlink(row)
    this.#rowOfEmbedding[this.#embeddingOfRow[row]!] = none
    this.#embeddingOfRow[row] = none
    this.#free.push(row)
  }

  #link(row: number, personId: PersonId, domain: Domain): number {
    const domainNumber = this.#numberDomain(domain)
    let number = this.#personNumbers.get(personId)
    if (number === undefined) {
      number = this.#persons.push({ id: personId, domain: domainNumber, firstRow: none, rows: 0 }) - 1
      this.#personNumbers.set(personId, number)
    }
    const person = this.#persons[number]!
    if (person.rows === 0) {
      person.domain = domainNumber
      this.#domainPersons[domainNumber]!++
    } else if (person.domain !== domainNumber) {
      this.#movePerson(person, domainNumber)
    }
    this.#personOfRow[row] = number
    this.#nextOfPerson[row] = person.firstRow
    person.firstRow = row
    person.rows++
    this.#domainRows[domainNumber]!++
    return domainNumber
  }

  /** A person is in one domain: the first of the rows that changes it takes the count of the others along. */
  #movePerson(person: Person, domain: number): void {
    this.#domainPersons[person.domain]!--
    this.#domainRows[person.domain]! -= person.rows
    this.#domainPersons[domain]!++
    this.#domainRows[domain]! += person.rows
    person.domain = domain
  }

  #unlink(row: number): void {
    const person = this.#persons[this.#personOfRow[row]!]!
    const next = this.#nextOfPerson[row]!
    if (person.firstRow === row) {
      person.firstRow = next
    } else {
      let before = person.firstRow
      while (this.#nextOfPerson[before] !== row) before = this.#nextOfPerson[before]!
      this.#nextOfPerson[before] = next
    }
    person.rows--
    this.#domainRows[person.domain]!--
    if (person.rows === 0) this.#domainPersons[person.domain]!--
    this.#personOfRow[row] = none
  }

  #numberDomain(domain: Domain): number {
    const known = this.#domainNumbers.get(domain)
    if (known !== undefined) return known
    if (this.#domainRows.length === maximumDomains) {
      throw new VisorError('capacity-exceeded', 'A client has at most 65,535 domains.')
    }
    this.#domainPersons.push(0)
    const number = this.#domainRows.push(0) - 1
    this.#domainNumbers.set(domain, number)
    return number
  }
}
