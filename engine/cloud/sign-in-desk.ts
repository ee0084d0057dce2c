import { z } from 'zod'
import type { Handlers } from '../../core/contract.ts'
import type { People, Person } from '../../core/cloud/people.ts'
import { problem, ProblemError } from '../../core/problem.ts'
import type { CloudTarget } from '../../core/transfer/cloud-target.ts'
import type { SecretStore } from '../secrets.ts'
import { noTarget } from './no-target.ts'
import type { SignInOptions, Tokens } from './sign-in-browser.ts'
import type { Credentials } from './target.ts'

export type SignInParts = {
  readonly targetOf: (name: string) => CloudTarget | null
  readonly saveTarget: (target: CloudTarget) => void
  readonly secrets: SecretStore
  readonly now: () => Date
  /** Opens the system's browser; false where there is none to open, so that the person takes the address there. */
  readonly openOutside: (url: string) => Promise<boolean>
  readonly ports?: readonly number[]
  readonly longestMs?: number
}

const Kept = z.object({ refreshToken: z.string(), mail: z.string(), sub: z.string(), since: z.string() })
type Kept = z.infer<typeof Kept>

type Session = { idToken: string; idUntilMs: number; keys: Credentials | null }
type Going = { readonly stop: AbortController; readonly person: Promise<Person> }

// Keys are renewed this long before they run out, so that a request that is under way still holds.
const earlyMs = 5 * 60_000

/** Who is signed in to which account, by the browser. The refresh token lies with the host's secrets and nowhere else. */
export type SignInDesk = ReturnType<typeof signInDesk>

export function signInDesk(parts: SignInParts) {
  const sessions = new Map<string, Session>()
  const going = new Map<string, Going>()
  const renewing = new Map<string, Promise<Credentials>>()
  const secretOf = (name: string): string => `sign-in-${name}`
  const nowMs = (): number => parts.now().getTime()
  const peopleOf = (name: string): { target: CloudTarget; people: People } => {
    const target = parts.targetOf(name)
    if (target === null) throw new ProblemError(noTarget(name))
    if (target.people) return { target, people: target.people }
    throw new ProblemError(notPeopled(name))
  }
  const keptOf = async (name: string): Promise<Kept | null> => {
    const text = await parts.secrets.get(secretOf(name))
    return text === null ? null : Kept.parse(JSON.parse(text))
  }
  const personOf = (kept: Kept): Person => ({ mail: kept.mail, since: kept.since, keptBy: parts.secrets.keptBy() })
  const keep = async (name: string, { refreshToken, mail, sub }: Tokens, since: string): Promise<Person> => {
    const kept: Kept = { refreshToken, mail, sub, since }
    await parts.secrets.set(secretOf(name), JSON.stringify(kept))
    return personOf(kept)
  }
  const remember = (name: string, { idToken, expiresAtMs }: Tokens): Session => {
    const session: Session = { idToken, idUntilMs: expiresAtMs, keys: null }
    sessions.set(name, session)
    return session
  }
  const begin = async (name: string): Promise<{ url: string; opened: boolean }> => {
    const { people } = peopleOf(name)
    await end(name)
    const { beginSignIn } = await import('./sign-in-browser.ts')
    const stop = new AbortController()
    const options: SignInOptions = { nowMs, ...(parts.ports ? { ports: parts.ports } : {}), longestMs: parts.longestMs ?? usualLongestMs }
    const { url, tokens } = await beginSignIn(people, stop.signal, options)
    const person = tokens.then((got) => accept(name, got))
    // Whoever began it may never ask what came of it.
    person.catch(() => undefined)
    going.set(name, { stop, person })
    return { url, opened: await parts.openOutside(url) }
  }
  const accept = async (name: string, got: Tokens): Promise<Person> => {
    const { target } = peopleOf(name)
    // Everyone's place in the bucket is the own id: what else stood there cannot be reached by this sign-in.
    if (target.tenant !== got.sub) parts.saveTarget({ ...target, tenant: got.sub })
    remember(name, got)
    return await keep(name, got, parts.now().toISOString())
  }
  const end = async (name: string): Promise<void> => {
    const one = going.get(name)
    one?.stop.abort()
    await one?.person.catch(() => undefined)
    if (going.get(name) === one) going.delete(name)
  }
  /** What came of a sign-in, told once: the browser may have come back before anybody asked. */
  const outcomeOf = async (name: string, one: Going): Promise<Person> => {
    try {
      return await one.person
    } finally {
      if (going.get(name) === one) going.delete(name)
    }
  }
  const renewed = async (name: string): Promise<Credentials> => {
    const { people } = peopleOf(name)
    const [{ refreshTokens }, { credentialsOf }] = await Promise.all([import('./sign-in-browser.ts'), import('./sign-in-person.ts')])
    let session = sessions.get(name)
    if (session === undefined || session.idUntilMs - earlyMs < nowMs()) {
      const kept = await keptOf(name)
      if (kept === null) throw new ProblemError(signInFirst(name))
      const got = await refreshTokens(people, kept.refreshToken, nowMs)
      if (got === null) {
        await parts.secrets.remove(secretOf(name))
        sessions.delete(name)
        throw new ProblemError(ranOut(name))
      }
      if (got.refreshToken !== kept.refreshToken) await keep(name, got, kept.since)
      session = remember(name, got)
    }
    session.keys = await credentialsOf(people, session.idToken)
    return session.keys
  }
  return {
    /** Keys of the account for whoever is signed in; renewed by themselves. Throws ProblemError where a person must sign in. */
    credentials: async ({ name }: CloudTarget): Promise<Credentials> => {
      const keys = sessions.get(name)?.keys
      if (keys?.expiresAt && keys.expiresAt.getTime() - earlyMs > nowMs()) return keys
      const before = renewing.get(name)
      if (before) return await before
      const renewal = renewed(name).finally(() => renewing.delete(name))
      renewing.set(name, renewal)
      return await renewal
    },
    handlers: {
      'account.signIn': ({ name }) => begin(name),
      'account.signedIn': async ({ name }) => {
        const one = going.get(name)
        if (one) return await outcomeOf(name, one)
        const kept = await keptOf(name)
        return kept === null ? null : personOf(kept)
      },
      'account.signOut': async ({ name }) => {
        await end(name)
        const { people } = peopleOf(name)
        const kept = await keptOf(name)
        await parts.secrets.remove(secretOf(name))
        sessions.delete(name)
        if (kept !== null) await (await import('./sign-in-browser.ts')).revoke(people, kept.refreshToken)
        return null
      },
    } satisfies Pick<Handlers, 'account.signIn' | 'account.signedIn' | 'account.signOut'>,
    close: async (): Promise<void> => {
      await Promise.all([...going.keys()].map(end))
    },
  }
}

const usualLongestMs = 5 * 60_000
const how = (name: string): string => `Settings, Cloud accounts, ${name}: Sign in.`

function notPeopled(name: string) {
  return problem(
    'cloud/no-people',
    `"${name}" is not set up for signing in with the browser.`,
    'Give it the stack outputs SignIn, UserPoolClient, UserPool and IdentityPool, or use an AWS profile.',
  )
}

function signInFirst(name: string) {
  return problem('cloud/not-signed-in', `Nobody is signed in to "${name}".`, how(name))
}

function ranOut(name: string) {
  return problem('upload/expired', 'The sign-in ran out.', `${how(name)} What is verified is never sent again.`)
}
