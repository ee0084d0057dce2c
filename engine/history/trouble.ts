import { type Problem, ProblemError, problem } from '../../core/problem.ts'

/** The Problem behind an error of the database or the disk below it; a surprise is passed on as it is. */
export function historyProblem(error: unknown, home: string): unknown {
  if (error instanceof ProblemError) return error
  const known = problemFor((error as { code?: unknown } | null)?.code, home)
  return known ? new ProblemError(known, { cause: error }) : error
}

/** The Problem that a home cannot be written to. */
export function readOnly(home: string): Problem {
  return problem(
    'disk/read-only',
    `Nothing can be written in ${home}.`,
    'Give yourself the right to write there, or set SPACEPORT_HOME to another folder.',
  )
}

function problemFor(code: unknown, home: string): Problem | null {
  switch (code) {
    case 'ENOSPC':
    case 'SQLITE_FULL':
      return problem('disk/full', `The disk of ${home} is full.`, 'Free space on it, or set SPACEPORT_HOME to a folder on another disk.')
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
    case 'SQLITE_READONLY':
    case 'SQLITE_READONLY_DIRECTORY':
    case 'SQLITE_READONLY_DBMOVED':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_PERM':
      return readOnly(home)
    case 'ENOTDIR':
    case 'EEXIST':
      return problem('disk/read-only', `${home} is not a folder.`, 'Set SPACEPORT_HOME to a folder.')
    case 'SQLITE_IOERR':
    case 'SQLITE_IOERR_WRITE':
    case 'SQLITE_IOERR_SHMSIZE':
      return problem(
        'disk/full',
        `The disk of ${home} does not take more data.`,
        'Free space on it or look after the disk, then start again.',
      )
    case 'SQLITE_BUSY':
      return problem(
        'history/busy',
        'Another Spaceport holds the library for more than 10 seconds.',
        'Close the other window, then try again.',
      )
    default:
      return null
  }
}
