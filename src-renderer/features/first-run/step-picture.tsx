/** The three acts of Visor as small pictures. Renderer. */
import styles from './step-picture.module.css'

type StepKind = 'gallery' | 'drop' | 'decide'

export function StepPicture({ kind }: { readonly kind: StepKind }) {
  return (
    <svg className={styles.picture} viewBox="0 0 240 120" aria-hidden="true">
      {kind === 'gallery' && <Gallery />}
      {kind === 'drop' && <Drop />}
      {kind === 'decide' && <Decide />}
    </svg>
  )
}

/** Head and shoulders in a square of 40, its top-left corner at `x`, `y`. */
function Person({ x, y, tone }: { readonly x: number; readonly y: number; readonly tone: 1 | 2 | 3 }) {
  return (
    <g transform={`translate(${x} ${y})`} className={styles[`tone${tone}`]}>
      <rect width={40} height={40} rx={4} className={styles.card} />
      <circle cx={20} cy={16} r={8} />
      <path d="M6 38c0-9 6-13 14-13s14 4 14 13z" />
    </g>
  )
}

function Gallery() {
  return (
    <>
      <path
        className={styles.folder}
        d="M20 30h34l8 8h58a4 4 0 0 1 4 4v58a4 4 0 0 1-4 4H20a4 4 0 0 1-4-4V34a4 4 0 0 1 4-4z"
      />
      <Person x={28} y={52} tone={1} />
      <Person x={74} y={52} tone={2} />
      <path className={styles.arrow} d="M132 70h26m-8-8 8 8-8 8" />
      <Person x={172} y={14} tone={1} />
      <Person x={172} y={60} tone={2} />
    </>
  )
}

function Drop() {
  return (
    <>
      <rect className={styles.window} x={52} y={18} width={150} height={90} rx={6} />
      <rect className={styles.dropZone} x={64} y={30} width={126} height={66} rx={4} />
      <g transform="rotate(-8 60 62)">
        <rect className={styles.photo} x={28} y={40} width={64} height={46} rx={3} />
        <circle className={styles.photoMark} cx={50} cy={58} r={7} />
        <path className={styles.photoMark} d="M36 82c0-10 6-15 14-15s14 5 14 15z" />
      </g>
      <path className={styles.arrow} d="M100 64h28m-8-8 8 8-8 8" />
    </>
  )
}

function Decide() {
  return (
    <>
      <rect className={styles.window} x={14} y={18} width={212} height={90} rx={6} />
      <g transform="translate(26 30) scale(1.6)">
        <Person x={0} y={0} tone={1} />
      </g>
      <g transform="translate(98 30) scale(1.6)">
        <Person x={0} y={0} tone={1} />
      </g>
      <rect className={styles.match} x={26} y={30} width={64} height={64} rx={4} />
      <circle className={styles.tick} cx={194} cy={48} r={13} />
      <path className={styles.tickMark} d="m188 48 4.5 4.5 8-9" />
      <path className={styles.text} d="M176 76h36M182 88h24" />
    </>
  )
}
