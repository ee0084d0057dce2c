import type { Kit } from './kit.ts'

/** What the user can want of an account itself: who is signed in, and what it costs. */
export function accountIntents({ ask, during, mirror }: Kit) {
  return {
    /** Who is signed in. */
    personOf: (name: string) => ask('account.signedIn', { name }),
    /** Signs in with the browser; `atPage` hears the address where no browser could be opened. */
    signIn: (name: string, atPage: (url: string) => void) =>
      during(`sign-in ${name}`, async () => {
        const begun = await ask('account.signIn', { name })
        if (begun === undefined) return undefined
        if (!begun.opened) atPage(begun.url)
        const person = await ask('account.signedIn', { name })
        // The place in the bucket is the person's own from now on.
        const targets = await ask('targets.list', {})
        if (targets) mirror.set((state) => ({ ...state, targets }))
        return person
      }),
    /** Everything that costs money there now, whoever started it. */
    costsOf: (name: string) => during(`costs ${name}`, () => ask('account.costs', { name })),
    signOut: (name: string) => ask('account.signOut', { name }),
  }
}
