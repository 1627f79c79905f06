/** A child process that talks in messages, whatever starts it. Main process and command line. */

/** How a process ended. An exit code of 0 says nothing: Electron reports 0 for some crashes. */
export interface ProcessExit {
  /** Exit code; `null` where a signal ended it, or where it never started. */
  readonly code: number | null
  readonly signal?: string
  /** Why it could not be started. */
  readonly startError?: Error
  /** The last lines it wrote on stderr: where native code says what broke it. */
  readonly lastWords: string
}

interface ProcessEvents {
  message(message: unknown): void
  /** Once, after the last message. */
  exit(exit: ProcessExit): void
  /** One line of its stdout or stderr. */
  output(line: string): void
}

export interface ProcessHandle {
  /** `undefined` until the operating system has started it. */
  readonly pid: number | undefined
  /** Messages to a process that has ended are dropped: its `exit` event tells. Throws where `message` cannot be cloned. */
  post(message: unknown): void
  /** Ends it at once, without its consent; `exit` follows. */
  kill(): void
}

/** Starts the process. May throw; what goes wrong later comes as `exit`. */
export type LaunchProcess = (events: ProcessEvents) => ProcessHandle
