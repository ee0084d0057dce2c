import { type Problem, problem } from '../../core/problem.ts'
import type { Trouble } from './s3-trouble.ts'

/** The Problem behind a trouble that persistence could not mend. */
export function transferProblem(trouble: Trouble, file: string): Problem {
  switch (trouble) {
    case 'expired':
      return problem('upload/expired', 'The sign-in ran out during the transfer.', 'Sign in again: what is verified is never sent again.')
    case 'skewed':
      return problem(
        'upload/clock',
        'The clock of this machine differs from the server’s by more than 15 minutes.',
        'Set the clock of this machine, then go on.',
      )
    case 'denied':
      return problem(
        'upload/denied',
        `The account refuses the access that ${file} needs.`,
        'Check that the sign-in is the right one and that its policy allows this place in the bucket.',
      )
    case 'no-bucket':
      return problem('upload/no-bucket', 'The bucket does not exist.', 'Check the account: run its doctor.')
    case 'slow-down':
      return problem('upload/throttled', 'The server asks to slow down.', 'It goes on by itself, more slowly.')
    case 'offline':
      return problem('upload/offline', 'There is no way to the server.', 'It goes on by itself when the network is back.')
    case 'spoilt':
      return problem(
        'upload/spoilt',
        `${file} arrived with another checksum than it left with.`,
        'Check this machine’s memory and network; try again.',
      )
    case 'passing':
      return problem(
        'upload/broken',
        `The connection broke while ${file} was under way.`,
        'Check the network, then go on: what is verified is never sent again.',
      )
    case 'precondition':
    case 'conflict':
      return problem('upload/conflict', `Something else wrote ${file} in the bucket at the same time.`, 'Try again.')
    case 'absent':
      return problem('upload/absent', `${file} is not in the bucket.`, 'Send the capture again.')
    case 'aborted':
    case 'surprise':
      return problem(
        'upload/refused',
        `The server refused ${file} in a way that Spaceport does not know.`,
        'Run the account’s doctor; send the diagnostics bundle if it finds nothing.',
      )
  }
}

export function changedProblem(file: string): Problem {
  return problem('upload/changed', `${file} changed on disk since the check.`, 'Check the folder again.')
}

/** The Problem behind a file that cannot be read, by the system's code. */
export function fileProblem(code: string, file: string): Problem {
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return problem('intake/disk-gone', `${file} is not where it was.`, 'Put the folder or the card back, or choose where it is now.')
  if (code === 'EACCES' || code === 'EPERM')
    return problem('file/unreadable', `${file} may not be read.`, 'Give yourself the right to read it, or leave it out.')
  return problem('file/unreadable', `${file} cannot be read (${code}).`, 'Look after the disk, or leave it out.')
}
