import { z } from 'zod'

/** The app listens on one of these while a person signs in with the browser; the user pool sends people back to no other port. */
export const signInPorts = [47_121, 47_122, 47_123] as const

export const signedInPath = '/signed-in'

/** Where the browser brings a person back to. */
export function redirectOf(port: number): string {
  return `http://localhost:${port}${signedInPath}`
}

/** An account's user pool, by the stack's outputs: SignIn, UserPoolClient, UserPool and IdentityPool. Nothing of it is secret. */
export const People = z.object({
  signIn: z.url({ protocol: /^https?$/ }),
  client: z.string().regex(/^[A-Za-z0-9]{1,128}$/),
  userPool: z.string().regex(/^[a-z0-9-]{2,32}_[A-Za-z0-9]{1,64}$/),
  identityPool: z.string().regex(/^[a-z0-9-]{2,32}:[0-9a-f-]{36}$/),
})
export type People = z.infer<typeof People>

/** A person who is signed in to an account. `keptBy`: what holds the sign-in on this machine: the system's keychain, or a file of this user's. */
export type Person = { readonly mail: string; readonly since: string; readonly keptBy: 'system' | 'file' }
