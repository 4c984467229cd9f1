/** How a command ends; scripts rely on these numbers. */
export const exitCodes = {
  /** Yes; or every record was decided. */
  ok: 0,
  /** `check` and `explain`: no. */
  no: 1,
  /** The command or the question cannot be read. */
  usage: 2,
  /** Lines that could not be read were left out. */
  broken: 3,
  /** A guard such as --max-unknown tripped; nothing was written. */
  guard: 4,
  /** The server was unreachable, stale or cut off; nothing was written. */
  unavailable: 5,
} as const

/** Ends a command with a message. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
  readonly exitCode: number

  constructor(exitCode: number, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

export function usage(message: string): CommandFailed {
  return new CommandFailed(exitCodes.usage, message)
}
