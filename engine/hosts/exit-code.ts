/** What the command line's exit status says; public, see the command line page. */
export const exitCode = {
  fine: 0,
  usage: 2,
  risky: 10,
  unusable: 20,
  failed: 30,
  /** A fault of our own (sysexits' EX_SOFTWARE): none of the documented ones. */
  crashed: 70,
  stopped: 130,
} as const
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
