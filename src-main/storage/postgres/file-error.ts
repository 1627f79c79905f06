/** Errors of the file system, told by their code. Server thread, command line. */

/** Whether an error came from the operating system's files. */
export function isFileSystemError(
  error: unknown,
): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error
}
