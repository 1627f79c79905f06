/** The smaller columns of legacy databases: boxes, scores, times, photos. Import worker thread. */
import { z } from 'zod'
import type { Box } from '../../../src-shared/geometry'

const number = z.number()
/** What libraries write: DeepFace’s `x, y, w, h`, and corners. */
const boxForms = z.union([
  z.object({ x: number, y: number, w: number, h: number }),
  z
    .object({ x: number, y: number, width: number, height: number })
    .transform(({ x, y, width, height }) => ({ x, y, w: width, h: height })),
  z
    .object({ left: number, top: number, right: number, bottom: number })
    .transform(({ left, top, right, bottom }) => ({ x: left, y: top, w: right - left, h: bottom - top })),
  z
    .object({ x1: number, y1: number, x2: number, y2: number })
    .transform(({ x1, y1, x2, y2 }) => ({ x: x1, y: y1, w: x2 - x1, h: y2 - y1 })),
  z.tuple([number, number, number, number]).transform(([x, y, w, h]) => ({ x, y, w, h })),
])

const longestBox = 1000

/** An object or a list of four (x, y, width, height), as such or as text; `null` where it is no box. */
export function readBox(value: unknown): Box | null {
  const box = boxForms.safeParse(typeof value === 'string' ? fromJson(value) : value)
  return box.success && box.data.w > 0 && box.data.h > 0 ? box.data : null
}

function fromJson(text: string): unknown {
  if (text.length > longestBox) return undefined
  try {
    // `{1,2,3,4}` is how PostgreSQL writes an array.
    return JSON.parse(/^\{[-\d.,\s]*\}$/.test(text) ? `[${text.slice(1, -1)}]` : text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** A number, also one that was stored as text; `null` else. */
export function readNumber(value: unknown): number | null {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof read === 'number' && Number.isFinite(read) ? read : null
}

/** Before this, a number of seconds; from it on, of milliseconds: 1973 in these. */
const leastMs = 100_000_000_000

/** Unix ms of a time as text: ISO 8601 (UTC where it does not say), or a number of seconds or milliseconds. */
export function readTime(value: unknown): number | null {
  if (typeof value !== 'string') return null
  const stamp = /^\d{9,16}(?:\.\d+)?$/.test(value) ? Number(value) : null
  if (stamp !== null) return Math.round(stamp < leastMs ? stamp * 1000 : stamp)
  const [, day, clock, zone] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(value) ?? []
  if (day === undefined) return null
  // PostgreSQL writes whole hours without minutes.
  const offset = zone === undefined ? 'Z' : /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone
  const time = Date.parse(`${day}T${clock}${offset}`)
  return Number.isNaN(time) ? null : time
}

/** The bytes of a photo, also where they were stored as base64. */
export function readImage(value: unknown): Uint8Array | null {
  if (value instanceof Uint8Array) return value.length === 0 ? null : value
  if (typeof value !== 'string') return null
  const base64 = value.replace(/^data:[\w/+.-]+;base64,/, '')
  return /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(base64) ? Buffer.from(base64, 'base64') : null
}

/** A text, or what can be shown of it; `null` where there is none. */
export function readText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = String(value)
  return text.trim() === '' ? null : text
}
