/** The part of pacote that Visor uses; the package brings no types. */
declare module 'pacote' {
  /** A readable stream of the tarball's bytes (minipass). */
  export interface TarballStream extends AsyncIterable<Uint8Array> {
    on(event: 'error', listener: (error: Error) => void): this
  }
  const pacote: {
    readonly tarball: {
      /** Calls `handler` once, and a second time with a new stream where the first download was corrupt. */
      stream<T>(
        spec: string,
        handler: (stream: TarballStream) => Promise<T>,
        options: Readonly<Record<string, unknown>>,
      ): Promise<T>
    }
  }
  export default pacote
}
